"""How a caller is told the end of a send: as response data or as one error."""

from typing import TYPE_CHECKING

from homeassistant.exceptions import HomeAssistantError

from .api.models import SmsStatus
from .const import DOMAIN
from .endings import Fate
from .errors import as_home_assistant_error
from .recipients import named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from homeassistant.util.json import JsonObjectType

    from .endings import SendResult
    from .recipients import Recipient, Rejection

_NOBODY = "-"


def raise_unless_accepted(result: SendResult, rejected: Sequence[Rejection]) -> None:
    """Raise `HomeAssistantError` where not one recipient was accepted."""
    if result.error is None or result.with_fate(Fate.QUEUED):
        return
    fates = {item.fate for item in result.recipients}
    if len(fates) == 1 and not rejected:
        raise as_home_assistant_error(result.error) from result.error
    raise _partly_sent(result, rejected) from result.error


def raise_unless_all_accepted(
    result: SendResult, rejected: Sequence[Rejection]
) -> None:
    """Raise one `HomeAssistantError` that tells who was reached and who was not."""
    raise_unless_accepted(result, rejected)
    if result.error is not None:
        raise _partly_sent(result, rejected) from result.error
    if rejected:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="not_to_all",
            translation_placeholders={
                "sent": _named(result.with_fate(Fate.QUEUED)),
                "rejected": named(rejected),
            },
        )


def _partly_sent(
    result: SendResult, rejected: Sequence[Rejection]
) -> HomeAssistantError:
    cause = as_home_assistant_error(result.error) if result.error else ""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="partly_sent",
        translation_placeholders={
            "sent": _named(result.with_fate(Fate.QUEUED)),
            "unknown": _named(result.with_fate(Fate.UNKNOWN)),
            "refused": _named(result.with_fate(Fate.REFUSED)),
            "not_tried": _named(result.with_fate(Fate.NOT_TRIED)),
            "rejected": named(rejected) or _NOBODY,
            "cause": str(cause),
        },
    )


def _named(recipients: Sequence[Recipient]) -> str:
    return ", ".join(item.masked for item in recipients) or _NOBODY


def raise_unless_all_delivered(result: SendResult, statuses: Mapping[str, str]) -> None:
    """Raise `HomeAssistantError` where the waiting ended without a delivery."""
    by_status: dict[str, list[Recipient]] = {}
    for item in result.recipients:
        status = statuses.get(item.tracking_id or "", item.fate)
        by_status.setdefault(status, []).append(item.recipient)
    delivered = by_status.pop(SmsStatus.DELIVERED, [])
    failed = [
        recipient
        for status in (SmsStatus.FAILED, SmsStatus.EXPIRED)
        for recipient in by_status.pop(status, [])
    ]
    still_open = [recipient for each in by_status.values() for recipient in each]
    if failed or still_open:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="not_delivered",
            translation_placeholders={
                "delivered": _named(delivered),
                "failed": _named(failed),
                "open": _named(still_open),
            },
        )


def as_response(
    result: SendResult, rejected: Sequence[Rejection], statuses: Mapping[str, str]
) -> JsonObjectType:
    """Return the response data of a send, with what is known of each delivery."""
    return {
        "recipients": [
            {
                "recipient": item.recipient.number,
                "contact": item.recipient.contact.name
                if item.recipient.contact
                else None,
                "tracking_id": item.tracking_id,
                "status": statuses.get(item.tracking_id or "", item.fate),
            }
            for item in result.recipients
        ],
        "rejected": [
            {"recipient": item.recipient, "reason": item.reason} for item in rejected
        ],
        "encoding": result.size.encoding,
        "pages": result.size.pages,
    }
