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
    from collections.abc import Sequence

    from .fields import JsonObject

# Accepted (the PHP client's consumer and the older libraries).
_ACCEPTED = "1801"
_SYNC_ERROR = re.compile(r"CE\d{3,5}", re.IGNORECASE)
# With these the provider says that it did not take the request at all.
_REFUSING = frozenset(
    {HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
)


def raise_for_error(http_status: int, body: bytes) -> None:
    """Raise what an answer means that is no success, by body first, then by status.

    Raises `CeculaAuthenticationError` for 401, `CeculaRejectedError` for a CE code,
    405 and 415, `CeculaNotFoundError` for 404, and `CeculaUnavailableError` for
    every other answer but a 2xx: of those nobody knows what the provider did.
    """
    source = _object_or_empty(body)
    code = fields.text(source, *fields.SEND_CODE) or ""
    reason = fields.text(source, "error", "errorMessage", "message") or ""
    if _SYNC_ERROR.fullmatch(code):
        raise CeculaRejectedError(code.upper(), reason)
    status = _error_code(source) or http_status
    if status == HTTPStatus.UNAUTHORIZED:
        raise CeculaAuthenticationError(str(status))
    if status in _REFUSING:
        raise CeculaRejectedError(str(status), reason)
    if status == HTTPStatus.NOT_FOUND:
        raise CeculaNotFoundError(str(status))
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise CeculaUnavailableError(str(status))


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
    reports = fields.items(source, *fields.REPORT_LIST)
    accepted = _match_reports(reports or [], recipients, dialect)
    if fields.text(source, *fields.SEND_CODE) != _ACCEPTED:
        raise CeculaOutcomeUnknownError(fields.shape(source), accepted)
    if reports is None:
        return SendReceipt(
            accepted=tuple(
                AcceptedRecipient(recipient=recipient, tracking_id=None)
                for recipient in recipients
            )
        )
    named = {item.recipient for item in accepted}
    return SendReceipt(
        accepted=accepted,
        unconfirmed=tuple(item for item in recipients if item not in named),
    )


def _match_reports(
    reports: Sequence[Any], recipients: Sequence[str], dialect: Dialect
) -> tuple[AcceptedRecipient, ...]:
    """Give each recipient its id; a single report answers a single recipient."""
    ids: dict[str, str | None] = {}
    for report in reports:
        if not isinstance(report, dict):
            continue
        spelling = fields.text(report, *fields.RECIPIENT)
        recipient = parse_party(spelling, dialect.region) if spelling else None
        if recipient not in recipients and len(reports) == len(recipients) == 1:
            recipient = recipients[0]
        if recipient is not None and recipient in recipients:
            ids.setdefault(recipient, fields.text(report, *fields.TRACKING_ID))
    return tuple(
        AcceptedRecipient(recipient=recipient, tracking_id=ids[recipient])
        for recipient in recipients
        if recipient in ids
    )


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
