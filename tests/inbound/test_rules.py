"""Whatever comes in, in whatever order and by whatever way: each item is told once.

Hypothesis makes up what happens to one house, by HTTP, in the provider's lists and on
the clock; what the house tells is held against the rules (`rules`).
"""

from collections import Counter, deque
from collections.abc import Coroutine
from enum import Enum, auto
from itertools import count
from typing import Any, Final, NamedTuple

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from simulator import IncomingCall, IncomingSms

from .disk import Disk
from .house import LISTS, STRIDE, Came, Heard, House
from .rules import Rules


class Way(Enum):
    """How the webhook fares with an item that came to the SIM."""

    POSTED = auto()
    LOST = auto()
    POSTED_LATER = auto()
    REFUSED = auto()
    REFUSED_AND_POSTED_AGAIN = auto()
    BROKEN_OFF = auto()
    BROKEN_OFF_AND_POSTED_AGAIN = auto()
    POSTED_AGAIN_BEFORE_THE_ANSWER = auto()
    POSTED_AGAIN_AFTER_THE_ANSWER = auto()


class What(Enum):
    """What comes to the SIM."""

    OPEN = auto()
    CLOSE = auto()
    MISSED_CALL = auto()
    ANSWERED_CALL = auto()


class Comes(NamedTuple):
    """An item comes to the SIM."""

    what: What
    way: Way


class Posts(NamedTuple):
    """The provider posts what it has not posted yet, the oldest."""


class Looks(NamedTuple):
    """Somebody has the house look."""


class Waits(NamedTuple):
    """Time passes."""

    seconds: int


class Fails(NamedTuple):
    """The provider's lists can't be read for some time."""

    seconds: int


class Restarts(NamedTuple):
    """The house knows no more than what lies on disk."""


class Lists(NamedTuple):
    """What the documents leave open about the lists."""

    sms_list_empties: bool
    call_list_empties: bool
    unread_after_webhook: bool


type Step = Comes | Posts | Looks | Waits | Fails | Restarts

# While the house polls, it looks every minute, and nothing depends on longer waits.
SECONDS: Final = {
    "webhook": [1, 20, 59, 89, 90, 150, 600, 1200],
    "polling": [1, 20, 59, 60, 61, 150],
}
EQUAL_ITEMS = st.builds(Comes, st.just(What.OPEN), st.sampled_from(Way))
ITEMS = st.builds(Comes, st.sampled_from(What), st.sampled_from(Way))
LISTS_OF_A_PROVIDER = st.builds(Lists, st.booleans(), st.booleans(), st.booleans())


def steps_of(inbound: str) -> st.SearchStrategy[list[Step]]:
    """Return what may happen to a house."""
    step = st.one_of(
        EQUAL_ITEMS,
        ITEMS,
        st.builds(Posts),
        st.builds(Looks),
        st.builds(Waits, st.sampled_from(SECONDS[inbound])),
        st.builds(Fails, st.sampled_from([60, 240, 400])),
        st.builds(Restarts),
    )
    return st.lists(step, min_size=1, max_size=9)


class Story:
    """One sequence of events, told to the house and to the rules."""

    def __init__(self, house: House, disk: Disk, number: int, *, polling: bool) -> None:
        """Take a number, which makes what comes unlike that of other stories."""
        self._house = house
        self._disk = disk
        self._name = f"Story {number}"
        self._caller = f"+234803{number:07}"
        self._rules = Rules(polling=polling)
        self._not_posted: deque[Came] = deque()
        self._came: list[Came] = []

    async def play(self, lists: Lists, steps: list[Step]) -> None:
        """See after each step that all was heard that must be, and nothing else."""
        for name, value in lists._asdict().items():
            setattr(self._house.line.switches, name, value)
        await self._begin()
        for step in [*steps, Waits(STRIDE), Looks(), Waits(120)]:
            match step:
                case Comes():
                    await self._come(step.what, step.way)
                case Posts():
                    if self._not_posted:
                        await self._post(self._not_posted.popleft())
                case Looks():
                    await self._look()
                case Waits():
                    await self._wait(step.seconds)
                case Fails():
                    await self._fail(step.seconds)
                case Restarts():
                    await self._restart()
            assert in_order(self._house.heard) == in_order(self._rules.must_be_heard)

    async def _begin(self) -> None:
        """Begin at the start of a minute, after a good look that found nothing."""
        self._house.line.received.clear()
        self._house.line.received_calls.clear()
        # Nothing waits any more of a story that broke off.
        await self._house.stride(180 - now() % 60)
        self._house.heard.clear()
        await self._look()

    async def _come(self, what: What, way: Way) -> None:
        house = self._house
        match what:
            case What.OPEN | What.CLOSE:
                came = house.text(f"{self._name}: {what.name}", self._caller)
            case What.MISSED_CALL | What.ANSWERED_CALL:
                came = house.call(self._caller, 5 * (what is What.ANSWERED_CALL))
        self._came.append(came)
        match way:
            case Way.POSTED_LATER:
                self._not_posted.append(came)
            case Way.POSTED_AGAIN_BEFORE_THE_ANSWER:
                answered = await house.post_at_once(came, self._disk)
                self._rules.post(came.key, came.body, answered=answered)
                self._rules.post(came.key, came.body, answered=True)
            case Way.REFUSED | Way.REFUSED_AND_POSTED_AGAIN:
                with self._disk.broken():
                    status = await house.post(came)
                # What lies on disk already can be answered without it.
                self._rules.post(came.key, came.body, answered=status == 200)
            case Way.BROKEN_OFF | Way.BROKEN_OFF_AND_POSTED_AGAIN:
                answered = await house.break_off(came, self._disk)
                self._rules.post(came.key, came.body, answered=answered)
            case Way.POSTED | Way.POSTED_AGAIN_AFTER_THE_ANSWER:
                await self._post(came)
        if "AGAIN" in way.name and way is not Way.POSTED_AGAIN_BEFORE_THE_ANSWER:
            await self._post(came)

    async def _post(self, came: Came) -> None:
        assert await self._house.post(came) == 200
        self._rules.post(came.key, came.body, answered=True)

    async def _look(self) -> None:
        await self._watched(self._house.look())

    async def _wait(self, seconds: int) -> None:
        while seconds:
            stride = min(seconds, STRIDE)
            seconds -= stride
            await self._watched(self._house.stride(stride))

    async def _fail(self, seconds: int) -> None:
        simulator = self._house.simulator
        for operation in LISTS.values():
            simulator.arm("http_500", operation=operation, times=0)
        try:
            await self._wait(seconds)
        finally:
            simulator.disarm()

    async def _restart(self) -> None:
        await self._house.close()
        self._rules.pass_to(now())
        self._rules.restart(now())
        await self._watched(self._house.set_up())

    async def _watched(self, happening: Coroutine[Any, Any, None]) -> None:
        """Let something happen, and tell the rules what the lists answered."""
        unread: dict[str, list[IncomingSms] | list[IncomingCall]] = {
            "sms": self._house.line.inbox,
            "call": self._house.line.missed_calls,
        }
        keys = {id(came.record): came.key for came in self._came}
        self._house.simulator.world.requests.clear()
        await happening
        self._rules.pass_to(now())
        for request in self._house.simulator.requests:
            for kind, operation in LISTS.items():
                if request.operation == operation and request.answered == 200:
                    found = Counter(keys[id(record)] for record in unread[kind])
                    self._rules.answer(kind, found, now())


def now() -> int:
    """Return the time of the frozen clock in whole seconds."""
    return round(dt_util.utcnow().timestamp())


def in_order(heard: list[Heard]) -> list[Heard]:
    """Return it in an order of its own; two that fall due at once have none."""
    return sorted(heard)


@pytest.mark.parametrize("inbound", ["webhook", "polling"])
def test_each_item_is_told_once_and_in_time(
    hass: HomeAssistant, house: House, disk: Disk, inbound: str
) -> None:
    """One house lives through all stories; each has texts and callers of its own."""
    hass.loop.run_until_complete(house.set_up(inbound=inbound))
    # Where each future was made is not worth half of the time.
    hass.loop.set_debug(False)
    numbers = count(1)

    @settings(
        deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(LISTS_OF_A_PROVIDER, steps_of(inbound))
    def live(lists: Lists, steps: list[Step]) -> None:
        story = Story(house, disk, next(numbers), polling=inbound == "polling")
        hass.loop.run_until_complete(story.play(lists, steps))

    live()
