"""What the crash test counts, excuses and complains of."""

from dataclasses import dataclass, field

import pytest

from trials.evidence import Arrival, Evidence, Read, Run, Send
from trials.notes import LISTENS, Kind, Note
from trials.verdict import CUT_SHORT, CUT_SHORT_LATER, CUT_SHORT_READ, Verdict, judge

# The first life was killed in its tenth second, the second one was not.
RUNS = [
    Run(began=100, started=105, ending=110, ended=110.1),
    Run(began=111, started=115, ending=300, ended=301),
]
LISTENING = Note(at=102, kind=LISTENS, data={})
EVENTS: dict[Kind, tuple[str, str]] = {
    "sms": ("cecula_sync_sms_received", "message"),
    "call": ("cecula_sync_call_received", "caller"),
}


def telling(at: float, *, late: bool = False, kind: Kind = "sms") -> Note:
    """Return the note of an event for the one item."""
    event, field_name = EVENTS[kind]
    data = {field_name: "in 1", "channel": "webhook"}
    return Note(at=at, kind=f"{event}_late" if late else event, data=data)


def delivered(at: float) -> Note:
    """Return the note of a delivery."""
    data = {"tracking_id": "T1", "status": "delivered"}
    return Note(at=at, kind="cecula_sync_sms_status", data=data)


@dataclass(kw_only=True)
class Case:
    """One item or one send, and what was noted of it."""

    told: list[Note] = field(default_factory=list)
    came_at: float = 106
    answered_at: float = 106.01
    statuses: list[int] = field(default_factory=lambda: [200])
    kind: Kind = "sms"
    reads: list[tuple[float, bool]] = field(default_factory=list)
    sends: list[Send] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)

    def judge(self) -> Verdict:
        """Judge it."""
        arrival = Arrival(
            kind=self.kind,
            mark="in 1",
            asked_at=self.came_at,
            answered_at=self.answered_at,
            statuses=self.statuses,
        )
        received: dict[Kind, dict[str, float]] = {"sms": {}, "call": {}}
        received[self.kind]["in 1"] = self.came_at
        return judge(
            Evidence(
                runs=RUNS,
                arrivals=[arrival],
                received=received,
                reads=[
                    Read(kind=self.kind, at=at, empties=empties)
                    for at, empties in self.reads
                ],
                sends=self.sends,
                left=self.left,
                notes=[LISTENING, *self.told],
            )
        )


@pytest.mark.parametrize("kind", ["sms", "call"])
@pytest.mark.parametrize("late", [False, True])
def test_an_item_that_is_told_once_is_well(kind: Kind, late: bool) -> None:
    verdict = Case(told=[telling(106, late=late, kind=kind)], kind=kind).judge()
    assert verdict.violations == []
    subject = "texts in" if kind == "sms" else "calls in"
    assert verdict.counts[subject]["late" if late else "live"] == 1


def test_an_item_that_is_never_told_is_missing() -> None:
    verdict = Case().judge()
    assert "texts in, missing: came in life 1 at 6.000 s" in verdict.violations[0]


def test_an_item_that_nobody_sent_is_told_of() -> None:
    stranger = telling(106)
    stranger.data["message"] = "in 2"
    verdict = Case(told=[telling(106), stranger]).judge()
    assert verdict.violations[0].startswith("texts in, never came: in 2, told live")


def test_a_second_telling_is_excused_where_the_kill_cut_the_first_one_short() -> None:
    verdict = Case(
        told=[telling(109.9), telling(120, late=True)],
        came_at=109.9,
        answered_at=110.2,
        statuses=[0],
    ).judge()
    assert verdict.violations == []
    assert verdict.counts["texts in"][CUT_SHORT] == 1
    assert "told at most 100 ms before the kill" in verdict.table()


def test_a_retry_that_is_taken_after_the_kill_changes_nothing_of_that() -> None:
    verdict = Case(
        told=[telling(109.9), telling(120)],
        came_at=109.9,
        answered_at=114,
        statuses=[0, 200],
    ).judge()
    assert verdict.violations == []
    assert verdict.counts["texts in"][CUT_SHORT] == 1


def test_a_parked_item_is_excused_where_its_replay_was_cut_short() -> None:
    verdict = Case(
        told=[telling(109.9), telling(116, late=True)],
        came_at=103,
        answered_at=103.01,
    ).judge()
    assert verdict.violations == []
    assert verdict.counts["texts in"][CUT_SHORT_LATER] == 1


@pytest.mark.parametrize(
    ("first", "answered_at", "statuses"),
    [
        pytest.param(109.9, 109.91, [200], id="answered before the kill"),
        pytest.param(109.9, 110.2, [200], id="answered, and heard of after the kill"),
        pytest.param(109.5, 110.2, [0], id="long before the kill"),
        pytest.param(120, 120.2, [0], id="without any kill"),
    ],
)
def test_any_other_second_telling_is_a_violation(
    first: float, answered_at: float, statuses: list[int]
) -> None:
    verdict = Case(
        told=[telling(first), telling(130)],
        came_at=first,
        answered_at=answered_at,
        statuses=statuses,
    ).judge()
    assert [each.split(":")[0] for each in verdict.violations] == ["texts in, doubled"]


def test_a_third_telling_is_not_excused_by_a_kill_of_the_first() -> None:
    verdict = Case(
        told=[telling(109.9), telling(120), telling(130)],
        came_at=109.9,
        answered_at=110.2,
        statuses=[0],
    ).judge()
    assert verdict.counts["texts in"][CUT_SHORT] == 1
    assert verdict.counts["texts in"]["doubled"] == 1


@pytest.mark.parametrize(
    ("reads", "statuses", "lost"),
    [
        pytest.param([(109.95, True)], [0], 1, id="the look was cut short"),
        pytest.param(
            [(109.9, False), (109.95, True)], [0], 1, id="both looks were cut short"
        ),
        pytest.param([(109.95, False)], [0], 0, id="the list hands it out again"),
        pytest.param(
            [(108, False), (109.95, True)], [0], 0, id="an earlier look had found it"
        ),
        pytest.param([(109.95, True)], [200], 0, id="a post had brought it"),
        pytest.param([], [0], 0, id="there was no look"),
    ],
)
def test_only_what_a_killed_process_alone_had_read_may_be_lost(
    reads: list[tuple[float, bool]], statuses: list[int], lost: int
) -> None:
    verdict = Case(reads=reads, statuses=statuses).judge()
    assert verdict.counts["texts in"][CUT_SHORT_READ] == lost
    assert verdict.counts["texts in"]["missing"] == 1 - lost


def test_a_post_that_only_core_took_brought_nothing() -> None:
    verdict = Case(
        reads=[(109.95, True)], came_at=101, answered_at=101.1, statuses=[200]
    ).judge()
    assert verdict.counts["texts in"][CUT_SHORT_READ] == 1


def send(**changes: object) -> Send:
    """Return a text that was accepted long before the kill."""
    fields: dict[str, object] = {
        "text": "out 1",
        "asked_at": 105.5,
        "answered_at": 105.6,
        "outcome": "accepted",
        "tracking_ids": ["T1"],
    }
    return Send(**(fields | changes))  # type: ignore[arg-type]


def judged(*sends: Send, told: list[Note], times: int = 1) -> list[str]:
    """Return the violations of sends."""
    case = Case(told=[telling(106), *told], sends=[*sends])
    case.left = [("out 1", "+2348183172770")] * times
    return [each.split(":")[0] for each in case.judge().violations]


def test_a_text_that_left_and_was_delivered_once_is_well() -> None:
    assert judged(send(), told=[delivered(107)]) == []


def test_a_text_that_left_twice_is_a_violation() -> None:
    violations = judged(send(), told=[delivered(107)], times=2)
    assert violations == ["texts out, doubled"]


def test_a_text_that_was_accepted_and_did_not_leave_is_a_violation() -> None:
    violations = judged(send(), told=[delivered(107)], times=0)
    assert violations == ["texts out, accepted but not sent"]


@pytest.mark.parametrize(
    ("asked_at", "expected"),
    [
        pytest.param(103, [], id="while it started"),
        pytest.param(106, ["texts out, refused while up"], id="while it was up"),
    ],
)
def test_a_house_that_is_up_refuses_nothing(
    asked_at: float, expected: list[str]
) -> None:
    refused = send(outcome="refused", tracking_ids=[], asked_at=asked_at)
    assert judged(refused, told=[], times=0) == expected


@pytest.mark.parametrize(
    ("answered_at", "expected"),
    [
        pytest.param(105.6, ["deliveries, missing"], id="with time to hear"),
        pytest.param(109.5, [], id="just before the kill"),
    ],
)
def test_a_delivery_must_be_told_where_there_was_time(
    answered_at: float, expected: list[str]
) -> None:
    assert judged(send(answered_at=answered_at), told=[]) == expected


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        pytest.param(109.9, [], id="just before the kill"),
        pytest.param(107, ["deliveries, doubled"], id="at another time"),
    ],
)
def test_a_delivery_is_told_twice_only_over_a_kill(
    first: float, expected: list[str]
) -> None:
    assert judged(send(), told=[delivered(first), delivered(120)]) == expected


def test_the_table_has_a_line_for_each_subject() -> None:
    lines = Case(told=[telling(106)]).judge().table().splitlines()
    assert [line[:11].strip() for line in lines] == [
        "kills",
        "texts in",
        "calls in",
        "texts out",
        "deliveries",
        "cut short",
    ]
    assert lines[0].endswith("in all 1, while it started 0")
