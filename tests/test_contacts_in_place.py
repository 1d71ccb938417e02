"""What follows a contact at once: its device, its entity and its notify action."""

from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall, State
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync.const import DOMAIN
from simulator import Line, Simulator

from .conftest import ADA, BEN, entry_data
from .flows import ADA_FORM, BEN_FORM, add_contact, fill_contact_in, open_contact

LINE_ACTION = "cecula_sync_0634"


@pytest.fixture
def contacts() -> list[Any]:
    """Start with an empty phone book."""
    return []


def actions(hass: HomeAssistant) -> set[str]:
    """Return the notify actions that bear the integration's name."""
    known = hass.services.async_services_for_domain("notify")
    return {name for name in known if name.startswith("cecula_sync")}


def issues(hass: HomeAssistant) -> set[str]:
    """Return what the integration asks the user to repair."""
    return {
        issue_id for domain, issue_id in ir.async_get(hass).issues if domain == DOMAIN
    }


def state_of(hass: HomeAssistant, entity_id: str) -> State:
    """Return a state that must be there."""
    state = hass.states.get(entity_id)
    assert state is not None
    return state


def device_of(
    hass: HomeAssistant, entry: MockConfigEntry, subentry_id: str
) -> dr.DeviceEntry | None:
    """Return the device of a contact."""
    identifier = (DOMAIN, f"{entry.entry_id}_{subentry_id}")
    return dr.async_get(hass).async_get_device_by_identifier(identifier, entry.entry_id)


async def rename(
    hass: HomeAssistant, entry: MockConfigEntry, subentry_id: str, **changes: str
) -> None:
    """Change a contact."""
    shown = await open_contact(hass, entry, subentry_id)
    await fill_contact_in(hass, shown, ADA_FORM | changes)


async def remove(hass: HomeAssistant, entry: MockConfigEntry, subentry_id: str) -> None:
    """Remove a contact."""
    hass.config_entries.async_remove_subentry(entry, subentry_id)
    await hass.async_block_till_done()


async def notify(hass: HomeAssistant, action: str, message: str) -> None:
    """Call a legacy notify action."""
    await hass.services.async_call(
        "notify", action, {"message": message}, blocking=True
    )


def register_foreign(hass: HomeAssistant, action: str) -> list[ServiceCall]:
    """Have another integration register a notify action; return its calls."""
    calls: list[ServiceCall] = []
    hass.services.async_register("notify", action, calls.append)
    return calls


async def test_a_change_of_contacts_reloads_nothing(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """Add, change and remove a contact."""
    runtime, asked = loaded.runtime_data, len(line.requests)
    ada = await add_contact(hass, loaded, ADA_FORM)
    await rename(hass, loaded, ada, name="Ada Obi", number=BEN)
    await remove(hass, loaded, ada)
    assert loaded.runtime_data is runtime
    assert len(line.requests) == asked


async def test_a_new_contact_has_a_device_an_entity_and_an_action(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    entity_registry: er.EntityRegistry,
) -> None:
    """Add a contact, and send to it in both ways."""
    ada = await add_contact(hass, loaded, ADA_FORM)

    device = device_of(hass, loaded, ada)
    assert device is not None
    line_device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, loaded.entry_id), loaded.entry_id
    )
    assert line_device is not None
    assert (device.name, device.via_device_id) == ("Ada", line_device.id)
    entity = entity_registry.async_get("notify.ada")
    assert entity is not None
    assert (entity.config_subentry_id, entity.device_id) == (ada, device.id)
    assert actions(hass) == {LINE_ACTION, "cecula_sync_0634_ada"}

    await hass.services.async_call(
        "notify",
        "send_message",
        {"entity_id": "notify.ada", "message": "by entity"},
        blocking=True,
    )
    await notify(hass, "cecula_sync_0634_ada", "by action")
    assert [(each.recipient, each.text) for each in line.sent] == [
        (ADA, "by entity"),
        (ADA, "by action"),
    ]


async def test_a_changed_contact_keeps_its_entity_and_action(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """Change both name and number."""
    ada = await add_contact(hass, loaded, ADA_FORM)
    await rename(hass, loaded, ada, name="Ada Obi", number=BEN)

    device = device_of(hass, loaded, ada)
    assert device is not None
    assert (device.name, device.model) == ("Ada Obi", None)
    assert device.serial_number == BEN
    assert state_of(hass, "notify.ada").name == "Ada Obi"
    assert actions(hass) == {LINE_ACTION, "cecula_sync_0634_ada"}

    await notify(hass, "cecula_sync_0634_ada", "Hello")
    assert [each.recipient for each in line.sent] == [BEN]


async def test_a_removed_contact_leaves_nothing(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> None:
    """Remove one of two."""
    ada = await add_contact(hass, loaded, ADA_FORM)
    await add_contact(hass, loaded, BEN_FORM)
    await remove(hass, loaded, ada)

    assert device_of(hass, loaded, ada) is None
    assert entity_registry.async_get("notify.ada") is None
    assert hass.states.get("notify.ada") is None
    assert actions(hass) == {LINE_ACTION, "cecula_sync_0634_ben"}


async def test_a_contact_that_comes_back_is_a_new_one(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """Remove a contact and add it again."""
    ada = await add_contact(hass, loaded, ADA_FORM)
    await remove(hass, loaded, ada)
    assert await add_contact(hass, loaded, ADA_FORM) != ada

    assert state_of(hass, "notify.ada").name == "Ada"
    await notify(hass, "cecula_sync_0634_ada", "Welcome back")
    assert [each.recipient for each in line.sent] == [ADA]


async def test_names_that_look_alike_are_two_actions(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """Add Ada and ada!."""
    await add_contact(hass, loaded, ADA_FORM)
    await add_contact(hass, loaded, {"name": "ada!", "number": BEN})

    assert actions(hass) == {
        LINE_ACTION,
        "cecula_sync_0634_ada",
        "cecula_sync_0634_ada_2",
    }
    await notify(hass, "cecula_sync_0634_ada_2", "to the second")
    assert [each.recipient for each in line.sent] == [BEN]


async def test_an_action_keeps_its_name_over_rename_and_reload(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """Rename and remove until the names suggest others."""
    first = await add_contact(hass, loaded, ADA_FORM)
    second = await add_contact(hass, loaded, {"name": "ada!", "number": BEN})
    await rename(hass, loaded, first, name="Chi")
    await remove(hass, loaded, first)
    await rename(hass, loaded, second, name="Ada", number=BEN)
    assert await hass.config_entries.async_reload(loaded.entry_id)

    assert actions(hass) == {LINE_ACTION, "cecula_sync_0634_ada_2"}
    await notify(hass, "cecula_sync_0634_ada_2", "still me")
    assert [each.recipient for each in line.sent] == [BEN]


async def test_a_line_with_the_same_last_digits_has_names_of_its_own(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, line: Line
) -> None:
    """Have a contact bear the name that a second line would get."""
    await add_contact(hass, loaded, {"name": "2", "number": ADA})
    number = "+2348091110634"
    other_line = simulator.add_line(api_key="CCL.other", msisdn=number)
    other = MockConfigEntry(
        domain=DOMAIN,
        unique_id=number,
        data=entry_data(
            simulator, api_key="CCL.other", number=number, webhook_id="f00d" * 16
        ),
    )
    other.add_to_hass(hass)
    assert await hass.config_entries.async_setup(other.entry_id)
    await add_contact(hass, other, ADA_FORM)

    assert actions(hass) == {
        LINE_ACTION,
        "cecula_sync_0634_2",
        "cecula_sync_0634_3",
        "cecula_sync_0634_3_ada",
    }
    await notify(hass, "cecula_sync_0634_3_ada", "from the other")
    assert (len(line.sent), len(other_line.sent)) == (0, 1)

    assert await hass.config_entries.async_unload(other.entry_id)
    assert actions(hass) == {LINE_ACTION, "cecula_sync_0634_2"}


async def test_an_unloaded_line_leaves_no_action_of_its_own(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Unload the entry; core's actions stay."""
    await add_contact(hass, loaded, ADA_FORM)
    others = set(hass.services.async_services_for_domain("notify")) - actions(hass)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    assert set(hass.services.async_services_for_domain("notify")) == others


async def test_an_action_of_somebody_else_is_left_alone_and_told(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """A name was allocated, and at the next start another integration has it."""
    ada = await add_contact(hass, loaded, ADA_FORM)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    calls = register_foreign(hass, "cecula_sync_0634_ada")
    await hass.config_entries.async_setup(loaded.entry_id)

    assert issues(hass) == {f"notify_action_taken_{ada}"}
    await notify(hass, "cecula_sync_0634_ada", "not ours")
    assert (len(calls), len(line.sent)) == (1, 0)

    assert await hass.config_entries.async_unload(loaded.entry_id)
    assert issues(hass) == set()
    assert hass.services.has_service("notify", "cecula_sync_0634_ada")


async def test_an_action_that_is_free_again_is_taken(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """Let the other one go, then change something."""
    await add_contact(hass, loaded, ADA_FORM)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    register_foreign(hass, "cecula_sync_0634_ada")
    await hass.config_entries.async_setup(loaded.entry_id)
    hass.services.async_remove("notify", "cecula_sync_0634_ada")

    await add_contact(hass, loaded, BEN_FORM)

    assert issues(hass) == set()
    await notify(hass, "cecula_sync_0634_ada", "ours again")
    assert [each.recipient for each in line.sent] == [ADA]


async def test_a_removed_contact_takes_its_issue_along(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Remove the contact whose name is taken."""
    ada = await add_contact(hass, loaded, ADA_FORM)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    register_foreign(hass, "cecula_sync_0634_ada")
    await hass.config_entries.async_setup(loaded.entry_id)

    await remove(hass, loaded, ada)

    assert issues(hass) == set()
    assert hass.services.has_service("notify", "cecula_sync_0634_ada")
