"""The first time, the options lead on from the set-up."""

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync.const import DOMAIN
from simulator import Line, Simulator

from .conftest import ADA, BEN
from .flows import (
    ADA_FORM,
    BEN_FORM,
    WRONG_FORMS,
    add_contact,
    assert_aborted,
    assert_form,
    assert_menu,
    choose,
    fill_options_in,
    open_options,
    set_up,
    suggested,
    webhook_url,
)

PUBLIC = "https://house.example"


async def test_the_guide_leads_from_the_address_to_the_first_contact(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """Set a number up, paste the address, go on, add Ada, text her nothing."""
    hass.config.country = "NG"
    hass.config.external_url = PUBLIC
    shown = await set_up(hass, simulator)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert_menu(shown, "webhook", "test_webhook", "go_on")
    assert webhook_url(shown) == f"{PUBLIC}/api/webhook/{entry.data['webhook_id']}"

    shown = await choose(hass, shown, "go_on")
    assert_form(shown, "contact")
    shown = await fill_options_in(hass, shown, ADA_FORM)
    assert_form(shown, "first_text")
    result = await fill_options_in(hass, shown, {})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {"inbound": "webhook"}
    (added,) = entry.subentries.values()
    assert (added.title, added.unique_id) == ("Ada", ADA)
    assert added.data["number"] == ADA
    assert added.data["allow_commands"] is False
    assert hass.services.has_service("notify", "cecula_sync_0634_ada")
    assert (await open_options(hass, entry))["step_id"] == "init"


@pytest.mark.parametrize(
    "empty", [{}, {"name": "", "number": ""}, {"name": "  "}], ids=str
)
async def test_the_first_contact_may_wait(
    hass: HomeAssistant, simulator: Simulator, line: Line, empty: dict[str, str]
) -> None:
    """Leave the form empty."""
    shown = await choose(hass, await set_up(hass, simulator), "go_on")
    result = await fill_options_in(hass, shown, empty)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.subentries == {}
    assert entry.options == {"inbound": "webhook"}


async def test_the_first_contact_may_give_commands(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """Else the first gate would stay shut for it."""
    hass.config.country = "NG"
    shown = await choose(hass, await set_up(hass, simulator), "go_on")
    await fill_options_in(hass, shown, ADA_FORM | {"allow_commands": True})
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    (added,) = entry.subentries.values()
    assert added.data["allow_commands"] is True


@pytest.mark.parametrize(("wrong", "errors"), WRONG_FORMS)
async def test_a_wrong_first_contact_is_told_and_overcome(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    wrong: dict[str, str],
    errors: dict[str, str],
) -> None:
    """Fill the form in wrongly, then rightly; Ben was added in another window."""
    hass.config.country = "NG"
    shown = await choose(hass, await set_up(hass, simulator), "go_on")
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await add_contact(hass, entry, BEN_FORM)

    typed = ADA_FORM | wrong
    shown = await fill_options_in(hass, shown, typed)
    assert_form(shown, "contact", errors)
    assert {name: suggested(shown, name) for name in typed} == typed

    await fill_options_in(hass, shown, ADA_FORM)
    assert {each.unique_id for each in entry.subentries.values()} == {ADA, BEN}


async def test_a_guide_that_was_closed_is_there_again(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Open the options of a number that went through none; it has a contact."""
    hass.config.external_url = None
    shown = await open_options(hass, loaded)
    hass.config_entries.options.async_abort(shown["flow_id"])
    shown = await open_options(hass, loaded)
    assert shown["step_id"] == "no_webhook"

    result = await choose(hass, shown, "go_on")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert loaded.options == {"inbound": "webhook"}


async def test_without_a_public_address_polling_is_offered(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """Choose it, and skip the contact."""
    shown = await choose(hass, await set_up(hass, simulator), "use_polling")
    assert_form(shown, "contact")
    await fill_options_in(hass, shown, {})
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.options == {"inbound": "polling"}


async def test_who_chose_polling_and_closes_the_dialog_has_it(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """And is not asked again."""
    shown = await choose(hass, await set_up(hass, simulator), "use_polling")
    assert_form(shown, "contact")
    hass.config_entries.options.async_abort(shown["flow_id"])
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.options == {"inbound": "polling"}
    assert (await open_options(hass, entry))["step_id"] == "init"


@pytest.mark.parametrize("ending", ["async_unload", "async_remove"])
async def test_a_number_that_is_gone_gets_no_first_contact(
    hass: HomeAssistant, simulator: Simulator, line: Line, ending: str
) -> None:
    """Unload or remove it while the guide asks for one."""
    shown = await choose(hass, await set_up(hass, simulator), "go_on")
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert await getattr(hass.config_entries, ending)(entry.entry_id)
    assert_aborted(await fill_options_in(hass, shown, ADA_FORM), "not_loaded")
    assert entry.subentries == {}
