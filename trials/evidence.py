"""What a trial knows afterwards. All times are UTC seconds of the machine's clock."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .notes import Kind, Note

type Outcome = Literal["accepted", "refused", "unknown"]
"""What whoever asked to send was told; unknown where Home Assistant did not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One life of Home Assistant."""

    began: float
    started: float | None
    """When it said that it had started; None if it did not live to."""
    ending: float
    """When it was asked or made to end."""
    ended: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A text or a call that the provider received, and how posting it went."""

    kind: Kind
    mark: str
    """What tells it apart: the text, or the caller."""
    asked_at: float
    answered_at: float
    statuses: list[int]

    @property
    def taken(self) -> bool:
        """Tell whether Home Assistant said that it took it.

        Its core says so of any post to a webhook that nobody listens to yet.
        """
        return HTTPStatus.OK in self.statuses

    def taken_before(self, moment: float) -> bool:
        """Tell whether it was taken before a kill.

        Where the first try was taken, no later process can have answered it.
        """
        if self.statuses[:1] == [HTTPStatus.OK]:
            return self.asked_at < moment
        return self.taken and self.answered_at < moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """A text that Home Assistant was asked to send."""

    text: str
    asked_at: float
    answered_at: float
    outcome: Outcome
    tracking_ids: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A look at one of the provider's lists."""

    kind: Kind
    at: float
    empties: bool
    """Whether the provider hands out nothing of it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All of it."""

    runs: list[Run]
    arrivals: list[Arrival]
    received: Mapping[Kind, Mapping[str, float]]
    """When the provider received what, by mark."""
    reads: list[Read]
    sends: list[Send]
    left: list[tuple[str, str]]
    """Text and recipient of every SMS that left the provider."""
    notes: list[Note]
