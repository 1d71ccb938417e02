"""Ways through the flows that several tests share."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_USER, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync.const import DOMAIN
from simulator import Simulator

from .conftest import API_KEY, BEN

ADA_FORM = {"name": "Ada", "number": "08183172770"}
BEN_FORM = {"name": "Ben", "number": BEN}
# What may be wrong with Ada's form, once there is Ben, and what is said of it.
WRONG_FORMS = [
    pytest.param({"name": " "}, {"name": "empty_name"}, id="no name"),
    pytest.param({"number": ""}, {"number": "number_empty"}, id="nothing"),
    pytest.param({"number": "Ada"}, {"number": "number_not_a_number"}, id="a word"),
    pytest.param(
        {"number": "0800123456"}, {"number": "number_not_valid"}, id="nobody's number"
    ),
    pytest.param(
        {"number": "80078000937"}, {"number": "number_ambiguous"}, id="two readings"
    ),
    pytest.param(
        {"number": "55019"}, {"number": "number_short_code"}, id="a short code"
    ),
    pytest.param({"number": "112"}, {"number": "number_emergency"}, id="an emergency"),
    pytest.param(
        {"number": "0803 123 4567"}, {"number": "duplicate"}, id="somebody else's"
    ),
    pytest.param(
        {"number": "0817 647 0634"}, {"number": "own_number"}, id="the house's own"
    ),
]


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


async def open_new_contact(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any]:
    """Open the form that adds a contact."""
    return await _open_new(hass, entry, "contact")


async def open_new_group(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any]:
    """Open the form that adds a group."""
    return await _open_new(hass, entry, "group")


async def _open_new(
    hass: HomeAssistant, entry: ConfigEntry, kind: str
) -> dict[str, Any]:
    result = await hass.config_entries.subentries.async_init(
        (entry.entry_id, kind), context={"source": SOURCE_USER}
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
    hass: HomeAssistant, entry: ConfigEntry, values: dict[str, Any]
) -> str:
    """Add a contact; return its id."""
    return await _add(hass, entry, await open_new_contact(hass, entry), values)


async def add_group(
    hass: HomeAssistant, entry: ConfigEntry, name: str, *members: str
) -> str:
    """Add a group of contacts, which are given by id; return its id."""
    values = {"name": name, "contacts": list(members)}
    return await _add(hass, entry, await open_new_group(hass, entry), values)


async def _add(
    hass: HomeAssistant,
    entry: ConfigEntry,
    shown: dict[str, Any],
    values: dict[str, Any],
) -> str:
    known = set(entry.subentries)
    result = await fill_contact_in(hass, shown, values)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (subentry_id,) = set(entry.subentries) - known
    return subentry_id


async def open_contact(
    hass: HomeAssistant, entry: MockConfigEntry, subentry_id: str
) -> dict[str, Any]:
    """Open the form that changes a contact or a group."""
    return dict(await entry.start_subentry_reconfigure_flow(hass, subentry_id))


async def remove(hass: HomeAssistant, entry: ConfigEntry, subentry_id: str) -> None:
    """Remove a contact or a group."""
    hass.config_entries.async_remove_subentry(entry, subentry_id)
    await hass.async_block_till_done()


async def set_up(hass: HomeAssistant, simulator: Simulator) -> dict[str, Any]:
    """Set a number up; return what the dialog that follows shows."""
    created = await submit(hass, await start(hass), key_form(simulator))
    assert created["type"] is FlowResultType.CREATE_ENTRY
    return await look_again(hass, {"flow_id": created["next_flow"][1]})


async def open_options(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any]:
    """Open the options of a number."""
    return dict(await hass.config_entries.options.async_init(entry.entry_id))


async def look_again(hass: HomeAssistant, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Reload the browser's page, which asks for what the options show."""
    return dict(await hass.config_entries.options.async_configure(shown["flow_id"]))


async def choose(
    hass: HomeAssistant, shown: Mapping[str, Any], choice: str
) -> dict[str, Any]:
    """Choose from the menu that the options show."""
    return await fill_options_in(hass, shown, {"next_step_id": choice})


async def fill_options_in(
    hass: HomeAssistant, shown: Mapping[str, Any], values: dict[str, Any]
) -> dict[str, Any]:
    """Fill in the form that the options show."""
    result = await hass.config_entries.options.async_configure(shown["flow_id"], values)
    await hass.async_block_till_done()
    return dict(result)


def assert_menu(result: Mapping[str, Any], step_id: str, *choices: str) -> None:
    """Assert which menu is shown, and what it offers."""
    assert result["type"] is FlowResultType.MENU
    assert result["step_id"] == step_id
    assert list(result["menu_options"]) == list(choices)


def configure(hass: HomeAssistant, entry: ConfigEntry, **options: Any) -> None:
    """Have options as after the first dialog, so that they are no guide any more."""
    hass.config_entries.async_update_entry(
        entry, options={"inbound": "webhook"} | options
    )


def webhook_url(shown: Mapping[str, Any]) -> str:
    """Return the address that is shown."""
    return str(shown["description_placeholders"]["webhook_url"])


def count_waiting() -> int:
    """Return how many tests of a webhook wait for a post."""
    names = [task.get_name() for task in asyncio.all_tasks()]
    return sum(name.startswith("Test of the webhook") for name in names)


def assert_waiting(result: Mapping[str, Any]) -> None:
    """Assert that the dialog tells what to do, and waits."""
    assert result["type"] is FlowResultType.SHOW_PROGRESS
    assert result["step_id"] == result["progress_action"] == "test_webhook"
    assert result["description_placeholders"] == {"number": "+234 817 647 0634"}


async def begin_test(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any]:
    """Begin a test."""
    shown = await choose(hass, await open_options(hass, entry), "test_webhook")
    assert_waiting(shown)
    assert count_waiting() == 1
    return shown


async def end_test(hass: HomeAssistant) -> None:
    """Let the test come to its end."""
    await hass.async_block_till_done(wait_background_tasks=True)
