"""Reading of the provider's answers, as pure functions.

The HTTP status that carries a Sync error is not documented, so every answer is
searched for its code, a 200 too.
"""

from http import HTTPStatus
import re
from typing import TYPE_CHECKING, Any

from . import fields
from .exceptions import (
    CeculaAuthenticationError,
    CeculaNotFoundError,
    CeculaOutcomeUnknownError,
    CeculaRejectedError,
    CeculaUnavailableError,
    CeculaUnreadableError,
)
from .models import AcceptedRecipient, Dialect, SendReceipt, Subscription
from .numbers import InvalidNumberError, own_number, parse_party

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .fields import JsonObject

# Accepted (the PHP client's consumer and the older libraries).
_ACCEPTED = "1801"
_SYNC_ERROR = re.compile(r"CE\d{3,5}")
# With these the provider says that it did not take the request at all.
_REFUSING = frozenset(
    {
        HTTPStatus.METHOD_NOT_ALLOWED.value,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE.value,
    }
)


def raise_for_error(http_status: int, body: bytes) -> None:
    """Raise what an answer means that is no success, by body first, then by status.

    Raises `CeculaAuthenticationError` for 401, `CeculaRejectedError` for a CE code,
    405 and 415, `CeculaNotFoundError` for 404, and `CeculaUnavailableError` for
    every other answer but a 2xx: of those nobody knows what the provider did.
    """
    source = _object_or_empty(body)
    reason = fields.text(source, "error", "errorMessage", "message") or ""
    if (code := _sync_error(source)) is not None:
        raise CeculaRejectedError(code, reason)
    statuses = {http_status, _error_code(source) or http_status}
    if HTTPStatus.UNAUTHORIZED in statuses:
        raise CeculaAuthenticationError(str(HTTPStatus.UNAUTHORIZED.value))
    if refusing := statuses & _REFUSING:
        raise CeculaRejectedError(str(min(refusing)), reason)
    if HTTPStatus.NOT_FOUND in statuses:
        raise CeculaNotFoundError(str(HTTPStatus.NOT_FOUND.value))
    for status in statuses:
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise CeculaUnavailableError(str(status))


def _codes(source: JsonObject) -> set[str]:
    """Return all codes of an answer; `status` may hold words beside one."""
    found = (fields.text(source, name) for name in fields.SEND_CODE)
    return {code.upper() for code in found if code is not None}


def _sync_error(source: JsonObject) -> str | None:
    codes = (code for code in _codes(source) if _SYNC_ERROR.fullmatch(code))
    return min(codes, default=None)


def _error_code(source: JsonObject) -> int | None:
    value = fields.number(source, "errorCode")
    return None if value is None else int(value)


def _object_or_empty(body: bytes) -> JsonObject:
    try:
        return fields.as_object(fields.decode(body))
    except CeculaUnreadableError:
        return {}


def parse_receipt(
    body: bytes, recipients: Sequence[str], dialect: Dialect
) -> SendReceipt:
    """Read the answer to a send, which the HTTP status called a success.

    Raises `CeculaOutcomeUnknownError`, with the recipients that were given an id,
    when the answer can't be read or does not say that the SMS was accepted.
    """
    try:
        source = fields.as_object(fields.decode(body))
    except CeculaUnreadableError as err:
        raise CeculaOutcomeUnknownError(str(err)) from err
    listed = fields.items(source, *fields.REPORT_LIST)
    reports = _match_reports(listed or [], recipients, dialect)
    ids: dict[str, str | None] = {
        recipient: tracking_id
        for recipient in recipients
        if (report := reports.get(recipient)) is not None
        and (tracking_id := fields.text(report, *fields.TRACKING_ID)) is not None
    }
    if _ACCEPTED not in _codes(source):
        raise CeculaOutcomeUnknownError(fields.shape(source), _as_accepted(ids))
    refused = tuple(
        recipient
        for recipient, report in reports.items()
        if recipient not in ids and _sync_error(report) is not None
    )
    if not ids and not refused:
        named = recipients if listed is None else reports
        ids = dict.fromkeys(named)
    return SendReceipt(
        accepted=_as_accepted(ids),
        refused=refused,
        unconfirmed=tuple(
            item for item in recipients if item not in ids and item not in refused
        ),
    )


def _as_accepted(ids: Mapping[str, str | None]) -> tuple[AcceptedRecipient, ...]:
    return tuple(
        AcceptedRecipient(recipient=recipient, tracking_id=tracking_id)
        for recipient, tracking_id in ids.items()
    )


def _match_reports(
    reports: Sequence[Any], recipients: Sequence[str], dialect: Dialect
) -> dict[str, JsonObject]:
    """Give each recipient its report; a single one answers a single recipient."""
    matched: dict[str, JsonObject] = {}
    for report in reports:
        if not isinstance(report, dict):
            continue
        spelling = fields.text(report, *fields.RECIPIENT)
        recipient = parse_party(spelling, dialect.region) if spelling else None
        if recipient not in recipients and len(reports) == len(recipients) == 1:
            recipient = recipients[0]
        if recipient is not None and recipient in recipients:
            matched.setdefault(recipient, report)
    return matched


def parse_call_id(body: bytes) -> str:
    """Read the id of a placed call.

    Raises `CeculaOutcomeUnknownError`: without an id nobody knows if it rang.
    """
    try:
        source = fields.as_object(fields.decode(body))
    except CeculaUnreadableError as err:
        raise CeculaOutcomeUnknownError(str(err)) from err
    if (call_id := fields.text(source, *fields.CALL_ID)) is None:
        raise CeculaOutcomeUnknownError(fields.shape(source))
    return call_id


def parse_balance(body: bytes) -> float:
    """Read the balance in Cecula credit; a double, by the provider's reference."""
    source = fields.as_object(fields.decode(body))
    if (balance := fields.number(source, "balance")) is None:
        raise CeculaUnreadableError(fields.shape(source))
    return balance


def parse_number(body: bytes) -> str:
    """Read the dedicated number, as E.164."""
    source = fields.as_object(fields.decode(body))
    if (msisdn := fields.text(source, "msisdn")) is None:
        raise CeculaUnreadableError(fields.shape(source))
    try:
        return own_number(msisdn)
    except InvalidNumberError as err:
        raise CeculaUnreadableError(fields.shape(source)) from err


def parse_subscription(body: bytes, dialect: Dialect) -> Subscription:
    """Read the subscription; only its status must be there."""
    source = fields.as_object(fields.decode(body))
    if (status := fields.text(source, "subscriptionStatus")) is None:
        raise CeculaUnreadableError(fields.shape(source))
    return Subscription(
        status=status.lower(),
        plan=fields.text(source, "subscriptionPlan"),
        expires_at=fields.time(source, dialect, "expiryDate"),
    )


def parse_sim_status(body: bytes) -> str:
    """Read the SIM's state in lower case ("ready", "in call")."""
    source = fields.as_object(fields.decode(body))
    if (status := fields.text(source, *fields.SIM_STATUS)) is None:
        raise CeculaUnreadableError(fields.shape(source))
    return status.lower()
