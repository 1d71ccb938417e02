"""The conversation on a dashboard: when the last message was, and the last few."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.cecula_sync import history
from simulator import Line

from .conftest import ADA, BEN, NUMBER, contact
from .doors import CHI, act, add_contact, entity_id, pass_time, restart, state_of
from .flows import configure

LINE, OF_ADA, OF_BEN = (
    entity_id("sensor", "last_message"),
    "sensor.ada_last_message",
    "sensor.ben_last_message",
)


@pytest.fixture
def contacts() -> list[ConfigSubentryDataWithId]:
    """Return two people."""
    return [contact("Ada", ADA, "ada"), contact("Ben", BEN, "ben")]


@pytest.fixture(autouse=True)
async def _in_lagos(hass: HomeAssistant) -> None:
    """Read times as the provider writes them."""
    await hass.config.async_set_time_zone("Africa/Lagos")


def messages(hass: HomeAssistant, sensor: str = LINE) -> list[dict[str, Any]]:
    """Return the last messages that a sensor shows."""
    shown: list[dict[str, Any]] = state_of(hass, sensor).attributes["messages"]
    return shown


def texts(hass: HomeAssistant, sensor: str = LINE) -> list[str | None]:
    """Return what they say."""
    return [message["text"] for message in messages(hass, sensor)]


async def hear(hass: HomeAssistant, line: Line, *said: str, sender: str = ADA) -> None:
    """Have texts come in."""
    for text in said:
        assert await line.receive_sms(sender, text) == [200]
    await hass.async_block_till_done()


async def test_before_the_first_message_there_is_none(
    hass: HomeAssistant, loaded: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """Of a number and of its contacts, under ids that stay."""
    ids = {LINE: "line_one_last_message", OF_ADA: "ada_last_message"}
    for sensor, unique_id in ids.items():
        assert state_of(hass, sensor).state == "unknown"
        assert state_of(hass, sensor).attributes["device_class"] == "timestamp"
        assert messages(hass, sensor) == []
        registered = entity_registry.async_get(sensor)
        assert registered is not None
        assert registered.unique_id == unique_id


async def test_a_message_in_is_told_of_number_and_contact(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    """Its time is the state, all else an attribute."""
    await hear(hass, line, "Hi")
    (message,) = messages(hass)
    time = message["time"]
    assert message == {
        "direction": "in",
        "kind": "sms",
        "number": ADA,
        "contact": "Ada",
        "text": "Hi",
        "time": time,
        "status": "received",
    }
    for sensor in (LINE, OF_ADA):
        told = dt_util.parse_datetime(state_of(hass, sensor).state)
        assert told == dt_util.parse_datetime(time)
        assert messages(hass, sensor) == [message]
    assert state_of(hass, OF_BEN).state == "unknown"


async def test_texts_and_calls_of_both_directions_are_messages(
    hass: HomeAssistant,
    hooked: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Of anybody; with what became of them."""
    await line.receive_call(ADA, 0)
    freezer.tick(60)
    await act(hass, "send_sms", recipients=[ADA, CHI], message="Hello")
    freezer.tick(60)
    await act(hass, "make_call", recipient=BEN)
    freezer.tick(60)
    await hear(hass, line, "Promotion", sender="MTN")
    await line.report(line.sent[0].tracking_id, "DELIVERED")
    shown = [
        (each["direction"], each["kind"], each["contact"], each["number"])
        for each in messages(hass)
    ]
    assert shown == [
        ("in", "sms", None, "MTN"),
        ("out", "call", "Ben", BEN),
        ("out", "sms", None, CHI),
        ("out", "sms", "Ada", ADA),
        ("in", "call", "Ada", ADA),
    ]
    of_ada = [(each["text"], each["status"]) for each in messages(hass, OF_ADA)]
    assert of_ada == [("Hello", "delivered"), (None, "missed")]
    assert texts(hass, OF_BEN) == [None]
    assert texts(hass) == ["Promotion", None, "Hello", "Hello", None]
    assert [each["status"] for each in messages(hass)][2:4] == ["queued", "delivered"]


async def test_the_last_five_are_told(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    """Of a contact those, too, that are not among the number's."""
    await hear(hass, line, "1", "2", "3", "4", "5", "6")
    await hear(hass, line, "a", "b", "c", sender=BEN)
    assert texts(hass) == ["c", "b", "a", "6", "5"]
    assert texts(hass, OF_ADA) == ["6", "5", "4", "3", "2"]
    assert texts(hass, OF_BEN) == ["c", "b", "a"]


async def test_the_time_decides_which_message_is_the_last(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    """What comes in late takes the place of its time."""
    await hear(hass, line, "now")
    before = state_of(hass, LINE).state
    earlier = dt_util.now() - timedelta(hours=2)
    late = {
        "originator": ADA,
        "receiver": NUMBER,
        "message": "two hours ago",
        "timeReceived": earlier.strftime("%Y-%m-%d %H:%M"),
    }
    assert await line.post_webhook("sms", late) == [200]
    await hass.async_block_till_done()
    assert texts(hass) == texts(hass, OF_ADA) == ["now", "two hours ago"]
    assert state_of(hass, LINE).state == before


async def test_a_clock_that_is_ahead_pins_no_message(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    """A text of the year 9998 came when it came; the event tells what was stated."""
    stated = {"message": "Odd", "timeReceived": "9998/02/01 10:00"}
    sms = {"originator": ADA, "receiver": NUMBER} | stated
    assert await line.post_webhook("sms", sms) == [200]
    await act(hass, "send_sms", contacts="notify.ada", message="Which year is it?")
    assert texts(hass) == ["Which year is it?", "Odd"]
    assert dt_util.parse_datetime(state_of(hass, LINE).state, raise_on_error=True) <= (
        dt_util.utcnow()
    )
    assert state_of(hass, "event.ada").attributes["received_at"].startswith("9998-02")


async def test_an_answer_is_newer_than_what_was_sent_in_its_minute(
    hass: HomeAssistant,
    hooked: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Though the provider tells no seconds of what comes in."""
    freezer.move_to("2026-11-24T07:00:00+01:00")
    await hear(hass, line, "Hi")
    freezer.move_to("2026-11-24T08:00:10+01:00")
    await act(hass, "send_sms", recipients=ADA, message="Open?")
    freezer.tick(30)
    await hear(hass, line, "Yes")
    freezer.tick(5)
    await act(hass, "send_sms", recipients=ADA, message="Done")
    assert texts(hass) == texts(hass, OF_ADA) == ["Done", "Yes", "Open?", "Hi"]
    since = "2026-11-24T08:00:05+01:00"
    response = await act(hass, "get_messages", since=since)
    assert [each["text"] for each in response["messages"]] == ["Done", "Open?"]


async def test_a_long_text_is_shortened(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    """To three pages; the whole one is for `get_messages`."""
    whole = "ä" * 480
    await hear(hass, line, whole, f"{whole}!")
    assert texts(hass) == [f"{'ä' * 479}…", whole]
    response = await act(hass, "get_messages", limit=1)
    assert response["messages"][0]["text"] == f"{whole}!"


async def test_the_conversation_is_there_after_a_restart(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    """In the same order."""
    await hear(hass, line, "1", "2", "3", "4", "5", "6")
    await act(hass, "send_sms", recipients=BEN, message="Hello")
    before = [state_of(hass, sensor) for sensor in (LINE, OF_ADA, OF_BEN)]
    await restart(hass, hooked)
    for state in before:
        after = state_of(hass, state.entity_id)
        assert (after.state, after.attributes) == (state.state, state.attributes)
    await hear(hass, line, "7")
    assert texts(hass, OF_ADA) == ["7", "6", "5", "4", "3"]


async def test_where_no_messages_are_kept_none_are_told(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    """Those that were there go, at once."""
    await hear(hass, line, "Hi")
    configure(hass, hooked, keep_messages=0)
    await hass.async_block_till_done()
    for sensor in (LINE, OF_ADA):
        assert (state_of(hass, sensor).state, messages(hass, sensor)) == ("unknown", [])
    await hear(hass, line, "Hi again")
    assert state_of(hass, LINE).state == "unknown"


async def test_what_is_too_old_to_be_kept_is_no_longer_told(
    hass: HomeAssistant,
    hooked: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """And what is not, is."""
    await hear(hass, line, "old")
    await pass_time(hass, freezer, 20 * 24 * 3600)
    await hear(hass, line, "of Ben", sender=BEN)
    await pass_time(hass, freezer, 11 * 24 * 3600)
    assert texts(hass) == texts(hass, OF_BEN) == ["of Ben"]
    assert state_of(hass, OF_ADA).state == "unknown"


async def test_where_too_many_are_kept_the_first_to_come_goes(
    hass: HomeAssistant,
    hooked: MockConfigEntry,
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(history, "_MOST_MESSAGES", 2)
    await hear(hass, line, "1", "2", "3")
    assert texts(hass) == texts(hass, OF_ADA) == ["3", "2"]


async def test_a_contact_is_told_by_its_name_and_number_of_today(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    """What was exchanged before stays."""
    await hear(hass, line, "from her old phone")
    await hear(hass, line, "from a stranger", sender=CHI)
    hass.config_entries.async_update_subentry(
        hooked, hooked.subentries["ada"], title="Ada Obi", data={"number": CHI}
    )
    await hass.async_block_till_done()
    for sensor in (LINE, OF_ADA):
        assert {each["contact"] for each in messages(hass, sensor)} == {"Ada Obi"}
        assert texts(hass, sensor) == ["from a stranger", "from her old phone"]


async def test_a_new_contact_has_what_came_before_it(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    """And a removed one takes its sensor along, not its messages."""
    await hear(hass, line, "Who am I?", sender=CHI)
    assert [each["contact"] for each in messages(hass)] == [None]
    await add_contact(hass, hooked, "Chi", CHI, "chi")
    assert texts(hass, "sensor.chi_last_message") == ["Who am I?"]
    assert [each["contact"] for each in messages(hass)] == ["Chi"]
    hass.config_entries.async_remove_subentry(hooked, "chi")
    await hass.async_block_till_done()
    assert hass.states.get("sensor.chi_last_message") is None
    assert [each["contact"] for each in messages(hass)] == [None]
    await hear(hass, line, "Still there?", sender=CHI)
    assert texts(hass) == ["Still there?", "Who am I?"]


async def test_what_changes_at_once_is_told_once(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """And by nobody whom it does not concern."""
    told: list[int] = []
    loaded.runtime_data.history.async_listen(lambda: told.append(1))
    changes = async_capture_events(hass, "state_changed")
    of_ben = state_of(hass, OF_BEN).last_reported
    await act(hass, "send_sms", recipients=[ADA, CHI], message="Hello")
    await hass.async_block_till_done()
    changed = [change.data["entity_id"] for change in changes]
    assert [changed.count(sensor) for sensor in (LINE, OF_ADA, OF_BEN)] == [1, 1, 0]
    assert state_of(hass, OF_BEN).last_reported == of_ben
    assert len(told) == 1
