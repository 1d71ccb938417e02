"""The forms that add and change a group: what they offer, take and refuse."""

from typing import Any

from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .conftest import ADA, BEN, contact
from .doors import add_second_line
from .flows import (
    add_contact,
    add_group,
    assert_aborted,
    assert_form,
    fill_contact_in,
    open_contact,
    open_new_group,
    remove,
    suggested,
)

FAMILY = {"name": "Family", "contacts": ["ada", "ben"]}
WRONG_GROUPS = [
    pytest.param({"name": " "}, {"name": "empty_name"}, id="no name"),
    pytest.param({"contacts": []}, {"contacts": "nobody"}, id="nobody"),
    pytest.param(
        {"name": "", "contacts": []},
        {"name": "empty_name", "contacts": "nobody"},
        id="both",
    ),
]


@pytest.fixture
def contacts() -> list[ConfigSubentryDataWithId]:
    """Have two people in the phone book."""
    return [contact("Ada", ADA, "ada"), contact("Ben", BEN, "ben")]


def offered(shown: dict[str, Any]) -> dict[str, str]:
    """Return the contacts that a form offers: their ids and names."""
    selector = shown["data_schema"].schema["contacts"]
    return {item["value"]: item["label"] for item in selector.config["options"]}


async def test_a_group_is_added_from_the_contacts_there_are(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Type a name with too many blanks, and choose both."""
    shown = await open_new_group(hass, loaded)
    assert_form(shown, "user")
    assert offered(shown) == {"ada": "Ada", "ben": "Ben"}
    # What is not suggested is filled by the browser: with the first contact.
    assert suggested(shown, "contacts") == []

    result = await fill_contact_in(hass, shown, FAMILY | {"name": " The   Family "})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    (added,) = loaded.get_subentries_of_type("group")
    assert (added.title, added.unique_id) == ("The Family", None)
    assert dict(added.data) == {
        "contacts": ["ada", "ben"],
        "notify_action": "cecula_sync_0634_the_family",
    }


async def test_who_is_chosen_twice_is_in_a_group_once(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """A form takes what it is given."""
    family = await add_group(hass, loaded, "Family", "ben", "ada", "ben")
    assert loaded.subentries[family].data["contacts"] == ["ben", "ada"]


@pytest.mark.parametrize(("wrong", "errors"), WRONG_GROUPS)
async def test_a_wrong_form_is_told_and_overcome(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    wrong: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """Fill the form in wrongly, then rightly."""
    typed = FAMILY | wrong
    shown = await fill_contact_in(hass, await open_new_group(hass, loaded), typed)
    assert_form(shown, "user", errors)
    assert {name: suggested(shown, name) for name in typed} == typed
    assert not list(loaded.get_subentries_of_type("group"))

    result = await fill_contact_in(hass, shown, FAMILY)
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(("wrong", "errors"), WRONG_GROUPS)
async def test_a_wrong_change_is_told_and_overcome(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    wrong: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """Change a group wrongly, then rightly."""
    family = await add_group(hass, loaded, "Family", "ada")
    typed = FAMILY | wrong
    shown = await fill_contact_in(hass, await open_contact(hass, loaded, family), typed)
    assert_form(shown, "reconfigure", errors)
    assert {name: suggested(shown, name) for name in typed} == typed
    assert loaded.subentries[family].data["contacts"] == ["ada"]

    assert_aborted(await fill_contact_in(hass, shown, FAMILY), "group_changed")
    assert loaded.subentries[family].data["contacts"] == ["ada", "ben"]


async def test_a_group_gets_another_name_and_other_contacts(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """See the group as it is, and change it; its action stays."""
    family = await add_group(hass, loaded, "Family", "ada")
    shown = await open_contact(hass, loaded, family)
    assert_form(shown, "reconfigure")
    assert suggested(shown, "name") == "Family"
    assert suggested(shown, "contacts") == ["ada"]
    assert shown["description_placeholders"] == {
        "action": "notify.cecula_sync_0634_family"
    }

    changes = {"name": "Neighbours", "contacts": ["ben"]}
    assert_aborted(await fill_contact_in(hass, shown, changes), "group_changed")

    changed = loaded.subentries[family]
    assert changed.title == "Neighbours"
    assert dict(changed.data) == {
        "contacts": ["ben"],
        "notify_action": "cecula_sync_0634_family",
    }


async def test_without_a_contact_there_is_nothing_to_group(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Remove all contacts, before a form is opened and while two are open."""
    family = await add_group(hass, loaded, "Family", "ada")
    adding = await open_new_group(hass, loaded)
    changing = await open_contact(hass, loaded, family)
    await remove(hass, loaded, "ada")
    await remove(hass, loaded, "ben")

    assert_aborted(await fill_contact_in(hass, adding, FAMILY), "no_contacts")
    assert_aborted(await fill_contact_in(hass, changing, FAMILY), "no_contacts")
    assert_aborted(await open_new_group(hass, loaded), "no_contacts")


async def test_a_contact_that_is_removed_meanwhile_is_left_out(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Remove Ada while two forms that offer her are open."""
    family = await add_group(hass, loaded, "Family", "ada", "ben")
    adding = await open_new_group(hass, loaded)
    changing = await open_contact(hass, loaded, family)
    await remove(hass, loaded, "ada")

    only_ada = {"name": "Her", "contacts": ["ada"]}
    adding = await fill_contact_in(hass, adding, only_ada)
    assert_form(adding, "user", {"contacts": "nobody"})
    assert offered(adding) == {"ben": "Ben"}

    assert_aborted(await fill_contact_in(hass, changing, FAMILY), "group_changed")
    assert loaded.subentries[family].data["contacts"] == ["ben"]


async def test_a_contact_that_comes_meanwhile_is_offered_by_the_next_form(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Add one in another window."""
    shown = await open_new_group(hass, loaded)
    new = await add_contact(hass, loaded, {"name": "Chi", "number": "07055512345"})
    shown = await fill_contact_in(hass, shown, {"name": "", "contacts": ["ada"]})
    assert offered(shown) == {"ada": "Ada", "ben": "Ben", new: "Chi"}


async def test_the_contacts_of_another_line_are_not_offered_and_not_taken(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """A group sends by one SIM."""
    await add_second_line(hass, simulator)
    shown = await open_new_group(hass, loaded)
    assert offered(shown) == {"ada": "Ada", "ben": "Ben"}
    with pytest.raises(InvalidData):
        await fill_contact_in(hass, shown, {"name": "All", "contacts": ["ada", "chi"]})


@pytest.mark.parametrize("submitted", [True, False], ids=["submitted", "looked at"])
async def test_a_group_that_was_removed_meanwhile_can_t_be_changed(
    hass: HomeAssistant, loaded: MockConfigEntry, submitted: bool
) -> None:
    """Remove it while its form is open."""
    family = await add_group(hass, loaded, "Family", "ada")
    shown = await open_contact(hass, loaded, family)
    await remove(hass, loaded, family)
    result = await hass.config_entries.subentries.async_configure(
        shown["flow_id"], FAMILY if submitted else None
    )
    assert_aborted(result, "group_removed")
    assert loaded.subentries.keys() == {"ada", "ben"}


async def test_a_line_that_was_removed_meanwhile_gets_no_group(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Remove the entry while two forms are open."""
    family = await add_group(hass, loaded, "Family", "ada")
    adding = await open_new_group(hass, loaded)
    changing = await open_contact(hass, loaded, family)
    await hass.config_entries.async_remove(loaded.entry_id)
    assert_aborted(await fill_contact_in(hass, adding, FAMILY), "line_removed")
    assert_aborted(await fill_contact_in(hass, changing, FAMILY), "group_removed")


async def test_a_group_is_added_while_the_provider_is_out_of_reach(
    hass: HomeAssistant, entry: MockConfigEntry, line: Line
) -> None:
    """See its form without an action; the next set-up gives it one."""
    line.world.arm("drop", times=0)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    family = await add_group(hass, entry, "Family", "ada")
    shown = await open_contact(hass, entry, family)
    assert shown["description_placeholders"] == {"action": "notify.-"}

    line.world.disarm()
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert hass.services.has_service("notify", "cecula_sync_0634_family")
    assert hass.states.get("notify.family") is not None
