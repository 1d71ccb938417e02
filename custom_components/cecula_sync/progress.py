"""How far a sent SMS or a placed call got; pure."""

from dataclasses import dataclass
from typing import Final

from .api.models import CallStatus, SmsStatus

_RANKS: Final[dict[str, int]] = {
    SmsStatus.QUEUED: 0,
    SmsStatus.SENT: 1,
    SmsStatus.DELIVERED: 2,
    SmsStatus.FAILED: 2,
    SmsStatus.EXPIRED: 2,
    CallStatus.ANSWERED: 2,
    CallStatus.NOT_ANSWERED: 2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an SMS or call got: its status, and every status that was told."""

    status: str
    told: frozenset[str] = frozenset()

    @property
    def final(self) -> bool:
        """Whether no later report can change the status."""
        return _RANKS.get(self.status, 0) == _RANKS[SmsStatus.DELIVERED]


def advance(progress: Progress, reported: str) -> Progress | None:
    """Return the progress after a report, or None where it brings no news.

    Late, repeated and out-of-order reports never move a status backwards. A status
    that nobody knows is told once, and kept until a known one that is further.
    """
    if progress.final or reported in progress.told:
        return None
    told = progress.told | {reported}
    if reported not in _RANKS:
        return Progress(status=reported, told=told)
    furthest = max((_RANKS.get(status, -1) for status in progress.told), default=-1)
    if _RANKS[reported] <= furthest:
        return None
    return Progress(status=reported, told=told)


# An accepted SMS waits in the provider's queue; of all else nothing is known at first.
SMS_ACCEPTED: Final = Progress(
    status=SmsStatus.QUEUED, told=frozenset({SmsStatus.QUEUED})
)
UNKNOWN: Final = Progress(status="unknown")
