"""What comes in: bus events and event entities, for texts and calls."""

from datetime import datetime
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from simulator import Line, Simulator

from .conftest import ADA, BEN, NUMBER, WEBHOOKS, Post, captured
from .doors import entity_id, hook_up, state_of

SMS = entity_id("event", "sms")
INCOMING_CALL = entity_id("event", "incoming_call")

PUBLISHED = [
    pytest.param(
        "inbound_sms",
        "sms_received",
        SMS,
        "sms_received",
        {
            "sender": ADA,
            "receiver": NUMBER,
            "message": "One love",
            "received_at": "2020-02-01T07:37:00+01:00",
            "occurrence": 1,
            "channel": "webhook",
            "allow_commands": False,
            "contact": "Ada",
            "contact_id": "ada",
        },
        id="text",
    ),
    pytest.param(
        "inbound_call",
        "call_received",
        INCOMING_CALL,
        "missed_call",
        {
            "caller": ADA,
            "receiver": NUMBER,
            "duration": 0,
            "answered": False,
            "called_at": "2020-02-02T01:08:00+01:00",
            "occurrence": 1,
            "channel": "webhook",
            "allow_commands": False,
            "contact": "Ada",
            "contact_id": "ada",
        },
        id="missed call",
    ),
    pytest.param(
        "sms_report",
        "sms_status",
        entity_id("event", "delivery"),
        "delivered",
        {
            "tracking_id": "16276",
            "recipient": ADA,
            "status": "delivered",
            "sent_at": "2020-02-01T07:37:00+01:00",
            "done_at": "2020-02-01T07:37:00+01:00",
            "contact": "Ada",
            "contact_id": "ada",
        },
        id="report",
    ),
    pytest.param(
        "call_status",
        "call_status",
        entity_id("event", "outgoing_call"),
        "answered",
        {
            "call_id": "2020012445",
            "recipient": ADA,
            "status": "answered",
            "duration": None,
            "called_at": "2020-02-01T08:01:00+01:00",
            "contact": "Ada",
            "contact_id": "ada",
        },
        id="call's result",
    ),
]


@pytest.fixture
def on_the_cloud(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the simulator for the provider's cloud."""
    monkeypatch.setattr(
        "custom_components.cecula_sync.connection.CLOUD_URL", simulator.base_url
    )


@pytest.mark.parametrize(("file", "kind", "entity", "event_type", "data"), PUBLISHED)
async def test_the_published_examples_are_told_on_the_bus_and_by_entities(
    hass: HomeAssistant,
    on_the_cloud: None,
    loaded: MockConfigEntry,
    post: Post,
    freezer: FrozenDateTimeFactory,
    device_registry: dr.DeviceRegistry,
    file: str,
    kind: str,
    entity: str,
    event_type: str,
    data: dict[str, Any],
) -> None:
    """Byte for byte as the provider published them, with every documented field."""
    device = device_registry.async_get_device_by_identifier(
        ("cecula_sync", loaded.entry_id), loaded.entry_id
    )
    assert device is not None
    events = captured(hass, kind)
    assert state_of(hass, entity).state == "unknown"
    freezer.move_to("2026-11-24 07:30:00+00:00")
    assert await post((WEBHOOKS / f"{file}.json").read_bytes()) == 200
    (event,) = events
    assert event.data == data | {
        "config_entry_id": loaded.entry_id,
        "device_id": device.id,
    }
    state = state_of(hass, entity)
    assert state.state == "2026-11-24T07:30:00.000+00:00"
    assert state.attributes["event_type"] == event_type
    assert data.items() <= state.attributes.items()


async def test_a_server_of_one_s_own_tells_the_time_of_the_house(
    hass: HomeAssistant, loaded: MockConfigEntry, post: Post
) -> None:
    """Its times have no zone either."""
    events = captured(hass, "sms_received")
    await post((WEBHOOKS / "inbound_sms.json").read_bytes())
    moment = datetime(2020, 2, 1, 7, 37, tzinfo=dt_util.get_default_time_zone())
    assert datetime.fromisoformat(events[0].data["received_at"]) == moment


@pytest.fixture
async def heard(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, hass_client_no_auth: Any
) -> list[Event]:
    """Return the texts and calls that the house hears from now on."""
    hook_up(line, await hass_client_no_auth())
    events: list[Event] = []

    @callback
    def keep(event: Event) -> None:
        events.append(event)

    for kind in ("sms_received", "call_received"):
        hass.bus.async_listen(f"cecula_sync_{kind}", keep)
    return events


async def test_a_missed_call_is_told_from_an_answered_one(
    hass: HomeAssistant, heard: list[Event], line: Line
) -> None:
    """By its duration, which is all that tells them apart."""
    assert await line.receive_call(BEN, 0) == [200]
    assert state_of(hass, INCOMING_CALL).attributes["event_type"] == "missed_call"
    assert await line.receive_call(BEN, 42) == [200]
    state = state_of(hass, INCOMING_CALL)
    assert state.attributes["event_type"] == "answered_call"
    assert state.attributes["duration"] == 42
    assert [event.data["answered"] for event in heard] == [False, True]


@pytest.mark.parametrize(
    ("sender", "told", "contact"),
    [
        pytest.param(None, None, None, id="withheld"),
        pytest.param("", None, None, id="empty"),
        pytest.param("Private Number", None, None, id="withheld in words"),
        pytest.param("MTN", "MTN", None, id="a name"),
        pytest.param("55019", "55019", None, id="a short code"),
        pytest.param(BEN, BEN, None, id="a stranger"),
        pytest.param("08183172770", ADA, "Ada", id="a contact"),
    ],
)
async def test_who_it_comes_from_is_told_as_far_as_it_is_known(
    heard: list[Event],
    line: Line,
    sender: str | None,
    told: str | None,
    contact: str | None,
) -> None:
    """Numbers as E.164, names and short codes as they are, nobody as null."""
    await line.receive_sms(sender, "Hi")
    await line.receive_call(sender, 3)
    sms, call = heard
    assert (sms.data["sender"], call.data["caller"]) == (told, told)
    assert {sms.data["contact"], call.data["contact"]} == {contact}


async def test_equal_items_of_a_minute_are_counted(
    simulator: Simulator, heard: list[Event], line: Line
) -> None:
    """They have no id, and two equal texts in a minute are two texts."""
    simulator.clock.freeze(datetime.fromisoformat("2026-11-24T08:00:00+01:00"))
    for text in ("Open", "Open", "Close", "Open"):
        await line.receive_sms(ADA, text)
    await line.receive_sms(BEN, "Open")
    for duration in (0, 0, 5):
        await line.receive_call(ADA, duration)
    simulator.clock.advance(60)
    await line.receive_sms(ADA, "Open")
    await line.receive_call(ADA, 0)
    occurrences = [event.data["occurrence"] for event in heard]
    assert occurrences == [1, 2, 1, 3, 1, 1, 2, 1, 1, 1]


async def test_an_unreadable_time_is_now(
    loaded: MockConfigEntry,
    heard: list[Event],
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The item counts; its time is what we can do without."""
    freezer.move_to("2026-11-24 07:30:00+00:00")
    common = {"originator": ADA, "receiver": NUMBER}
    sms = common | {"message": "Hi", "timeReceived": "soon"}
    assert await line.post_webhook("sms", sms) == [200]
    call = common | {"callDuration": "0"}
    assert await line.post_webhook("call", call) == [200]
    times = [heard[0].data["received_at"], heard[1].data["called_at"]]
    assert [datetime.fromisoformat(time) for time in times] == [dt_util.utcnow()] * 2


async def test_a_burst_fires_each_event_on_its_own(
    hass: HomeAssistant, heard: list[Event], line: Line
) -> None:
    """Four texts in one tick are four states of the entity."""
    changes = async_capture_events(hass, "state_changed")
    for text in "abcd":
        await line.receive_sms(ADA, text)
    await hass.async_block_till_done()
    assert [event.data["message"] for event in heard] == list("abcd")
    states = {
        change.data["new_state"].state
        for change in changes
        if change.data["entity_id"] == SMS
    }
    assert len(states) == 4


async def test_what_is_posted_while_a_line_is_unloaded_waits_for_it(
    hass: HomeAssistant, loaded: MockConfigEntry, heard: list[Event], line: Line
) -> None:
    """It is told once it can be, and nothing is told twice after a reload."""
    assert await hass.config_entries.async_unload(loaded.entry_id)
    assert await line.receive_sms(ADA, "Nobody there") == [200]
    assert heard == []
    assert await hass.config_entries.async_setup(loaded.entry_id)
    assert await hass.config_entries.async_reload(loaded.entry_id)
    await line.receive_sms(ADA, "Hi")
    assert [event.data["message"] for event in heard] == ["Nobody there", "Hi"]
    assert state_of(hass, SMS).attributes["message"] == "Hi"
