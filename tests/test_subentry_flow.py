"""Contacts come, change and go, in place: the line never stops listening."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line

from .conftest import ADA, BEN
from .flows import (
    ADA_FORM,
    BEN_FORM,
    WRONG_FORMS,
    add_contact,
    assert_aborted,
    assert_form,
    configure,
    fill_contact_in,
    open_contact,
    open_new_contact,
    suggested,
)


@pytest.fixture
def contacts() -> list[Any]:
    """Start with an empty phone book."""
    return []


async def test_a_contact_is_added_and_its_number_shown_back(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Type a number as it is dialled, and a name with too many blanks."""
    shown = await open_new_contact(hass, loaded)
    assert_form(shown, "user")

    result = await fill_contact_in(
        hass, shown, {"name": "  Ada   Obi ", "number": "0818 3172770"}
    )

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["description"] == "created"
    assert result["description_placeholders"] == {"number": ADA}
    (added,) = loaded.subentries.values()
    assert (added.title, added.unique_id) == ("Ada Obi", ADA)
    assert added.data["number"] == ADA


async def test_a_number_is_read_in_the_country_of_the_house(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Type a British number in Britain."""
    hass.config.country = "GB"
    await add_contact(hass, loaded, {"name": "Ada", "number": "07911 123456"})
    (added,) = loaded.subentries.values()
    assert added.unique_id == "+447911123456"


async def test_the_country_of_the_options_comes_before_that_of_the_house(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Type a British number in Nigeria."""
    configure(hass, loaded, country="GB")
    await add_contact(hass, loaded, {"name": "Ada", "number": "07911 123456"})
    (added,) = loaded.subentries.values()
    assert added.unique_id == "+447911123456"


async def test_without_a_country_a_number_is_read_in_that_of_the_sim(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Type a Nigerian number where no country is set."""
    hass.config.country = None
    await add_contact(hass, loaded, ADA_FORM)
    (added,) = loaded.subentries.values()
    assert added.unique_id == ADA


EMPTY_FORM = pytest.param(
    {"name": "", "number": ""},
    {"name": "empty_name", "number": "number_empty"},
    id="both",
)


@pytest.mark.parametrize(("wrong", "errors"), [*WRONG_FORMS, EMPTY_FORM])
async def test_a_wrong_form_is_told_and_overcome(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    wrong: dict[str, str],
    errors: dict[str, str],
) -> None:
    """Fill the form in wrongly, then rightly."""
    await add_contact(hass, loaded, BEN_FORM)
    typed = ADA_FORM | wrong
    shown = await fill_contact_in(hass, await open_new_contact(hass, loaded), typed)
    assert_form(shown, "user", errors)
    assert {name: suggested(shown, name) for name in typed} == typed
    assert len(loaded.subentries) == 1

    result = await fill_contact_in(hass, shown, ADA_FORM)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert {each.unique_id for each in loaded.subentries.values()} == {ADA, BEN}


@pytest.mark.parametrize(("wrong", "errors"), [*WRONG_FORMS, EMPTY_FORM])
async def test_a_wrong_change_is_told_and_overcome(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    wrong: dict[str, str],
    errors: dict[str, str],
) -> None:
    """Change a contact wrongly, then rightly."""
    await add_contact(hass, loaded, BEN_FORM)
    ada = await add_contact(hass, loaded, ADA_FORM)
    typed = ADA_FORM | wrong
    shown = await fill_contact_in(hass, await open_contact(hass, loaded, ada), typed)
    assert_form(shown, "reconfigure", errors)
    assert {name: suggested(shown, name) for name in typed} == typed
    assert loaded.subentries[ada].unique_id == ADA

    assert_aborted(await fill_contact_in(hass, shown, ADA_FORM), "contact_changed")


async def test_a_contact_gets_another_name_and_number(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """See the contact as it is, and change it; its action stays."""
    ada = await add_contact(hass, loaded, ADA_FORM)
    shown = await open_contact(hass, loaded, ada)
    assert_form(shown, "reconfigure")
    assert suggested(shown, "name") == "Ada"
    assert suggested(shown, "number") == ADA
    assert shown["description_placeholders"] == {
        "action": "notify.cecula_sync_0634_ada"
    }

    result = await fill_contact_in(
        hass, shown, {"name": "Ada Obi", "number": "07055512345"}
    )

    assert_aborted(result, "contact_changed")
    changed = loaded.subentries[ada]
    assert (changed.title, changed.unique_id) == ("Ada Obi", "+2347055512345")
    assert dict(changed.data) == {
        "number": "+2347055512345",
        "allow_commands": False,
        "notify_action": "cecula_sync_0634_ada",
    }


async def test_a_contact_may_give_commands_only_if_somebody_says_so(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Add one with, one without; change both."""
    ada = await add_contact(hass, loaded, ADA_FORM | {"allow_commands": True})
    ben = await add_contact(hass, loaded, BEN_FORM)
    for contact_id, form, may in ((ada, ADA_FORM, True), (ben, BEN_FORM, False)):
        assert loaded.subentries[contact_id].data["allow_commands"] is may
        shown = await open_contact(hass, loaded, contact_id)
        assert suggested(shown, "allow_commands") is may
        await fill_contact_in(hass, shown, form | {"allow_commands": not may})
        assert loaded.subentries[contact_id].data["allow_commands"] is not may


async def test_a_contact_of_before_there_were_commands_may_give_none(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Have one that does not say, look at it, and save it as it is shown."""
    ada = await add_contact(hass, loaded, ADA_FORM)
    hass.config_entries.async_update_subentry(
        loaded, loaded.subentries[ada], data={"number": ADA}
    )
    shown = await open_contact(hass, loaded, ada)
    assert suggested(shown, "allow_commands") is None
    assert shown["data_schema"](ADA_FORM)["allow_commands"] is False
    await fill_contact_in(hass, shown, ADA_FORM)
    assert loaded.subentries[ada].data["allow_commands"] is False


async def test_a_number_that_is_free_again_may_be_taken(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Give Ada the number that Ben had."""
    ada = await add_contact(hass, loaded, ADA_FORM)
    ben = await add_contact(hass, loaded, BEN_FORM)
    hass.config_entries.async_remove_subentry(loaded, ben)
    await hass.async_block_till_done()

    shown = await open_contact(hass, loaded, ada)
    assert_aborted(await fill_contact_in(hass, shown, BEN_FORM), "contact_changed")
    assert loaded.subentries[ada].unique_id == BEN


@pytest.mark.parametrize("submitted", [True, False], ids=["submitted", "looked at"])
async def test_a_contact_that_was_removed_meanwhile_can_t_be_changed(
    hass: HomeAssistant, loaded: MockConfigEntry, submitted: bool
) -> None:
    """Remove it while its form is open."""
    ada = await add_contact(hass, loaded, ADA_FORM)
    shown = await open_contact(hass, loaded, ada)
    hass.config_entries.async_remove_subentry(loaded, ada)
    await hass.async_block_till_done()

    values = ADA_FORM if submitted else None
    result = await hass.config_entries.subentries.async_configure(
        shown["flow_id"], values
    )

    assert_aborted(result, "contact_removed")
    assert loaded.subentries == {}


async def test_a_line_that_was_removed_meanwhile_gets_no_contact(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Remove the entry while two forms are open."""
    ada = await add_contact(hass, loaded, ADA_FORM)
    adding = await open_new_contact(hass, loaded)
    changing = await open_contact(hass, loaded, ada)
    await hass.config_entries.async_remove(loaded.entry_id)

    assert_aborted(await fill_contact_in(hass, adding, BEN_FORM), "line_removed")
    assert_aborted(await fill_contact_in(hass, changing, BEN_FORM), "contact_removed")


async def test_a_contact_is_added_while_the_provider_is_out_of_reach(
    hass: HomeAssistant, entry: MockConfigEntry, line: Line
) -> None:
    """The set-up may have failed; the phone book is the house's own."""
    line.world.arm("drop", times=0)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    ada = await add_contact(hass, entry, ADA_FORM)

    line.world.disarm()
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert hass.services.has_service("notify", "cecula_sync_0634_ada")
    assert entry.subentries[ada].data["notify_action"] == "cecula_sync_0634_ada"
