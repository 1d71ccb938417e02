"""What the provider tells us, as frozen values.

Numbers are E.164 where they can be read so, times are aware, ids are text. What
holds a number or a text has no repr, so that no log line can show it.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

# The provider works in UTC+1 without summer time (its PHP client's tests;
# for times in webhooks this is an assumption of ours).
PROVIDER_ZONE = ZoneInfo("Africa/Lagos")
PROVIDER_REGION = "NG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one line spells numbers (ISO region) and zone-less times."""

    region: str = PROVIDER_REGION
    zone: tzinfo = field(default=PROVIDER_ZONE)


class SmsStatus(StrEnum):
    """The known states of a sent SMS (provider's published reference)."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"


class CallStatus(StrEnum):
    """The known results of a placed call (provider's published reference)."""

    ANSWERED = "answered"
    NOT_ANSWERED = "not_answered"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class InboundSms:
    """A text that the SIM received.

    `sender` is None when withheld; `time_text` is the time as it was spelt,
    with a grain of one minute; `received_at` is None where that is unreadable.
    """

    sender: str | None
    receiver: str | None
    message: str
    received_at: datetime | None
    time_text: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class InboundCall:
    """A call that the SIM received. `duration` is in seconds; 0 is a missed call."""

    caller: str | None
    receiver: str | None
    duration: int
    called_at: datetime | None
    time_text: str

    @property
    def answered(self) -> bool:
        """Whether somebody, or the auto-response, took the call."""
        return self.duration > 0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SmsReport:
    """What became of a sent SMS.

    `status` is an `SmsStatus`, or what the provider said, in lower case.
    `originator` is the SIM that sent it, where the provider names one.
    """

    tracking_id: str
    originator: str | None
    recipient: str | None
    status: str
    sent_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CallReport:
    """What became of a placed call.

    `status` is a `CallStatus`, or what the provider said, in lower case.
    `duration` is in seconds, where the provider tells it.
    """

    call_id: str
    originator: str | None
    recipient: str | None
    status: str
    duration: int | None
    called_at: datetime | None


type WebhookItem = InboundSms | InboundCall | SmsReport | CallReport
type InboundItem = InboundSms | InboundCall


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableItem:
    """An item of a list that cannot be read: its shape (keys and types), no values.

    `raw` is a list of that one item as JSON, to be kept until somebody can read it.
    """

    shape: str
    raw: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AcceptedRecipient:
    """A recipient whose SMS the provider took; it may have given no tracking id."""

    recipient: str
    tracking_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SendReceipt:
    """The answer to an accepted send.

    `refused` are recipients that the answer refuses by a code of their own;
    `unconfirmed` are those that it leaves out, or gives no id where others have one.
    """

    accepted: tuple[AcceptedRecipient, ...]
    refused: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """The state of the subscription; `status` in lower case."""

    status: str
    plan: str | None
    expires_at: datetime | None

    @property
    def active(self) -> bool:
        """Whether the SIM surely may send."""
        return self.status == "active"

    @property
    def inactive(self) -> bool:
        """Whether the SIM surely may not send; of other states nobody knows."""
        return self.status == "inactive"
