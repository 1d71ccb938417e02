"""What the logbook tells of texts and calls, asked as the frontend asks."""

from datetime import datetime, timedelta
from typing import Any

from homeassistant.components.recorder.core import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync.api.models import CallStatus, SmsStatus
from custom_components.cecula_sync.const import DOMAIN
from custom_components.cecula_sync.events import (
    CallReceived,
    CallStatusChanged,
    CeculaEvent,
    Channel,
    Events,
    SmsReceived,
    SmsStatusChanged,
)
from custom_components.cecula_sync.recipients import Contact
from simulator import Line

from .conftest import ADA, BEN, NUMBER
from .doors import act, entity_id, hook_up, until_recorded
from .translation_guard import english

NOW = datetime.fromisoformat("2026-11-24T08:00:00+01:00")
TEXT = "The gate code is 4711"
CONTACT = Contact(contact_id="ada", name="Ada", number=ADA)


@pytest.fixture(autouse=True)
def _custom_integrations(
    recorder_mock: Recorder, enable_custom_integrations: None
) -> None:
    """Have the recorder there before anything else is set up."""


@pytest.fixture
def language(hass: HomeAssistant, request: pytest.FixtureRequest) -> str:
    """Have the house speak a language from the start on."""
    hass.config.language = getattr(request, "param", "en")
    return hass.config.language


@pytest.fixture(autouse=True)
async def _logbook(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    language: str,
    loaded: MockConfigEntry,
) -> None:
    """Set the logbook up."""
    assert await async_setup_component(hass, "logbook", {})
    await hass.async_block_till_done()


def text_in(sender: str | None, *, late: bool = False) -> SmsReceived:
    """Return a text that came in."""
    return SmsReceived(
        contact=CONTACT if sender == ADA else None,
        late=late,
        receiver=NUMBER,
        occurrence=1,
        channel=Channel.WEBHOOK,
        sender=sender,
        message=TEXT,
        received_at=NOW,
    )


def call_in(caller: str | None, duration: int, *, late: bool = False) -> CallReceived:
    """Return a call that came in."""
    return CallReceived(
        contact=CONTACT if caller == ADA else None,
        late=late,
        receiver=NUMBER,
        occurrence=1,
        channel=Channel.WEBHOOK,
        caller=caller,
        duration=duration,
        answered=duration > 0,
        called_at=NOW,
    )


def text_out(recipient: str | None, status: str) -> SmsStatusChanged:
    """Return what became of a text."""
    return SmsStatusChanged(
        contact=CONTACT if recipient == ADA else None,
        tracking_id="1",
        recipient=recipient,
        status=status,
        sent_at=NOW,
        done_at=None,
    )


def call_out(recipient: str | None, status: str) -> CallStatusChanged:
    """Return what became of a call."""
    return CallStatusChanged(
        contact=CONTACT if recipient == ADA else None,
        call_id="1",
        recipient=recipient,
        status=status,
        duration=None,
        called_at=NOW,
    )


async def entries(
    recorder: Recorder, hass: HomeAssistant, client: Any, **wanted: Any
) -> list[dict[str, Any]]:
    """Return what the logbook tells of our events: of all, or of devices."""
    await hass.async_block_till_done()
    await until_recorded(recorder)
    start = (dt_util.utcnow() - timedelta(minutes=5)).isoformat()
    await client.send_json_auto_id(
        {"type": "logbook/get_events", "start_time": start, **wanted}
    )
    answer = await client.receive_json()
    assert answer["success"], answer
    return [item for item in answer["result"] if item.get("domain") == DOMAIN]


def device_of(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the id of the line's device."""
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, entry.entry_id), entry.entry_id
    )
    assert device is not None
    return device.id


ADA_NAMED = f"Ada ({ADA})"


@pytest.mark.parametrize(
    ("event", "words", "entity"),
    [
        pytest.param(text_in(ADA), ("SMS", f"from {ADA_NAMED}"), "sms", id="contact"),
        pytest.param(text_in(BEN), ("SMS", f"from {BEN}"), "sms", id="number"),
        pytest.param(text_in("MTN"), ("SMS", "from MTN"), "sms", id="name"),
        pytest.param(
            text_in(None), ("SMS", "from a withheld number"), "sms", id="withheld"
        ),
        pytest.param(
            text_in(ADA, late=True),
            ("Late arrivals", f"SMS from {ADA_NAMED}"),
            "late_arrivals",
            id="late text",
        ),
        pytest.param(
            call_in(ADA, 0),
            ("Incoming call", f"from {ADA_NAMED}: missed"),
            "incoming_call",
            id="missed call",
        ),
        pytest.param(
            call_in(None, 7),
            ("Incoming call", "from a withheld number: answered"),
            "incoming_call",
            id="answered call",
        ),
        pytest.param(
            call_in(BEN, 0, late=True),
            ("Late arrivals", f"call from {BEN}: missed"),
            "late_arrivals",
            id="late call",
        ),
        *(
            pytest.param(
                text_out(ADA, status),
                ("Delivery", f"to {ADA_NAMED}: {message}"),
                "delivery",
                id=f"text {status}",
            )
            for status, message in (
                ("queued", "queued"),
                ("sent", "sent"),
                ("delivered", "delivered"),
                ("failed", "not delivered"),
                ("expired", "not delivered in time"),
                ("<b>oh</b>", "a status that is not known"),
            )
        ),
        pytest.param(
            text_out(None, "sent"),
            ("Delivery", "to an unknown number: sent"),
            "delivery",
            id="text to nobody",
        ),
        *(
            pytest.param(
                call_out(BEN, status),
                ("Outgoing call", f"to {BEN}: {message}"),
                "outgoing_call",
                id=f"call {status}",
            )
            for status, message in (
                ("answered", "answered"),
                ("not_answered", "not answered"),
                ("ringing", "a result that is not known"),
            )
        ),
    ],
)
async def test_the_logbook_tells_an_event_in_plain_words(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_ws_client: Any,
    event: CeculaEvent,
    words: tuple[str, str],
    entity: str,
) -> None:
    """Under the line's device, leading to the entity; what a text says stays out."""
    client = await hass_ws_client()
    Events(hass, loaded).async_fire(event)
    (told,) = await entries(recorder_mock, hass, client)
    assert (told["name"], told["message"]) == words
    assert told["entity_id"] == entity_id("event", entity)
    assert TEXT not in str(told)
    devices = [device_of(hass, loaded)]
    (same,) = await entries(recorder_mock, hass, client, device_ids=devices)
    assert same["message"] == told["message"]


# One event of each kind, and one without a number.
OF_EACH_KIND = (
    text_in(ADA),
    text_in(None),
    text_in(BEN, late=True),
    call_in(ADA, 0),
    call_in(BEN, 7, late=True),
    text_out(ADA, "delivered"),
    text_out(None, "<b>oh</b>"),
    call_out(BEN, "not_answered"),
)
IN_GERMAN = [
    ("SMS", f"von {ADA_NAMED}"),
    ("SMS", "von einer unterdrückten Nummer"),
    ("Verspätete Eingänge", f"SMS von {BEN}"),
    ("Eingehender Anruf", f"von {ADA_NAMED}: verpasst"),
    ("Verspätete Eingänge", f"Anruf von {BEN}: angenommen"),
    ("Zustellung", f"an {ADA_NAMED}: zugestellt"),
    ("Zustellung", "an eine unbekannte Nummer: unbekannter Status"),
    ("Ausgehender Anruf", f"an {BEN}: nicht angenommen"),
]
# Names and numbers keep the direction of their own.
ADA_ISOLATED = f"\u2068\u2068Ada\u2069 (\u2068{ADA}\u2069)\u2069"
BEN_ISOLATED = f"\u2068{BEN}\u2069"
IN_ARABIC = [
    ("رسالة SMS", f"من {ADA_ISOLATED}"),
    ("رسالة SMS", "من رقم محجوب"),
    ("واردات متأخرة", f"رسالة SMS من {BEN_ISOLATED}"),
    ("مكالمة واردة", f"من {ADA_ISOLATED}: فائتة"),
    ("واردات متأخرة", f"مكالمة من {BEN_ISOLATED}: تم الرد عليها"),
    ("التسليم", f"إلى {ADA_ISOLATED}: تم التسليم"),
    ("التسليم", "إلى رقم غير معروف: حالة غير معروفة"),
    ("مكالمة صادرة", f"إلى {BEN_ISOLATED}: لم يتم الرد"),
]


@pytest.mark.parametrize(
    ("language", "words"),
    [pytest.param("de", IN_GERMAN, id="de"), pytest.param("ar", IN_ARABIC, id="ar")],
    indirect=["language"],
)
async def test_the_logbook_speaks_the_language_of_the_house(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_ws_client: Any,
    words: list[tuple[str, str]],
) -> None:
    """What a text says stays out of every language."""
    client = await hass_ws_client()
    for event in OF_EACH_KIND:
        Events(hass, loaded).async_fire(event)
    told = await entries(recorder_mock, hass, client)
    assert [(item["name"], item["message"]) for item in told] == words
    assert TEXT not in str(told)


async def test_what_is_not_loaded_in_the_language_of_the_house_is_told_in_english(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_ws_client: Any,
) -> None:
    """Until somebody looks at the house in the language that it speaks now."""
    client = await hass_ws_client()
    Events(hass, loaded).async_fire(text_in(BEN))
    hass.config.language = "nl"
    (told,) = await entries(recorder_mock, hass, client)
    assert (told["name"], told["message"]) == ("SMS", f"from {BEN}")
    hass.config.language = "es"
    await client.send_json_auto_id(
        {"type": "frontend/get_translations", "language": "es", "category": "entity"}
    )
    assert (await client.receive_json())["success"]
    (told,) = await entries(recorder_mock, hass, client)
    assert told["message"] == f"de {BEN}"


async def test_a_line_that_is_not_loaded_is_told_of_in_the_same_words(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_ws_client: Any,
) -> None:
    """The texts are those of the integration."""
    client = await hass_ws_client()
    Events(hass, loaded).async_fire(text_in(ADA))
    assert await hass.config_entries.async_unload(loaded.entry_id)
    (told,) = await entries(recorder_mock, hass, client)
    assert (told["name"], told["message"]) == ("SMS", f"from {ADA_NAMED}")
    assert told["entity_id"] == entity_id("event", "sms")


async def test_every_sentence_of_the_logbook_is_told(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_ws_client: Any,
) -> None:
    """Fire all that there is, with a number and without."""
    client = await hass_ws_client()
    late_or_not = (False, True)
    for number in (BEN, None):
        events: list[CeculaEvent] = [
            *(text_in(number, late=late) for late in late_or_not),
            *(call_in(number, 0, late=late) for late in late_or_not),
            *(call_in(number, 7, late=late) for late in late_or_not),
            *(text_out(number, status) for status in (*SmsStatus, "new")),
            *(call_out(number, status) for status in (*CallStatus, "new")),
        ]
        for event in events:
            Events(hass, loaded).async_fire(event)
    told = await entries(recorder_mock, hass, client)
    sentences = {
        key: text.format(who=BEN)
        for key, text in english()["common"].items()
        if key.startswith("logbook_") and key != "logbook_contact"
    }
    assert len(told) == len(sentences)
    assert {item["message"] for item in told} == set(sentences.values())


async def test_the_automation_that_sent_a_text_is_told_as_the_cause_of_its_report(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    hass_ws_client: Any,
    hass_client_no_auth: Any,
) -> None:
    """Of what was sent by hand, no cause is told."""
    hook_up(line, await hass_client_no_auth())
    automation = {
        "alias": "Say that it rings",
        "triggers": {"trigger": "event", "event_type": "doorbell"},
        "actions": {
            "action": "cecula_sync.send_sms",
            "data": {"contacts": "notify.ada", "message": TEXT},
        },
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    hass.bus.async_fire("doorbell")
    await hass.async_block_till_done()
    await act(hass, "send_sms", recipients=BEN, message="By hand")
    for sms in line.sent:
        await line.report(sms.tracking_id, "DELIVERED")
    client = await hass_ws_client()
    devices = [device_of(hass, loaded)]
    for wanted in ({}, {"device_ids": devices}):
        told = await entries(recorder_mock, hass, client, **wanted)
        assert [item["message"] for item in told] == [
            f"to {ADA_NAMED}: delivered",
            f"to {BEN}: delivered",
        ]
        assert told[0]["context_name"] == "Say that it rings"
        assert told[0]["context_domain"] == "automation"
        assert "context_name" not in told[1]
        assert TEXT not in str(told)


async def test_what_lacks_its_fields_or_its_line_does_not_break_the_logbook(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_ws_client: Any,
) -> None:
    """Scripts may fire events of our names, and lines are removed."""
    client = await hass_ws_client()
    Events(hass, loaded).async_fire(text_in(ADA))
    hass.bus.async_fire("cecula_sync_sms_status")
    hass.bus.async_fire("cecula_sync_call_status", {"recipient": 1, "status": ["{x}"]})
    await hass.config_entries.async_remove(loaded.entry_id)
    told = await entries(recorder_mock, hass, client)
    assert [(item["message"], item["entity_id"]) for item in told] == [
        (f"from {ADA_NAMED}", None),
        ("to an unknown number: a status that is not known", None),
        ("to 1: a result that is not known", None),
    ]
