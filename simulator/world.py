"""All that the provider is: its lines, its clock, and what can go wrong."""

import asyncio
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from .clock import Clock
from .faults import ANY, WEBHOOK_KINDS, Fault, FaultBox
from .line import Line
from .operations import ENDPOINTS, OPERATIONS
from .poster import Poster
from .spelling import is_international

if TYPE_CHECKING:
    from datetime import datetime

    from .records import ReceivedRequest

type Fate = Literal["DELIVERED", "FAILED", "EXPIRED", "SENT"]

FATES = ("DELIVERED", "FAILED", "EXPIRED", "SENT")
FIRST_TRACKING_ID = 16276
FIRST_CALL_ID = 2020012445
_PLACES = {ANY, ENDPOINTS, *WEBHOOK_KINDS, *(each.name for each in OPERATIONS)}
_KEPT_REQUESTS = 100_000


@dataclass(slots=True, kw_only=True)
class Phone:
    """A phone outside: who owns it, and what it does by itself."""

    number: str
    name: str = ""
    fate: Fate = "DELIVERED"
    """Where an SMS to it ends; SENT stays open for ever."""
    answers: bool | None = None
    """Whether it takes a call by itself; None leaves it to the line."""


@dataclass(slots=True)
class Ids:
    """The provider's counters."""

    tracking: int = FIRST_TRACKING_ID
    call: int = FIRST_CALL_ID

    def next_tracking_id(self) -> str:
        """Return an id that no SMS had before."""
        self.tracking += 1
        return str(self.tracking - 1)

    def next_call_id(self) -> str:
        """Return an id that no call had before."""
        self.call += 1
        return str(self.call - 1)


@dataclass(slots=True)
class World:
    """The provider's whole state."""

    clock: Clock = field(default_factory=Clock)
    faults: FaultBox = field(default_factory=FaultBox)
    ids: Ids = field(default_factory=Ids)
    lines: list[Line] = field(default_factory=list)
    phones: dict[str, Phone] = field(default_factory=dict)
    requests: deque[ReceivedRequest] = field(
        default_factory=lambda: deque(maxlen=_KEPT_REQUESTS)
    )
    version: int = 0
    poster: Poster = field(init=False)
    _change: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Give the provider a client of its own."""
        self.poster = Poster(self.clock)

    def add_line(self, *, api_key: str, msisdn: str, **state: Any) -> Line:
        """Add a dedicated number; its key and its number are its own."""
        line = Line(self, api_key=api_key, msisdn=msisdn, **state)
        for other in self.lines:
            if other.api_key == api_key or other.msisdn == msisdn:
                message = f"A line with this key or number exists: {other.msisdn}"
                raise ValueError(message)
        self.lines.append(line)
        self.changed()
        return line

    def line(self, number: str) -> Line:
        """Return the line with this number, however it is spelt."""
        for line in self.lines:
            if line.region.normalise(number).lstrip("+") == line.msisdn[1:]:
                return line
        message = f"There is no line {number!r}"
        raise LookupError(message)

    def line_of_key(self, api_key: str) -> Line | None:
        """Return the line that a key opens."""
        return next((each for each in self.lines if each.api_key == api_key), None)

    def phone(self, number: str) -> Phone:
        """Return the phone with this number, to be changed at will."""
        return self.phones.setdefault(number, Phone(number=number))

    def set_phone(self, number: str, **how: Any) -> Phone:
        """Set a phone's name, what an SMS to it becomes, and whether it answers."""
        if not is_international(number):
            message = f"A phone's number is spelt +<country><number>, not {number!r}"
            raise ValueError(message)
        if how.get("fate", "SENT") not in FATES:
            message = f"There is no fate {how['fate']!r}"
            raise ValueError(message)
        phone = self.phones[number] = replace(self.phone(number), **how)
        self.changed()
        return phone

    def look_up(self, number: str) -> Phone:
        """Return the phone with this number; any number has one."""
        return self.phones.get(number) or Phone(number=number)

    def arm(
        self,
        fault: str,
        *,
        operation: str = ANY,
        times: int = 1,
        line: str | None = None,
        **params: Any,
    ) -> Fault:
        """Let a fault befall an operation, or a kind of webhook, so many times."""
        if operation not in _PLACES:
            message = f"There is no operation {operation!r}"
            raise ValueError(message)
        number = self.line(line).msisdn if line is not None else None
        armed = self.faults.arm(
            fault, operation=operation, times=times, line=number, **params
        )
        self.changed()
        return armed

    def disarm(self, fault: str | None = None) -> None:
        """Call off all faults, or those of one name."""
        self.faults.disarm(fault)
        self.changed()

    def changed(self) -> None:
        """Tell all who watch that something is different now."""
        self.version += 1
        self._change.set()
        self._change = asyncio.Event()

    def watch(self) -> asyncio.Event:
        """Return what will be set as soon as something is different."""
        return self._change

    def now(self) -> datetime:
        """Return the provider's time."""
        return self.clock.now()
