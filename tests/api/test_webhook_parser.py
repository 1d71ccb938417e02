"""Reading of what the provider posts and lists: kinds, spellings, liberal readings."""

from datetime import UTC, datetime, timedelta, timezone
import json
from typing import Any

import pytest

from custom_components.cecula_sync.api.exceptions import CeculaUnreadableError
from custom_components.cecula_sync.api.models import (
    CallReport,
    Dialect,
    InboundCall,
    InboundSms,
    SmsReport,
)
from custom_components.cecula_sync.api.webhook import parse_webhook
from tests.conftest import ADA, NUMBER, WEBHOOKS

LAGOS = timezone(timedelta(hours=1))
DIALECT = Dialect()


@pytest.fixture(autouse=True)
def _custom_integrations() -> None:
    """Leave Home Assistant out of these tests."""


def published(name: str) -> bytes:
    """Return an example as the provider published it."""
    return (WEBHOOKS / f"{name}.json").read_bytes()


def changed(name: str, **changes: Any) -> bytes:
    """Return an example with other fields."""
    return json.dumps(json.loads(published(name)) | changes).encode()


def renamed(name: str, **names: str) -> bytes:
    """Return an example with other names of its fields."""
    source = json.loads(published(name))
    return json.dumps({names.get(key, key): source[key] for key in source}).encode()


EXAMPLES = {
    "inbound_sms": InboundSms(
        sender=ADA,
        receiver=NUMBER,
        message="One love",
        received_at=datetime(2020, 2, 1, 7, 37, tzinfo=LAGOS),
        time_text="2020/02/01 07:37",
    ),
    "inbound_call": InboundCall(
        caller=ADA,
        receiver=NUMBER,
        duration=0,
        called_at=datetime(2020, 2, 2, 1, 8, tzinfo=LAGOS),
        time_text="2020/02/02 01:08",
    ),
    "sms_report": SmsReport(
        tracking_id="16276",
        originator=NUMBER,
        recipient=ADA,
        status="delivered",
        sent_at=datetime(2020, 2, 1, 7, 37, tzinfo=LAGOS),
        done_at=datetime(2020, 2, 1, 7, 37, tzinfo=LAGOS),
    ),
    "call_status": CallReport(
        call_id="2020012445",
        originator=NUMBER,
        recipient=ADA,
        status="answered",
        duration=None,
        called_at=datetime(2020, 2, 1, 8, 1, tzinfo=LAGOS),
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_published_examples_are_read(name: str) -> None:
    """Byte for byte."""
    assert parse_webhook(published(name), DIALECT) == EXAMPLES[name]


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("sms_report", {"messageId": "trackingId"}),
        ("sms_report", {"receiver": "recipient"}),
        ("call_status", {"receiver": "recipient"}),
    ],
)
def test_both_spellings_of_a_field_are_read(name: str, names: dict[str, str]) -> None:
    """The sources don't agree."""
    assert parse_webhook(renamed(name, **names), DIALECT) == EXAMPLES[name]


EVERYTHING = {
    "callId": "1",
    "messageId": "2",
    "trackingId": "3",
    "message": "Hi",
    "timeReceived": "2020/02/01 07:37",
    "callDuration": "4",
    "status": "SENT",
}


@pytest.mark.parametrize(
    ("absent", "kind"),
    [
        pytest.param([], CallReport, id="call id first"),
        pytest.param(["callId"], SmsReport, id="then message id"),
        pytest.param(["callId", "messageId"], SmsReport, id="or tracking id"),
        pytest.param(["callId", "status"], InboundSms, id="a report has a status"),
        pytest.param(
            ["callId", "messageId", "trackingId"], InboundSms, id="then text and time"
        ),
        pytest.param(
            ["callId", "messageId", "trackingId", "timeReceived"],
            InboundCall,
            id="a message may explain a code",
        ),
        pytest.param(
            ["callId", "messageId", "trackingId", "message"],
            InboundCall,
            id="then duration",
        ),
    ],
)
@pytest.mark.parametrize("absence", ["left out", None, ""])
def test_kinds_are_told_apart_ids_first(
    absent: list[str], kind: type, absence: str | None
) -> None:
    """A field may be in several kinds; null and empty ids are none."""
    source: dict[str, Any] = dict(EVERYTHING)
    for name in absent:
        if absence == "left out" or name in ("message", "timeReceived"):
            del source[name]
        else:
            source[name] = absence
    assert isinstance(parse_webhook(json.dumps(source).encode(), DIALECT), kind)


@pytest.mark.parametrize(
    ("spelling", "status"),
    [
        ("QUEUED", "queued"),
        ("Delivered", "delivered"),
        (" EXPIRED ", "expired"),
        ("NOT ANSWERED", "not_answered"),
        ("Not_Answered", "not_answered"),
        ("NOT-ANSWERED", "not_answered"),
        ("On The Way", "on the way"),
        ("HALF-OPEN", "half-open"),
        (7, "7"),
    ],
)
def test_a_known_status_has_one_spelling_and_another_passes(
    spelling: str | int, status: str
) -> None:
    """In lower case."""
    for name in ("sms_report", "call_status"):
        report = parse_webhook(changed(name, status=spelling), DIALECT)
        assert isinstance(report, SmsReport | CallReport)
        assert report.status == status


@pytest.mark.parametrize(
    ("spelling", "moment"),
    [
        ("2020/02/01 07:37", datetime(2020, 2, 1, 7, 37, tzinfo=LAGOS)),
        ("2020/02/01 07:37:05", datetime(2020, 2, 1, 7, 37, 5, tzinfo=LAGOS)),
        ("2020/02/01", datetime(2020, 2, 1, tzinfo=LAGOS)),
        ("2020/2/1 7:37", datetime(2020, 2, 1, 7, 37, tzinfo=LAGOS)),
        ("2020-02-01 07:37", datetime(2020, 2, 1, 7, 37, tzinfo=LAGOS)),
        ("2020-02-01T07:37:00Z", datetime(2020, 2, 1, 7, 37, tzinfo=UTC)),
        (" 2020/02/01 07:37 ", datetime(2020, 2, 1, 7, 37, tzinfo=LAGOS)),
        ("01.02.2020", None),
        ("", None),
        (None, None),
        (True, None),
        ({"year": 2020}, None),
        ("9" * 5000, None),
    ],
)
def test_times_are_aware_and_an_unreadable_one_is_none(
    spelling: Any, moment: datetime | None
) -> None:
    """A time without a zone is the provider's."""
    sms = parse_webhook(changed("inbound_sms", timeReceived=spelling), DIALECT)
    assert isinstance(sms, InboundSms)
    assert sms.received_at == moment


def test_a_line_has_its_own_region_and_zone() -> None:
    """National numbers and zone-less times are read in these."""
    body = changed("inbound_call", originator="07911 123456", receiver="447400123456")
    call = parse_webhook(body, Dialect(region="GB", zone=UTC))
    assert isinstance(call, InboundCall)
    assert (call.caller, call.receiver) == ("+447911123456", "+447400123456")
    assert call.called_at == datetime(2020, 2, 2, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("duration", "seconds", "answered"),
    [
        ("0", 0, False),
        (0, 0, False),
        ("42", 42, True),
        (41.2, 42, True),
        ("1", 1, True),
    ],
)
def test_a_duration_is_in_whole_seconds(
    duration: str | float, seconds: int, answered: bool
) -> None:
    """However it is spelt; only nought is a missed call."""
    call = parse_webhook(changed("inbound_call", callDuration=duration), DIALECT)
    assert isinstance(call, InboundCall)
    assert (call.duration, call.answered) == (seconds, answered)


def test_the_duration_of_a_placed_call_is_read_where_it_is_told() -> None:
    """It is not in the published example."""
    report = parse_webhook(changed("call_status", callDuration="9"), DIALECT)
    assert isinstance(report, CallReport)
    assert report.duration == 9


def test_ids_are_text() -> None:
    """Even where they come as numbers."""
    report = parse_webhook(changed("sms_report", messageId=16276), DIALECT)
    assert report == EXAMPLES["sms_report"]


def test_unknown_fields_are_ignored() -> None:
    """The provider may add some."""
    body = changed("inbound_sms", network="MTN", parts=[1, {"of": 2}])
    assert parse_webhook(body, DIALECT) == EXAMPLES["inbound_sms"]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        pytest.param(b"", "empty body", id="empty"),
        pytest.param(b"secret", "no JSON", id="no JSON"),
        pytest.param(b'["secret"]', "list(1) of str", id="array"),
        pytest.param(b"[]", "list(0)", id="empty array"),
        pytest.param(b'"secret"', "str", id="text"),
        pytest.param(b'{"a":"secret"}', "{'a': str}", id="unknown kind"),
        pytest.param(
            b'{"a":{"b":{"c":{"d":"secret"}}},"n":1,"t":null}',
            "{'a': {'b': {'c': object}}, 'n': int, 't': NoneType}",
            id="deep",
        ),
        pytest.param(
            b'{"callDuration":"secret"}', "{'callDuration': str}", id="wrong value"
        ),
    ],
)
def test_what_cannot_be_read_shows_its_shape_and_no_value(
    body: bytes, shown: str
) -> None:
    """The error may be logged."""
    with pytest.raises(CeculaUnreadableError) as caught:
        parse_webhook(body, DIALECT)
    assert str(caught.value) == shown


def test_a_shape_ends_however_deep_what_was_posted_is() -> None:
    """Python can decode what it can't describe to the end."""
    hostile = b'{"status":' + b"[" * 900 + b"]" * 900 + b"}"
    with pytest.raises(CeculaUnreadableError) as caught:
        parse_webhook(hostile, DIALECT)
    assert str(caught.value) == "{'status': list(1) of list(1) of list}"


def test_a_shape_is_short_whatever_was_posted() -> None:
    """Hostile keys are cut, and quoted so that no line of a log can be forged."""
    hostile = {f"{number}\n{'k' * 100}": number for number in range(1000)}
    with pytest.raises(CeculaUnreadableError) as caught:
        parse_webhook(json.dumps(hostile).encode(), DIALECT)
    assert len(str(caught.value)) < 1200
    assert "\n" not in str(caught.value)
