"""The start test: Home Assistant is restarted while texts come in all the time."""

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from demo.line import ADA_NUMBER

from .crash import QUIET_SECONDS
from .notes import AUTOMATION, LISTENS
from .traffic import receive

if TYPE_CHECKING:
    from .evidence import Arrival, Run
    from .house import House
    from .notes import Note

_SECONDS_BETWEEN_POSTS = 0.05
_SECONDS_BEFORE = 3
_SECONDS_AFTER = 6

AUTOMATIONS = """
- alias: Live
  mode: parallel
  max: 5000
  triggers:
    - trigger: event
      event_type: cecula_sync_sms_received
  actions:
    - action: witness.note
      data:
        message: "{{ trigger.event.data.message }}"
        late: false
- alias: Late
  mode: parallel
  max: 5000
  triggers:
    - trigger: event
      event_type: cecula_sync_sms_received_late
  actions:
    - action: witness.note
      data:
        message: "{{ trigger.event.data.message }}"
        late: true
"""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Two lives, what was posted meanwhile, and what ran an automation."""

    old: Run
    new: Run
    arrivals: list[Arrival]
    notes: list[Note]

    def phase_of(self, arrival: Arrival) -> str:
        """Return what Home Assistant did when it answered."""
        listens = next(
            note.at
            for note in self.notes
            if note.kind == LISTENS and note.at > self.new.began
        )
        started = self.new.started or self.new.ending
        phases = {
            "before": self.old.ending,
            "while it stopped": self.old.ended,
            "before it listened": listens,
            "while it started": started,
            "after": self.new.ending,
        }
        return next(
            name for name, until in phases.items() if arrival.answered_at < until
        )

    def runs_for(self, arrival: Arrival) -> list[Note]:
        """Return the runs of automations that a text caused."""
        return self._runs[arrival.mark]

    @cached_property
    def _runs(self) -> defaultdict[str, list[Note]]:
        found: defaultdict[str, list[Note]] = defaultdict(list)
        for note in self.notes:
            if note.kind == AUTOMATION:
                found[note.data["message"]].append(note)
        return found


async def run(house: House) -> Outcome:
    """Restart a house; takes about two and a half minutes."""
    await house.start()
    await house.until_started()
    enough = asyncio.Event()
    posting = asyncio.create_task(_post(house, enough))
    await asyncio.sleep(_SECONDS_BEFORE)
    old = await house.stop()
    await house.start()
    await house.until_started()
    await asyncio.sleep(_SECONDS_AFTER)
    enough.set()
    arrivals = await posting
    print(f"Waiting {QUIET_SECONDS} s, until all that was held is told ...", flush=True)
    await asyncio.sleep(QUIET_SECONDS)
    notes = list(house.notes.read())
    return Outcome(old=old, new=await house.stop(), arrivals=arrivals, notes=notes)


async def _post(house: House, enough: asyncio.Event) -> list[Arrival]:
    """Let texts come in until it is enough."""
    async with asyncio.TaskGroup() as group:
        posts: list[asyncio.Task[Arrival]] = []
        while not enough.is_set():
            text = f"in {len(posts)}"
            work = receive(house.phone, "sms", text, ADA_NUMBER)
            posts.append(group.create_task(work))
            await asyncio.sleep(_SECONDS_BETWEEN_POSTS)
    return [post.result() for post in posts]


def table(outcome: Outcome) -> str:
    """Return what became of the posts, a line for each phase."""
    counts: dict[str, Counter[str]] = {}
    for arrival in outcome.arrivals:
        count = counts.setdefault(outcome.phase_of(arrival), Counter())
        count["posts"] += 1
        count[_answer(arrival)] += 1
        count[_fate(outcome.runs_for(arrival))] += 1
    return "\n".join(
        f"{phase:<18} " + ", ".join(f"{name} {n}" for name, n in count.items())
        for phase, count in counts.items()
    )


def violations(outcome: Outcome) -> list[str]:
    """Return each text that did not run exactly one automation."""
    told = Counter(note.item[1] for note in outcome.notes if note.item)
    return [
        f"{arrival.mark}, posted {outcome.phase_of(arrival)}, answered "
        f"{arrival.statuses}, {_fate(runs)}; told {told[arrival.mark]} times"
        for arrival in outcome.arrivals
        if len(runs := outcome.runs_for(arrival)) != 1
    ]


def _answer(arrival: Arrival) -> str:
    (status,) = arrival.statuses
    return f"answered {status}" if status else "not answered"


def _fate(runs: list[Note]) -> str:
    if len(runs) != 1:
        return f"ran {len(runs)} automations"
    return "ran late" if runs[0].data["late"] else "ran live"
