"""Groups live in place: what follows a change of one, or of a contact in it."""

from typing import Any

from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync.const import DOMAIN
from simulator import Line, Simulator

from .conftest import ADA, BEN, contact
from .doors import CHI, act, placeholders_of, state_of
from .flows import add_group, fill_contact_in, open_contact, remove

FAMILY = "cecula_sync_0634_family"


@pytest.fixture
def contacts() -> list[ConfigSubentryDataWithId]:
    """Have two people in the phone book, and no group."""
    return [contact("Ada", ADA, "ada"), contact("Ben", BEN, "ben")]


@pytest.fixture
async def family(hass: HomeAssistant, loaded: MockConfigEntry) -> str:
    """Return the id of a group of both."""
    return await add_group(hass, loaded, "Family", "ada", "ben")


async def change(
    hass: HomeAssistant, entry: MockConfigEntry, subentry_id: str, **values: Any
) -> None:
    """Change a contact or a group by its form."""
    shown = await open_contact(hass, entry, subentry_id)
    await fill_contact_in(hass, shown, values)


async def notify(hass: HomeAssistant, action: str = FAMILY) -> None:
    """Call a legacy notify action."""
    await hass.services.async_call("notify", action, {"message": "Hi"}, blocking=True)


def reached(line: Line) -> list[str]:
    """Return whom the provider sent to."""
    return [sms.recipient for sms in line.sent]


def members(entry: MockConfigEntry, group_id: str) -> list[str]:
    """Return who is in a group."""
    found: list[str] = entry.subentries[group_id].data["contacts"]
    return found


def actions(hass: HomeAssistant) -> set[str]:
    """Return the legacy notify actions of the line."""
    known = hass.services.async_services_for_domain("notify")
    return {name for name in known if name.startswith("cecula_sync")}


def empty_groups(hass: HomeAssistant) -> str | None:
    """Return which groups the repair issue names, if there is one."""
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "empty_group_line_one")
    return (issue.translation_placeholders or {})["groups"] if issue else None


async def test_a_change_of_groups_reloads_nothing(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """Add, change and remove a group."""
    runtime, asked = loaded.runtime_data, len(line.requests)
    family = await add_group(hass, loaded, "Family", "ada")
    await change(hass, loaded, family, name="House", contacts=["ben"])
    await remove(hass, loaded, family)
    assert loaded.runtime_data is runtime
    assert len(line.requests) == asked


async def test_a_new_group_has_a_device_an_entity_and_an_action(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    family: str,
    entity_registry: er.EntityRegistry,
    device_registry: dr.DeviceRegistry,
) -> None:
    """It has no event entity: what comes in comes from one person."""
    entities = er.async_entries_for_config_entry(entity_registry, loaded.entry_id)
    (entity,) = (each for each in entities if each.config_subentry_id == family)
    assert (entity.entity_id, entity.translation_key) == ("notify.family", "group")
    device = device_registry.async_get(entity.device_id or "")
    assert isinstance(device, dr.DeviceEntry)
    assert (device.name, device.model) == ("Family", None)
    assert device.serial_number is None
    assert state_of(hass, "notify.family").name == "Family"
    assert FAMILY in actions(hass)


async def test_a_changed_group_keeps_its_entity_and_action(
    hass: HomeAssistant, loaded: MockConfigEntry, family: str, line: Line
) -> None:
    """Change both name and contacts."""
    await change(hass, loaded, family, name="House", contacts=["ben"])
    assert state_of(hass, "notify.family").name == "House"
    await notify(hass)
    assert reached(line) == [BEN]


async def test_a_removed_group_leaves_nothing_but_its_contacts(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    family: str,
    entity_registry: er.EntityRegistry,
) -> None:
    """Remove it."""
    await remove(hass, loaded, family)
    assert entity_registry.async_get("notify.family") is None
    assert hass.states.get("notify.family") is None
    assert actions(hass) == {f"cecula_sync_0634{who}" for who in ("", "_ada", "_ben")}
    assert hass.states.get("notify.ada") is not None


async def test_a_group_follows_the_name_and_number_of_its_contact(
    hass: HomeAssistant, loaded: MockConfigEntry, family: str, line: Line
) -> None:
    """Change Ada's; the group is not touched."""
    await change(hass, loaded, "ada", name="Ada Obi", number=CHI)
    sent = await act(hass, "send_sms", contacts="notify.family", message="Hi")
    assert [(item["recipient"], item["contact"]) for item in sent["recipients"]] == [
        (CHI, "Ada Obi"),
        (BEN, "Ben"),
    ]
    assert reached(line) == [CHI, BEN]


async def test_a_removed_contact_leaves_its_groups_at_once(
    hass: HomeAssistant, loaded: MockConfigEntry, family: str, line: Line
) -> None:
    """One group loses her, the other stays as it is."""
    other = await add_group(hass, loaded, "Other", "ben")
    await remove(hass, loaded, "ada")
    assert (members(loaded, family), members(loaded, other)) == (["ben"], ["ben"])
    assert loaded.subentries[family].data["notify_action"] == FAMILY
    await notify(hass)
    assert reached(line) == [BEN]
    assert empty_groups(hass) is None


async def test_a_contact_that_is_removed_while_nobody_listens_leaves_its_groups_later(
    hass: HomeAssistant, loaded: MockConfigEntry, family: str, line: Line
) -> None:
    """Unload the line, remove Ada, load it again."""
    assert await hass.config_entries.async_unload(loaded.entry_id)
    await remove(hass, loaded, "ada")
    assert members(loaded, family) == ["ada", "ben"]
    assert await hass.config_entries.async_setup(loaded.entry_id)
    await hass.async_block_till_done()
    assert members(loaded, family) == ["ben"]
    await notify(hass)
    assert reached(line) == [BEN]


async def test_a_removed_contact_that_is_written_back_is_taken_out_again(
    hass: HomeAssistant, loaded: MockConfigEntry, family: str, line: Line
) -> None:
    """Whoever wrote it; nobody is sent to twice or in vain meanwhile."""
    await remove(hass, loaded, "ada")
    data = {**loaded.subentries[family].data, "contacts": ["ada", "ben", "ben"]}
    hass.config_entries.async_update_subentry(
        loaded, loaded.subentries[family], data=data
    )
    await notify(hass)
    await hass.async_block_till_done()
    assert reached(line) == [BEN]
    assert members(loaded, family) == ["ben"]


async def test_who_stands_twice_in_a_group_is_texted_once(
    hass: HomeAssistant, loaded: MockConfigEntry, family: str, line: Line
) -> None:
    """Have it on disk so, from whatever wrote it; the next set-up mends it."""
    assert await hass.config_entries.async_unload(loaded.entry_id)
    data = {**loaded.subentries[family].data, "contacts": ["ada", "ben", "ada"]}
    hass.config_entries.async_update_subentry(
        loaded, loaded.subentries[family], data=data
    )
    assert await hass.config_entries.async_setup(loaded.entry_id)
    await notify(hass)
    assert reached(line) == [ADA, BEN]
    await hass.async_block_till_done()
    assert members(loaded, family) == ["ada", "ben"]


async def test_an_empty_group_is_told_and_sends_nothing(
    hass: HomeAssistant, loaded: MockConfigEntry, family: str, simulator: Simulator
) -> None:
    """By none of the ways that lead to it; and a number in its name is masked."""
    await change(hass, loaded, family, name="0818 317 2770", contacts=["ada"])
    await remove(hass, loaded, "ada")
    assert empty_groups(hass) == "0818 317 2770"
    picked = {"contacts": "notify.family", "message": "Hi"}
    entity = {"entity_id": "notify.family", "message": "Hi"}
    for domain, action, data in (
        (DOMAIN, "send_sms", picked),
        (DOMAIN, "make_call", {"contact": "notify.family"}),
        ("notify", "send_message", entity),
        ("notify", FAMILY, {"message": "Hi"}),
    ):
        with pytest.raises(ServiceValidationError) as caught:
            await hass.services.async_call(domain, action, data, blocking=True)
        assert caught.value.translation_key == "empty_group"
        assert placeholders_of(caught) == {"group": "081…770"}
    assert simulator.requests_to("send-sms") == []
    assert simulator.requests_to("flash-number") == []
    assert state_of(hass, "notify.family").state == "unknown"


async def test_the_issue_of_empty_groups_names_those_that_are_left(
    hass: HomeAssistant, loaded: MockConfigEntry, family: str
) -> None:
    """Empty two, fill one, remove the other."""
    other = await add_group(hass, loaded, "Other", "ada")
    await change(hass, loaded, family, name="Family", contacts=["ada"])
    await remove(hass, loaded, "ada")
    assert empty_groups(hass) == "Family, Other"
    await change(hass, loaded, family, name="Family", contacts=["ben"])
    assert empty_groups(hass) == "Other"
    await remove(hass, loaded, other)
    assert empty_groups(hass) is None


async def test_an_empty_group_is_told_again_after_a_start_and_goes_with_the_line(
    hass: HomeAssistant, loaded: MockConfigEntry, family: str
) -> None:
    """A restart forgets what was to be repaired."""
    await change(hass, loaded, family, name="Family", contacts=["ada"])
    await remove(hass, loaded, "ada")
    ir.async_delete_issue(hass, DOMAIN, "empty_group_line_one")
    assert await hass.config_entries.async_reload(loaded.entry_id)
    assert empty_groups(hass) == "Family"
    await hass.config_entries.async_remove(loaded.entry_id)
    assert empty_groups(hass) is None
