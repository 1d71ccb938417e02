"""Reading of what the provider posts to us, as a pure function.

There is no signature and no event name: the kind shows in the fields, ids first,
for `callDuration` is the length of "an outbound or inbound call" and `message`
also explains a status code (provider's published reference).
"""

from functools import lru_cache
import json
from typing import TYPE_CHECKING, Any

from . import fields
from .exceptions import CeculaUnreadableError
from .models import (
    CallReport,
    Dialect,
    InboundCall,
    InboundItem,
    InboundSms,
    SmsReport,
    UnreadableItem,
    WebhookItem,
)
from .numbers import parse_party

if TYPE_CHECKING:
    from collections.abc import Callable

    from .fields import JsonObject

# A list that never empties brings the same parties every minute.
_read_party = lru_cache(maxsize=1024)(parse_party)


def parse_webhook(body: bytes, dialect: Dialect) -> WebhookItem:
    """Read one posted body; its Content-Type is not to be relied on.

    Raises `CeculaUnreadableError`, whose text holds no value of the body.
    """
    return parse_item(fields.decode(body), dialect)


def parse_item(value: Any, dialect: Dialect) -> WebhookItem:
    """Tell the kind of one decoded item, ids first, and read it."""
    source = fields.as_object(value)
    if fields.text(source, "callId"):
        return parse_call_report(source, dialect)
    is_text = source.get("message") is not None and "timeReceived" in source
    # A report has a status; a text may have an id of its own some day.
    if fields.text(source, *fields.TRACKING_ID) and not (
        is_text and fields.status(source) is None
    ):
        return parse_sms_report(source, dialect)
    if is_text:
        return parse_inbound_sms(source, dialect)
    if "callDuration" in source:
        return parse_inbound_call(source, dialect)
    raise CeculaUnreadableError(fields.shape(value))


def parse_sms_list(body: bytes, dialect: Dialect) -> list[InboundItem | UnreadableItem]:
    """Read the answer of `get-new-sms`, one by one."""
    return _parse_list(body, dialect, parse_inbound_sms)


def parse_missed_calls(
    body: bytes, dialect: Dialect
) -> list[InboundItem | UnreadableItem]:
    """Read the answer of `new-missed-calls`, one by one."""
    return _parse_list(body, dialect, parse_inbound_call)


def _parse_list(
    body: bytes,
    dialect: Dialect,
    parse: Callable[[JsonObject, Dialect], InboundItem],
) -> list[InboundItem | UnreadableItem]:
    answer = items = fields.decode(body)
    if isinstance(answer, dict):
        items = fields.items(answer, *fields.LIST_ENVELOPE)
    if not isinstance(items, list):
        raise CeculaUnreadableError(fields.shape(answer))
    return [_parse_or_keep(item, dialect, parse) for item in items]


def _parse_or_keep(
    item: Any, dialect: Dialect, parse: Callable[[JsonObject, Dialect], InboundItem]
) -> InboundItem | UnreadableItem:
    try:
        return parse(fields.as_object(item), dialect)
    except CeculaUnreadableError as err:
        return UnreadableItem(shape=str(err), raw=json.dumps([item]))


def parse_inbound_sms(source: JsonObject, dialect: Dialect) -> InboundSms:
    """Read an inbound SMS; raise `CeculaUnreadableError` without a readable text."""
    message = source.get("message")
    if isinstance(message, bool) or not isinstance(message, str | int | float):
        raise CeculaUnreadableError(fields.shape(source))
    return InboundSms(
        sender=_party(source, dialect, "originator"),
        receiver=_party(source, dialect, "receiver"),
        message=fields.clean(str(message)),
        received_at=fields.time(source, dialect, "timeReceived"),
        time_text=fields.text(source, "timeReceived") or "",
    )


def parse_inbound_call(source: JsonObject, dialect: Dialect) -> InboundCall:
    """Read an inbound call; raise `CeculaUnreadableError` without its duration."""
    duration = fields.seconds(source, "callDuration")
    if duration is None:
        raise CeculaUnreadableError(fields.shape(source))
    return InboundCall(
        caller=_party(source, dialect, "originator"),
        receiver=_party(source, dialect, "receiver"),
        duration=duration,
        called_at=fields.time(source, dialect, "callTime"),
        time_text=fields.text(source, "callTime") or "",
    )


def parse_sms_report(source: JsonObject, dialect: Dialect) -> SmsReport:
    """Read a delivery report; raise `CeculaUnreadableError` without id or status."""
    tracking_id = fields.text(source, *fields.TRACKING_ID)
    status = fields.status(source)
    if tracking_id is None or status is None:
        raise CeculaUnreadableError(fields.shape(source))
    return SmsReport(
        tracking_id=tracking_id,
        originator=_party(source, dialect, "originator"),
        recipient=_party(source, dialect, *fields.RECIPIENT),
        status=status,
        sent_at=fields.time(source, dialect, "sendTime"),
        done_at=fields.time(source, dialect, "doneTime"),
    )


def parse_call_report(source: JsonObject, dialect: Dialect) -> CallReport:
    """Read a call's result; raise `CeculaUnreadableError` without id or status."""
    call_id = fields.text(source, *fields.CALL_ID)
    status = fields.status(source)
    if call_id is None or status is None:
        raise CeculaUnreadableError(fields.shape(source))
    return CallReport(
        call_id=call_id,
        originator=_party(source, dialect, "originator"),
        recipient=_party(source, dialect, *fields.RECIPIENT),
        status=status,
        duration=fields.seconds(source, "callDuration"),
        called_at=fields.time(source, dialect, "callTime"),
    )


def _party(source: JsonObject, dialect: Dialect, *names: str) -> str | None:
    spelling = fields.text(source, *names)
    return None if spelling is None else _read_party(spelling, dialect.region)
