"""What is certain of each recipient when a send has ended."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from .api.exceptions import CeculaOutcomeUnknownError, CeculaRejectedError, SyncError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .api.exceptions import CeculaError
    from .api.models import AcceptedRecipient, SendReceipt
    from .api.text import TextSize
    from .recipients import Recipient


class Fate(StrEnum):
    """What is certain about one recipient when a send has ended."""

    QUEUED = "queued"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NOT_TRIED = "not_tried"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRecipient:
    """One recipient of a send, and what is certain about it."""

    recipient: Recipient
    fate: Fate
    tracking_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResult:
    """The end of a send, recipient by recipient; `error` is what stopped it."""

    recipients: tuple[SentRecipient, ...]
    size: TextSize
    error: CeculaError | None = None

    @property
    def tracking_ids(self) -> list[str]:
        """Return the ids that the provider gave."""
        return [item.tracking_id for item in self.recipients if item.tracking_id]

    def with_fate(self, fate: Fate) -> list[Recipient]:
        """Return the recipients that share a fate."""
        return [item.recipient for item in self.recipients if item.fate is fate]


# Hears what is certain of the recipients of one request, as soon as it is.
type OnEnd = Callable[[Sequence[SentRecipient]], None]


def ids_of(accepted: Iterable[AcceptedRecipient]) -> dict[str, str | None]:
    """Return the ids that the provider gave, by the numbers that it accepted."""
    return {item.recipient: item.tracking_id for item in accepted}


def fates_of(receipt: SendReceipt) -> dict[str, Fate]:
    """Return what a receipt makes certain of each number."""
    return (
        dict.fromkeys(ids_of(receipt.accepted), Fate.QUEUED)
        | dict.fromkeys(receipt.refused, Fate.REFUSED)
        | dict.fromkeys(receipt.unconfirmed, Fate.UNKNOWN)
    )


def error_of(receipt: SendReceipt) -> CeculaError | None:
    """Return what keeps a receipt from being good news for all."""
    if receipt.unconfirmed:
        return CeculaOutcomeUnknownError("recipients left out")
    if receipt.refused:
        return CeculaRejectedError(SyncError.NO_VALID_RECIPIENT)
    return None
