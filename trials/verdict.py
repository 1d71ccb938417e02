"""What a crash test found: pure, so that it can be tested itself."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

from .notes import LISTENS, SMS_STATUS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .evidence import Arrival, Evidence, Run, Send
    from .notes import Kind, Note

# Telling an item, noting on disk that it was told, and answering its post take a few
# milliseconds; on a busy machine some more.
CUT_SHORT_SECONDS = 0.25
# A delivery is posted within a second; with room for a busy machine.
REPORTED_SECONDS = 4.0

CUT_SHORT = "cut short by a kill"
CUT_SHORT_LATER = "cut short in a replay"
CUT_SHORT_READ = "lost in a look cut short"


@dataclass(slots=True)
class Verdict:
    """The counts, and all that must not be."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    longest_cuts: dict[str, float] = field(
        default_factory=lambda: {"told": 0.0, "read": 0.0}
    )
    """How long before a kill that was, in seconds, which the kill excuses."""

    def table(self) -> str:
        """Return the counts, a line for each subject."""
        lines = [
            f"{subject:<11}" + ", ".join(f"{name} {n}" for name, n in counts.items())
            for subject, counts in self.counts.items()
        ]
        cuts = ", ".join(
            f"{what} at most {seconds * 1000:.0f} ms before the kill"
            for what, seconds in self.longest_cuts.items()
        )
        return "\n".join((*lines, f"cut short  {cuts}"))


def judge(evidence: Evidence) -> Verdict:
    """Judge all of it; the last run was not killed."""
    return Judge(evidence).judge()


class Judge:
    """Holds what was told against what happened."""

    def __init__(self, evidence: Evidence) -> None:
        """Take the evidence."""
        self._evidence = evidence
        self._kills = evidence.runs[:-1]
        self._verdict = Verdict()

    def judge(self) -> Verdict:
        """Judge all of it."""
        self._count("kills", "in all", len(self._kills))
        unborn = sum(run.started is None for run in self._kills)
        self._count("kills", "while it started", unborn)
        self._judge_arrivals("sms", "texts in")
        self._judge_arrivals("call", "calls in")
        self._judge_sends()
        self._judge_deliveries()
        return self._verdict

    def _count(self, subject: str, name: str, number: int = 1) -> None:
        self._verdict.counts.setdefault(subject, Counter())[name] += number

    def _violate(self, subject: str, name: str, details: str) -> None:
        self._count(subject, name)
        self._verdict.violations.append(f"{subject}, {name}: {details}")

    def _judge_arrivals(self, kind: Kind, subject: str) -> None:
        for name in ("in all", "live", "late", "missing", "doubled"):
            self._count(subject, name, 0)
        for name in (CUT_SHORT, CUT_SHORT_LATER, CUT_SHORT_READ, "never came"):
            self._count(subject, name, 0)
        told: defaultdict[str, list[Note]] = defaultdict(list)
        for note in self._evidence.notes:
            if note.item is not None and note.item[0] == kind:
                told[note.item[1]].append(note)
        received = self._evidence.received[kind]
        for mark in told.keys() - received.keys():
            self._violate(subject, "never came", self._story(told[mark], mark))
        arrivals = {
            each.mark: each for each in self._evidence.arrivals if each.kind == kind
        }
        for mark in received:
            self._count(subject, "in all")
            self._judge_arrival(subject, arrivals[mark], told[mark])

    def _judge_arrival(self, subject: str, arrival: Arrival, told: list[Note]) -> None:
        story = (
            f"came {self._when(arrival.asked_at)}, posts answered {arrival.statuses} "
            f"{self._when(arrival.answered_at)}; "
        ) + self._story(told, arrival.mark)
        if told:
            self._count(subject, "late" if told[0].late else "live")
        elif self._was_lost_in_a_look(arrival):
            self._count(subject, CUT_SHORT_READ)
        else:
            self._violate(subject, "missing", story)
        for note in told[:-1]:
            if excuse := self._excuse(note, arrival):
                self._count(subject, excuse)
                self._measure("told", note.at)
            else:
                self._violate(subject, "doubled", story)

    def _excuse(self, note: Note, arrival: Arrival) -> str | None:
        """Return why a first telling may be unknown to later processes.

        A house tells before it notes that it told, and notes before it answers.
        """
        if (kill := self._kill_just_after(note.at)) is None:
            return None
        if not arrival.taken_before(kill.ending):
            return CUT_SHORT
        # It was parked when it was taken, and told only when all had started.
        return CUT_SHORT_LATER if arrival.answered_at < note.at else None

    def _measure(self, what: str, moment: float) -> None:
        if kill := self._kill_just_after(moment):
            cuts = self._verdict.longest_cuts
            cuts[what] = max(cuts[what], kill.ending - moment)

    def _was_lost_in_a_look(self, arrival: Arrival) -> bool:
        """Tell whether no look could find it that was not cut short.

        What a provider hands out once, and no post brought, dies with who read it.
        """
        if arrival.taken and self._listened_at(arrival.answered_at):
            return False
        received_at = self._evidence.received[arrival.kind][arrival.mark]
        for read in sorted(self._evidence.reads, key=attrgetter("at")):
            if read.kind != arrival.kind or read.at < received_at:
                continue
            if not self._kill_just_after(read.at):
                return False
            if read.empties:
                self._measure("read", read.at)
                return True
        return False

    def _listened_at(self, moment: float) -> bool:
        """Tell whether the integration, and not only core, heard a post."""
        began = max(run.began for run in self._evidence.runs if run.began <= moment)
        return any(
            note.kind == LISTENS and began < note.at <= moment
            for note in self._evidence.notes
        )

    def _kill_just_after(self, moment: float) -> Run | None:
        for run in self._kills:
            if run.ending - CUT_SHORT_SECONDS <= moment <= run.ended:
                return run
        return None

    def _judge_sends(self) -> None:
        sends = self._evidence.sends
        self._count("texts out", "in all", len(sends))
        for outcome in ("accepted", "refused", "unknown"):
            number = sum(send.outcome == outcome for send in sends)
            self._count("texts out", outcome, number)
        for name in ("refused while up", "doubled", "accepted but not sent"):
            self._count("texts out", name, 0)
        left = Counter(self._evidence.left)
        for (text, recipient), times in left.items():
            if times > 1:
                details = f"{text!r} left {times} times for {recipient}"
                self._violate("texts out", "doubled", details)
        texts = {text for text, _ in left}
        for send in sends:
            story = f"{send.text!r}, asked for {self._when(send.asked_at)}"
            if send.outcome == "accepted" and send.text not in texts:
                self._violate("texts out", "accepted but not sent", story)
            if send.outcome == "refused" and self._was_up_for(send):
                self._violate("texts out", "refused while up", story)

    def _was_up_for(self, send: Send) -> bool:
        """Tell whether there was no reason to refuse: all had started, none ended."""
        return any(
            run.started is not None
            and run.started < send.asked_at
            and send.answered_at < run.ending
            for run in self._evidence.runs
        )

    def _judge_deliveries(self) -> None:
        for name in ("in all", "told", "not told", "missing", "doubled", CUT_SHORT):
            self._count("deliveries", name, 0)
        told: defaultdict[str, list[Note]] = defaultdict(list)
        for note in self._evidence.notes:
            if note.kind == SMS_STATUS and note.data["status"] == "delivered":
                told[note.data["tracking_id"]].append(note)
        for send in self._evidence.sends:
            for tracking_id in send.tracking_ids:
                self._count("deliveries", "in all")
                self._judge_delivery(send, tracking_id, told[tracking_id])

    def _judge_delivery(self, send: Send, tracking_id: str, told: list[Note]) -> None:
        story = self._story(told, f"{tracking_id} ({send.text})")
        story = f"accepted {self._when(send.answered_at)}; {story}"
        if told:
            self._count("deliveries", "told")
        elif self._had_time_to_hear(send):
            self._violate("deliveries", "missing", story)
        else:
            self._count("deliveries", "not told")
        for note in told[:-1]:
            if self._kill_just_after(note.at):
                self._count("deliveries", CUT_SHORT)
            else:
                self._violate("deliveries", "doubled", story)

    def _had_time_to_hear(self, send: Send) -> bool:
        end = send.answered_at + REPORTED_SECONDS
        return any(
            run.began < send.answered_at and end < run.ending
            for run in self._evidence.runs
        )

    def _story(self, told: Iterable[Note], mark: str) -> str:
        times = [
            f"{'late' if note.late else 'live'} {self._when(note.at)} "
            f"by {note.data.get('channel', 'report')}"
            for note in told
        ]
        return f"{mark}, told {'; '.join(times) or 'never'}"

    def _when(self, moment: float) -> str:
        """Say when something was, in terms of the lives around it."""
        lives = list(enumerate(self._evidence.runs, 1))
        for number, run in reversed(lives):
            if run.began <= moment:
                return (
                    f"in life {number} at {moment - run.began:.3f} s "
                    f"(which ended at {run.ending - run.began:.3f} s)"
                )
        return "before the first life"
