"""What is certain of each recipient when a send has ended (rule 1)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .api.exceptions import CeculaError
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
