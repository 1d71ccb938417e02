"""Ways through the flows that several tests share."""

from collections.abc import Iterable, Mapping
from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync.const import DOMAIN
from simulator import Simulator

from .conftest import API_KEY, BEN

ADA_FORM = {"name": "Ada", "number": "08183172770"}
BEN_FORM = {"name": "Ben", "number": BEN}


def key_form(simulator: Simulator, **changes: Any) -> dict[str, Any]:
    """Return what a user enters first; changes are of any field."""
    values = {"api_key": API_KEY, "base_url": simulator.base_url, "verify_ssl": True}
    values |= changes
    return {"api_key": values.pop("api_key"), "server": values}


async def start(hass: HomeAssistant) -> dict[str, Any]:
    """Open the form that asks for a key."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert_form(result, "user")
    return dict(result)


async def submit(
    hass: HomeAssistant, shown: Mapping[str, Any], values: dict[str, Any]
) -> dict[str, Any]:
    """Fill in the form that is shown."""
    result = await hass.config_entries.flow.async_configure(shown["flow_id"], values)
    await hass.async_block_till_done()
    return dict(result)


async def submit_all(
    hass: HomeAssistant, shown: Mapping[str, Any], *forms: dict[str, Any]
) -> dict[str, Any]:
    """Fill in one form after the other."""
    result = dict(shown)
    for values in forms:
        result = await submit(hass, result, values)
    return result


def assert_form(
    result: Mapping[str, Any], step_id: str, errors: Mapping[str, str] | None = None
) -> None:
    """Assert which form is shown, and what it says is wrong."""
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == step_id
    assert (result["errors"] or {}) == (errors or {})


def assert_aborted(result: Mapping[str, Any], reason: str) -> None:
    """Assert why a flow ended without an entry."""
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == reason


def suggested(result: Mapping[str, Any], *path: str) -> Any:
    """Return what a field of a form is filled with, at a path through sections."""
    fields: Iterable[Any] = result["data_schema"].schema
    schema = result["data_schema"]
    for name in path[:-1]:
        schema = schema.schema[name].schema
        fields = schema.schema
    field = next(each for each in fields if each == path[-1])
    return (field.description or {}).get("suggested_value")


def reauth_flows(hass: HomeAssistant, entry: MockConfigEntry) -> list[dict[str, Any]]:
    """Return the flows that ask for another key of an entry."""
    return [
        dict(flow)
        for flow in hass.config_entries.flow.async_progress_by_handler(DOMAIN)
        if flow["context"]["source"] == SOURCE_REAUTH
        and flow["context"]["entry_id"] == entry.entry_id
    ]


async def open_new_contact(
    hass: HomeAssistant, entry: MockConfigEntry
) -> dict[str, Any]:
    """Open the form that adds a contact."""
    result = await hass.config_entries.subentries.async_init(
        (entry.entry_id, "contact"), context={"source": SOURCE_USER}
    )
    return dict(result)


async def fill_contact_in(
    hass: HomeAssistant, shown: dict[str, Any], values: dict[str, Any]
) -> dict[str, Any]:
    """Fill in the form that is shown."""
    result = await hass.config_entries.subentries.async_configure(
        shown["flow_id"], values
    )
    await hass.async_block_till_done()
    return dict(result)


async def add_contact(
    hass: HomeAssistant, entry: MockConfigEntry, values: dict[str, Any]
) -> str:
    """Add a contact; return its id."""
    known = set(entry.subentries)
    result = await fill_contact_in(hass, await open_new_contact(hass, entry), values)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (subentry_id,) = set(entry.subentries) - known
    return subentry_id


async def open_contact(
    hass: HomeAssistant, entry: MockConfigEntry, subentry_id: str
) -> dict[str, Any]:
    """Open the form that changes a contact."""
    return dict(await entry.start_subentry_reconfigure_flow(hass, subentry_id))
