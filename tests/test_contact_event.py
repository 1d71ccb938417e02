"""A contact's event entity: it tells what comes in from that contact, in time."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .conftest import ADA, BEN, captured, contact
from .doors import (
    CHI,
    SECOND_WEBHOOK_ID,
    act,
    add_second_line,
    entity_id,
    hook_up,
    state_of,
)
from .flows import add_contact, fill_contact_in, open_contact, remove
from .inbound.house import House, NewClient

ADA_EVENT, BEN_EVENT = "event.ada", "event.ben"


@pytest.fixture
def contacts() -> list[ConfigSubentryDataWithId]:
    """Know two people; Ada may give commands."""
    ada = contact("Ada", ADA, "ada", allow_commands=True)
    return [ada, contact("Ben", BEN, "ben")]


@pytest.fixture
async def house(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    hass_client_no_auth: NewClient,
) -> House:
    """Return a house that is up."""
    house = House(hass, entry, line, simulator, freezer, hass_client_no_auth)
    await house.set_up()
    return house


def told(hass: HomeAssistant, entity: str = ADA_EVENT) -> str | None:
    """Return what an event entity told last, if it told anything."""
    event_type: str | None = state_of(hass, entity).attributes["event_type"]
    return event_type


async def test_a_contact_s_entity_tells_texts_and_calls_of_that_contact(
    hass: HomeAssistant, house: House
) -> None:
    """With all that the bus event has; the other contact's stays silent."""
    assert state_of(hass, ADA_EVENT).state == "unknown"
    for came, event_type in (
        (house.text("Hello"), "sms_received"),
        (house.call(), "missed_call"),
        (house.call(seconds=7), "answered_call"),
    ):
        assert await house.post(came) == 200
        assert told(hass) == event_type
    assert told(hass, BEN_EVENT) is None
    await house.post(house.text("Hello"))
    attributes = state_of(hass, ADA_EVENT).attributes
    assert attributes["message"] == "Hello"
    assert (attributes["sender"], attributes["contact_id"]) == (ADA, "ada")
    assert attributes["event_types"] == ["sms_received", "missed_call", "answered_call"]
    assert (attributes["friendly_name"], attributes["occurrence"]) == ("Ada", 2)


async def test_a_contact_s_entity_tells_nothing_that_is_late(
    hass: HomeAssistant, house: House
) -> None:
    """What is past opens no gate; the line's entity for late arrivals has it."""
    text, call = house.text("Where are you?"), house.call()
    await house.look()
    await house.pass_time(120)
    assert {text.late(), call.late()} <= set(house.heard)
    assert told(hass) is None
    assert told(hass, entity_id("event", "late_arrivals")) is not None


@pytest.mark.parametrize("sender", [None, "MTN", "55019", CHI])
async def test_who_is_no_contact_is_told_by_no_contact_s_entity(
    hass: HomeAssistant,
    hooked: MockConfigEntry,
    line: Line,
    sender: str | None,
) -> None:
    """A withheld number is nobody's, nor is a name."""
    heard = captured(hass, "sms_received")
    assert await line.receive_sms(sender, "Hello") == [200]
    assert await line.receive_call(sender) == [200]
    assert [item.data["contact"] for item in heard] == [None]
    assert (told(hass), told(hass, BEN_EVENT)) == (None, None)
    assert told(hass, entity_id("event", "sms")) == "sms_received"


async def test_a_contact_s_entity_tells_nothing_of_what_was_sent_to_it(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    """Reports are the line's."""
    await act(hass, "send_sms", contacts="notify.ada", message="Hi")
    await act(hass, "make_call", contact="notify.ada")
    assert await line.report(line.sent[0].tracking_id, "DELIVERED") == [200]
    assert await line.answer(line.calls[0].call_id, answered=True) == [200]
    assert told(hass, entity_id("event", "delivery")) == "delivered"
    assert told(hass) is None


async def test_a_contact_that_is_new_gets_its_entity_at_once(
    hass: HomeAssistant,
    hooked: MockConfigEntry,
    line: Line,
    entity_registry: er.EntityRegistry,
) -> None:
    """On the device of its notify entity."""
    chi = await add_contact(hass, hooked, {"name": "Chi", "number": CHI})
    entities = [entity_registry.async_get(f"{it}.chi") for it in ("event", "notify")]
    assert {each and each.config_subentry_id for each in entities} == {chi}
    assert len({each and each.device_id for each in entities}) == 1
    await line.receive_sms(CHI, "Hello")
    assert told(hass, "event.chi") == "sms_received"


async def test_a_contact_s_entity_follows_its_number_and_goes_with_it(
    hass: HomeAssistant, house: House, entity_registry: er.EntityRegistry
) -> None:
    """Give Ada another number, then remove her."""
    shown = await open_contact(hass, house.entry, "ada")
    await fill_contact_in(hass, shown, {"name": "Ada", "number": CHI})
    await house.post(house.text("From the old one", ADA))
    assert told(hass) is None
    await house.post(house.text("From the new one", CHI))
    assert told(hass) == "sms_received"
    await remove(hass, house.entry, "ada")
    assert entity_registry.async_get(ADA_EVENT) is None
    assert hass.states.get(ADA_EVENT) is None


async def test_a_contact_of_one_line_is_not_told_of_by_another(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    hass_client_no_auth: Any,
) -> None:
    """Have Ada be a contact of both, and text one."""
    second, second_line = await add_second_line(hass, simulator)
    await add_contact(hass, second, {"name": "Ada", "number": ADA})
    hook_up(second_line, await hass_client_no_auth(), SECOND_WEBHOOK_ID)
    assert await second_line.receive_sms(ADA, "To the second") == [200]
    assert told(hass) is None
    assert told(hass, "event.ada_2") == "sms_received"


async def test_an_event_tells_who_may_give_commands(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    """Of texts and calls; whoever is not known may not."""
    texts, calls = captured(hass, "sms_received"), captured(hass, "call_received")
    for sender in (ADA, BEN, CHI, None):
        assert await line.receive_sms(sender, "Open") == [200]
        assert await line.receive_call(sender) == [200]
    for heard in (texts, calls):
        allowed = [item.data["allow_commands"] for item in heard]
        assert allowed == [True, False, False, False]
    assert state_of(hass, ADA_EVENT).attributes["allow_commands"] is True
    assert state_of(hass, BEN_EVENT).attributes["allow_commands"] is False


async def test_a_late_event_tells_who_may_give_commands_too(
    hass: HomeAssistant, house: House
) -> None:
    """Whoever acts on late ones decides by the same."""
    late = [captured(hass, f"{kind}_received_late") for kind in ("sms", "call")]
    for sender in (ADA, BEN):
        house.text("Open", sender)
        house.call(sender)
    await house.look()
    await house.pass_time(120)
    for heard in late:
        assert [item.data["allow_commands"] for item in heard] == [True, False]


async def test_a_report_does_not_tell_who_may_give_commands(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    """It is no command."""
    reports = captured(hass, "sms_status")
    await act(hass, "send_sms", contacts="notify.ada", message="Hi")
    await line.report(line.sent[0].tracking_id, "DELIVERED")
    assert ["allow_commands" in item.data for item in reports] == [False]


async def test_a_permission_that_is_changed_counts_from_the_next_text_on(
    hass: HomeAssistant, house: House
) -> None:
    """Give it, and take it."""
    allowed = captured(hass, "sms_received")
    for may in (True, False):
        shown = await open_contact(hass, house.entry, "ben")
        values = {"name": "Ben", "number": BEN, "allow_commands": may}
        await fill_contact_in(hass, shown, values)
        await house.post(house.text(f"Now {may}", BEN))
    assert [item.data["allow_commands"] for item in allowed] == [True, False]
