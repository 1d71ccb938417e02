"""What passes through a line, and what arrives at the server."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .gsm import Encoding

type Origin = Literal["api", "sms_auto_reply", "call_auto_reply"]

FINAL_SMS_STATUSES = frozenset({"DELIVERED", "FAILED", "EXPIRED"})
RINGING = "RINGING"
ANSWERED = "ANSWERED"
NOT_ANSWERED = "NOT ANSWERED"


@dataclass(slots=True, kw_only=True)
class OutgoingSms:
    """One SMS to one recipient."""

    tracking_id: str
    recipient: str
    text: str
    encoding: Encoding
    pages: int
    cost: float
    origin: Origin
    queued_at: datetime
    status: str = "QUEUED"
    sent_at: datetime | None = None
    done_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class OutgoingCall:
    """One phone that the line rings."""

    call_id: str
    recipient: str
    cost: float
    called_at: datetime
    status: str = RINGING

    @property
    def ringing(self) -> bool:
        """Tell whether nobody decided yet."""
        return self.status == RINGING


@dataclass(slots=True, kw_only=True)
class IncomingSms:
    """One SMS that the line received; unread until it is handed out."""

    sender: str
    text: str
    received_at: datetime
    unread: bool = True


@dataclass(slots=True, kw_only=True)
class IncomingCall:
    """One call that the line received; a duration of 0 is a missed call."""

    caller: str
    duration: int
    called_at: datetime
    unread: bool = True

    @property
    def missed(self) -> bool:
        """Tell whether nobody answered."""
        return self.duration == 0


@dataclass(slots=True, kw_only=True)
class ReceivedRequest:
    """One request as it arrived, whatever became of it."""

    operation: str
    """The name in the provider's table; empty for an unknown path."""
    method: str
    path: str
    headers: Mapping[str, str]
    """Without the key."""
    at: datetime
    line: str | None = None
    """The number of the line whose key it carried."""
    body: Any = None
    """The JSON of the body; None without one."""
    raw_body: str = ""
    processed: bool = False
    """Whether the provider did what was asked."""
    fault: str | None = None
    answered: int | None = field(default=None)
    """The HTTP status of the answer; None while or where there is none."""

    @property
    def authorised(self) -> bool:
        """Tell whether it carried the key of a line."""
        return self.line is not None
