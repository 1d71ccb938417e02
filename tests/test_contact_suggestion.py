"""Who texted or called last and is unknown is who the next contact may be."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .conftest import ADA, BEN, NUMBER
from .doors import CHI, act
from .flows import (
    add_contact,
    assert_form,
    configure,
    fill_contact_in,
    open_contact,
    open_new_contact,
    remove,
    suggested,
)
from .inbound.house import House, NewClient


@pytest.fixture
async def house(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    hass_client_no_auth: NewClient,
) -> House:
    """Return a house that is up, and knows Ada."""
    house = House(hass, entry, line, simulator, freezer, hass_client_no_auth)
    await house.set_up()
    return house


async def suggestion(house: House) -> str | None:
    """Return the number that the form for a new contact is filled with."""
    shown = await open_new_contact(house.hass, house.entry)
    assert_form(shown, "user")
    assert suggested(shown, "name") is None
    number: str | None = suggested(shown, "number")
    house.hass.config_entries.subentries.async_abort(shown["flow_id"])
    return number


async def test_the_last_unknown_number_is_filled_in_and_can_be_taken(
    hass: HomeAssistant, house: House
) -> None:
    """Give it a name; then it is known, and the one before it is next."""
    assert await suggestion(house) is None
    await house.post(house.call(CHI))
    assert await suggestion(house) == CHI
    await house.pass_time(60)
    await house.post(house.text("It is Ben", BEN))
    shown = await open_new_contact(hass, house.entry)
    values = {"name": "Ben", "number": suggested(shown, "number")}
    await fill_contact_in(hass, shown, values)
    assert {each.unique_id for each in house.entry.subentries.values()} == {ADA, BEN}
    assert await suggestion(house) == CHI


async def test_what_somebody_typed_is_not_overwritten(
    hass: HomeAssistant, house: House
) -> None:
    """Neither in a form that is shown again nor in that of a contact there is."""
    await house.post(house.text("Hello", CHI))
    shown = await open_new_contact(hass, house.entry)
    shown = await fill_contact_in(hass, shown, {"name": "", "number": "0803"})
    assert suggested(shown, "number") == "0803"
    shown = await open_contact(hass, house.entry, "ada")
    assert suggested(shown, "number") == ADA


@pytest.mark.parametrize(
    "sender",
    [
        pytest.param(ADA, id="a contact"),
        pytest.param("0818 317 2770", id="a contact, spelt as dialled"),
        pytest.param("MTN", id="a name"),
        pytest.param("55019", id="a short code"),
        pytest.param("+55019", id="a short code with a plus"),
        pytest.param("+MTN", id="a name with a plus"),
        pytest.param("0800123456", id="nobody's number"),
    ],
)
async def test_who_can_be_no_new_contact_is_not_filled_in(
    house: House, sender: str
) -> None:
    """But whoever unknown came before is."""
    await house.post(house.text("Hello", CHI))
    await house.pass_time(60)
    await house.post(house.text("Hello", sender))
    await house.post(house.call(sender))
    assert await suggestion(house) == CHI


async def test_a_withheld_number_is_not_filled_in(house: House, line: Line) -> None:
    """It is none."""
    line.webhooks.set("")
    await line.receive_sms(None, "Hello")
    await line.receive_call(None)
    await house.look()
    await house.pass_time(120)
    assert await suggestion(house) is None


async def test_what_is_a_number_only_where_people_type_is_not_filled_in(
    hass: HomeAssistant, house: House
) -> None:
    """The provider writes numbers as they are dialled where the SIM is."""
    configure(hass, house.entry, country="GB")
    await house.post(house.text("Hello", "07911 123456"))
    assert await suggestion(house) is None


async def test_a_number_that_was_heard_late_is_filled_in(house: House) -> None:
    """Have its text be found by a look."""
    came = house.text("Hello", CHI)
    await house.look()
    await house.pass_time(120)
    assert house.heard == [came.late()]
    assert await suggestion(house) == CHI


async def test_a_number_that_was_only_sent_to_is_not_filled_in(
    hass: HomeAssistant, house: House
) -> None:
    """It did not come in."""
    await act(hass, "send_sms", recipients=CHI, message="Hi")
    await act(hass, "make_call", recipient=CHI)
    assert await suggestion(house) is None


async def test_a_contact_that_was_removed_is_unknown_again(
    hass: HomeAssistant, house: House
) -> None:
    """Its number is what is left in the conversation."""
    await house.post(house.text("Hello"))
    await remove(hass, house.entry, "ada")
    assert await suggestion(house) == ADA


async def test_nothing_is_filled_in_where_no_messages_are_kept(
    hass: HomeAssistant, house: House
) -> None:
    """Nor what came before they were no longer kept."""
    await house.post(house.text("Hello", CHI))
    configure(hass, house.entry, keep_messages=0)
    await hass.async_block_till_done()
    assert await suggestion(house) is None
    await house.post(house.text("Hello", BEN))
    assert await suggestion(house) is None


async def test_nothing_is_filled_in_while_the_line_is_not_loaded(
    hass: HomeAssistant, house: House
) -> None:
    """Its conversation can't be read then; a contact can be added all the same."""
    await house.post(house.text("Hello", CHI))
    assert await hass.config_entries.async_unload(house.entry.entry_id)
    assert await suggestion(house) is None
    await add_contact(hass, house.entry, {"name": "Chi", "number": CHI})
    assert NUMBER not in {each.unique_id for each in house.entry.subentries.values()}
