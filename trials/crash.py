"""The crash test: Home Assistant is killed again and again while its phone is busy."""

import asyncio
from dataclasses import asdict
from datetime import datetime
from enum import Enum, auto
from itertools import cycle
import json
import time
from typing import TYPE_CHECKING

from .evidence import Evidence, Read, Run
from .traffic import Traffic
from .verdict import Verdict, judge

if TYPE_CHECKING:
    from random import Random

    from demo.websocket import Json

    from .house import House
    from .notes import Kind, Note

# A look holds what it found for 90 seconds, in case its webhook comes.
QUIET_SECONDS = 110
_LONGEST_BUSY_SECONDS = 8
_LONGEST_WAIT_FOR_NEWS = 15
_SHORTEST_LIFE = 0.2
# Between telling and noting lie a few milliseconds; a kill is to fall among them.
_LONGEST_HESITATION = 0.008
# What a look found is told in a quiet house, where no post hurries what is noted.
_BUSY_SECONDS_BEFORE_FINDS = 75
_LONGEST_HESITATION_AFTER_FIND = 0.9
# The integration's doors open one second after the start.
_OPENING_SECONDS = (0.9, 1.4)
# So long that a kill often falls between sending a text and hearing of it.
_SLOW_SECONDS = 0.6
_START_AND_A_BIT = 1.2
_RETRIES = (0, 2)
_LISTS: dict[Kind, str] = {"sms": "get-new-sms", "call": "new-missed-calls"}


class Moment(Enum):
    """When Home Assistant is killed."""

    STARTING = auto()
    BUSY = auto()
    OPENING = auto()
    """About when what was parked is told, and the provider's lists are read."""
    TELLING = auto()
    """Just after it told an item."""
    TELLING_LATE = auto()
    """Just after it told an item that a look had found; that takes 90 seconds."""


_MOMENTS = (
    Moment.TELLING,
    Moment.STARTING,
    Moment.BUSY,
    Moment.OPENING,
    Moment.STARTING,
)
_KILLS_PER_LATE_ONE = 25


class CrashTest:
    """Kills one house many times, and judges what became of its texts and calls."""

    def __init__(self, house: House, random: Random, *, kills: int) -> None:
        """Take what is to be killed, and how often."""
        self._house = house
        self._random = random
        self._kills = kills
        self._runs: list[Run] = []
        self._emptied: dict[Kind, list[tuple[float, bool]]] = {"sms": [], "call": []}
        self._start_seconds = 10.0

    async def run(self) -> Verdict:
        """Do it all; takes about nine seconds for each kill."""
        async with Traffic(self._house, self._random) as traffic:
            moments = cycle(_MOMENTS)
            for number in range(1, self._kills + 1):
                moment = next(moments)
                if number % _KILLS_PER_LATE_ONE == 0:
                    moment = Moment.TELLING_LATE
                self._runs.append(await self._live_until(moment, traffic))
                self._say(number, moment, traffic)
        await self._house.start()
        await self._house.until_started()
        print(f"Waiting {QUIET_SECONDS} s, until all that was held is told ...")
        await asyncio.sleep(QUIET_SECONDS)
        self._runs.append(await self._house.stop())
        evidence = await self._evidence(traffic)
        kept = json.dumps(asdict(evidence), default=str)
        (self._house.path / "evidence.json").write_text(kept)
        return judge(evidence)

    async def _live_until(self, moment: Moment, traffic: Traffic) -> Run:
        await self._vary()
        await self._house.start()
        if moment is Moment.STARTING:
            longest = self._start_seconds * _START_AND_A_BIT
            await asyncio.sleep(self._random.uniform(_SHORTEST_LIFE, longest))
        else:
            await self._house.until_started()
            await self._until(moment, traffic)
        run = await self._house.kill()
        traffic.paused = False
        if run.started is not None:
            self._start_seconds = run.started - run.began
        return run

    async def _until(self, moment: Moment, traffic: Traffic) -> None:
        uniform = self._random.uniform
        match moment:
            case Moment.BUSY:
                await asyncio.sleep(uniform(_SHORTEST_LIFE, _LONGEST_BUSY_SECONDS))
            case Moment.OPENING:
                await asyncio.sleep(uniform(*_OPENING_SECONDS))
            case Moment.TELLING_LATE:
                await asyncio.sleep(_BUSY_SECONDS_BEFORE_FINDS)
                traffic.paused = True
                await self._house.until_noted(_is_find, within=QUIET_SECONDS)
                await asyncio.sleep(uniform(0, _LONGEST_HESITATION_AFTER_FIND))
            case _:
                await self._house.until_noted(_is_item, within=_LONGEST_WAIT_FOR_NEWS)
                await asyncio.sleep(uniform(0, _LONGEST_HESITATION))

    async def _vary(self) -> None:
        """Have another provider: its documents leave open how it is."""
        empties = {kind: self._random.random() < 1 / 2 for kind in _LISTS}
        act = self._house.phone.act
        await act("disarm", fault="slow")
        if self._random.random() < 1 / 2:
            slow = {"operation": "send-sms", "seconds": _SLOW_SECONDS, "times": 0}
            await act("arm", fault="slow", **slow)
        await act(
            "set_switches",
            sms_list_empties=empties["sms"],
            call_list_empties=empties["call"],
            webhook_retries=self._random.choice(_RETRIES),
        )
        now = time.time()
        for kind, these in self._emptied.items():
            these.append((now, empties[kind]))

    def _say(self, number: int, moment: Moment, traffic: Traffic) -> None:
        run = self._runs[-1]
        told = [note.late for note in self._house.notes.read() if note.item]
        lived = run.ending - run.began
        state = "up" if run.started else "starting"
        words = moment.name.lower().replace("_", " ")
        print(
            f"{number:3}/{self._kills} {words}: killed after {lived:.1f} s, {state}; "
            f"so far {len(traffic.arrivals)} in, {told.count(False)} told live, "
            f"{told.count(True)} late, {len(traffic.sends)} out",
            flush=True,
        )

    async def _evidence(self, traffic: Traffic) -> Evidence:
        line = await self._house.phone.line()
        return Evidence(
            runs=self._runs,
            arrivals=traffic.arrivals,
            received=_received(line),
            reads=await self._reads(),
            sends=traffic.sends,
            left=[(sms["text"], sms["recipient"]) for sms in line["sent"]],
            notes=self._house.notes.read(),
        )

    async def _reads(self) -> list[Read]:
        """Return the looks since the first start of the trial."""
        found = []
        for kind, operation in _LISTS.items():
            for request in await self._house.phone.requests(operation):
                at = _seconds(request["at"])
                past = [empties for since, empties in self._emptied[kind] if since < at]
                if past:
                    found.append(Read(kind=kind, at=at, empties=past[-1]))
        return found


def _is_item(note: Note) -> bool:
    return note.item is not None


def _is_find(note: Note) -> bool:
    return _is_item(note) and note.data["channel"] == "poll"


def _received(line: Json) -> dict[Kind, dict[str, float]]:
    return {
        "sms": {sms["text"]: _seconds(sms["received_at"]) for sms in line["received"]},
        "call": {
            call["caller"]: _seconds(call["called_at"])
            for call in line["received_calls"]
        },
    }


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
