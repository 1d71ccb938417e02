"""What the provider does when it is asked, once it knows who asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
import re
from typing import TYPE_CHECKING, Any

from . import payloads
from .answers import Answer, Code, HttpError, SyncError
from .gsm import pages_of
from .spelling import is_international
from .webhooks import DynamicWebhook

if TYPE_CHECKING:
    from .faults import Kind
    from .line import Line

ENDPOINTS = "endpoints.json"
LONGEST_TEXT = 1530
MOST_PAGES = 10
ACCEPTED = "1801"

type Body = Mapping[str, Any]


type Act = Callable[[Line, Body, str], Any]
"""Takes the line, the body and the id at the end of the path."""

ITEM = "/([^/]+)"
_SENDING = frozenset({"send-sms", "flash-number"})


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the provider's table."""

    group: str
    method: str
    path: str
    """Below the base; a pattern."""
    act: Act

    @property
    def name(self) -> str:
        """Return the last word of its path."""
        return self.path.removesuffix(ITEM).rpartition("/")[2]

    @property
    def sends(self) -> bool:
        """Tell whether the SIM sends or calls."""
        return self.name in _SENDING


def send_sms(line: Line, body: Body, _item: str) -> Any:
    """Send a text to some numbers, joined by commas."""
    text = _text(body, "text")
    if line.switches.over_ten_pages == "refuse" and pages_of(text).count > MOST_PAGES:
        raise SyncError(Code.TOO_MANY_PAGES)
    recipients = _recipients(line, _text(body, "recipients", longest=None))
    return sms_answer(line, line.outbox.send(recipients, text))


def sms_answer(line: Line, sent: Any) -> dict[str, Any]:
    """Return what the provider says to an accepted SMS."""
    switches = line.switches
    spelling = switches.recipient_spelling
    reports = [
        {
            "recipient": sms.recipient
            if spelling == "as_sent"
            else line.region.spell(sms.recipient, spelling),
            switches.sent_id_field: _id(line, sms.tracking_id),
        }
        for sms in sent
    ]
    return {
        switches.code_field: int(ACCEPTED)
        if switches.codes_as == "number"
        else ACCEPTED,
        "message": "Message submitted successfully",
        switches.reports_field: reports,
    }


def flash_number(line: Line, body: Body, _item: str) -> Any:
    """Ring one phone."""
    receiver = _text(body, "receiver", longest=None)
    if "," in receiver:
        raise SyncError(Code.INVALID, "One receiver only")
    _check_number(receiver)
    call = line.outbox.place_call(receiver)
    return {line.switches.call_id_field: _id(line, call.call_id)}


def sent_sms_status(line: Line, _body: Body, tracking_id: str) -> Any:
    """Tell what became of an SMS."""
    try:
        sms = line.outbox.sms(tracking_id)
    except LookupError as error:
        raise SyncError(Code.INVALID, "Unknown trackingId") from error
    field = line.switches.report_id_field
    return payloads.sms_report(line, sms) | {field: _id(line, tracking_id)}


def dialled_call_status(line: Line, _body: Body, call_id: str) -> Any:
    """Tell what became of a call."""
    try:
        call = line.outbox.call(call_id)
    except LookupError as error:
        raise SyncError(Code.INVALID, "Unknown callId") from error
    return payloads.call_status(line, call) | {"callId": _id(line, call_id)}


def get_new_sms(line: Line, _body: Body, _item: str) -> Any:
    """Hand out the unread SMS."""
    unread = line.inbox
    for sms in unread:
        sms.unread = not line.switches.sms_list_empties
    return [payloads.inbound_sms(line, sms) for sms in unread]


def new_missed_calls(line: Line, _body: Body, _item: str) -> Any:
    """Hand out the new missed calls."""
    missed = line.missed_calls
    for call in missed:
        call.unread = not line.switches.call_list_empties
    return [payloads.inbound_call(line, call) for call in missed]


def set_sms_autoresponse(line: Line, body: Body, _item: str) -> Any:
    """Answer whoever texts; an empty text ends it."""
    line.sms_auto_reply = _text(body, "text", may_be_empty=True)
    return done(line)


def set_call_autoresponse(line: Line, body: Body, _item: str) -> Any:
    """Text whoever calls; an empty text ends it."""
    line.call_auto_reply = _text(body, "text", may_be_empty=True)
    return done(line)


def balance(line: Line, _body: Body, _item: str) -> Any:
    """Tell the credit that is left."""
    as_text = line.switches.balance_as == "string"
    return {"balance": str(line.credit) if as_text else line.credit}


def number(line: Line, _body: Body, _item: str) -> Any:
    """Tell the line's own number."""
    if line.switches.number_missing:
        raise HttpError(404, "Not found")
    spelling = line.switches.msisdn_spelling
    return {"msisdn": line.region.spell(line.msisdn, spelling)}


def subscription_status(line: Line, _body: Body, _item: str) -> Any:
    """Tell what is booked, and until when."""
    zone = timedelta(minutes=line.switches.utc_offset_minutes)
    expires = line.subscription.expires + zone
    return {
        "subscriptionStatus": line.subscription.status_at(line.world.now()),
        "subscriptionPlan": line.subscription.plan,
        "expiryDate": expires.strftime(line.switches.expiry_format),
    }


def sim_status(line: Line, _body: Body, _item: str) -> Any:
    """Tell what the SIM is doing."""
    return {line.switches.sim_status_field: line.sim_status}


def refresh_sim(line: Line, _body: Body, _item: str) -> Any:
    """Free a SIM whose messages are frozen."""
    line.refresh()
    return {"status": "Successful"}


def set_dynamic_webhook(line: Line, body: Body, _item: str) -> Any:
    """Post one number's traffic to a second URL for some seconds."""
    kinds: dict[str, tuple[Kind, ...]] = {
        "CALL": ("call", "call_status"),
        "SMS": ("sms", "sms_status"),
    }
    traffic = _text(body, "trafficType")
    if traffic not in kinds:
        raise SyncError(Code.INVALID, "trafficType is CALL or SMS")
    line.webhooks.dynamic.append(
        DynamicWebhook(
            url=_text(body, "url"),
            number=line.region.normalise(_text(body, "originMsisdn")),
            kinds=kinds[traffic],
            until=line.world.now() + timedelta(seconds=_seconds(body)),
        )
    )
    return done(line)


def done(line: Line) -> Any:
    """Say yes where the documents do not say how."""
    line.world.changed()
    answers: dict[str, Any] = {
        "status": {"status": "Successful"},
        "empty_object": {},
        "empty_body": Answer(raw=b""),
    }
    return answers[line.switches.done_answer]


_ROWS: tuple[tuple[str, str, str, Act], ...] = (
    ("sms", "POST", "send-sms", send_sms),
    ("sms", "GET", f"sent-sms-status{ITEM}", sent_sms_status),
    ("sms", "GET", "get-new-sms", get_new_sms),
    ("sms", "PATCH", "set-sms-autoresponse", set_sms_autoresponse),
    ("call", "POST", "flash-number", flash_number),
    ("call", "GET", f"dialled-call-status{ITEM}", dialled_call_status),
    ("call", "GET", "new-missed-calls", new_missed_calls),
    ("call", "PATCH", "set-call-autoresponse", set_call_autoresponse),
    ("account", "GET", "cecula-balance", balance),
    ("account", "GET", "number", number),
    ("account", "GET", "subscription-status", subscription_status),
    ("account", "GET", "management/sim-status", sim_status),
    ("account", "GET", "management/refresh-sim", refresh_sim),
    ("account", "POST", "set-dynamic-webhook", set_dynamic_webhook),
)
OPERATIONS = tuple(Operation(*row) for row in _ROWS)


def _text(
    body: Body,
    field: str,
    *,
    longest: int | None = LONGEST_TEXT,
    may_be_empty: bool = False,
) -> str:
    value = body.get(field)
    if value is None or (value == "" and not may_be_empty):
        raise SyncError(Code.EMPTY, f"{field} is empty")
    if not isinstance(value, str):
        raise SyncError(Code.WRONG_TYPE, f"{field} must be a string")
    if longest is not None and len(value) > longest:
        raise SyncError(
            Code.WRONG_LENGTH, f"{field} has more than {longest} characters"
        )
    return value


def _seconds(body: Body) -> int:
    value = body.get("validityPeriod")
    if not re.fullmatch(r"[1-9]\d{0,7}", str(value)):
        raise SyncError(Code.WRONG_TYPE, "validityPeriod must be seconds")
    return int(str(value))


def _recipients(line: Line, joined: str) -> list[str]:
    recipients = joined.split(",")
    if line.switches.invalid_recipients == "refuse":
        for recipient in recipients:
            _check_number(recipient)
        return recipients
    valid = [each for each in recipients if is_international(each)]
    if not valid:
        raise SyncError(Code.NO_VALID_RECIPIENT)
    return valid


def _check_number(number: str) -> None:
    if not number:
        raise SyncError(Code.EMPTY, "A recipient is empty")
    if not is_international(number):
        raise SyncError(Code.INVALID, "A recipient must be +<country><number>")


def _id(line: Line, value: str) -> str | int:
    return int(value) if line.switches.ids_as == "number" else value
