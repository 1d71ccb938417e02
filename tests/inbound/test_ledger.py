"""The ledger, pure: as often as the larger of two figures, and for two days."""

from collections import Counter
import json

from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
import pytest

from custom_components.cecula_sync.clock import Moment
from custom_components.cecula_sync.ledger import _MOST_OLD, Ledger, Tally

HOUR = 3600
DAY = 24 * HOUR
# Of what is handed out again and again, the hour is on disk and not the minute.
GRAIN = HOUR
# How the clock that nobody can set begins is nobody's business.
BOOT = 77
KEYS = ["sms:a", "sms:b", "call:a"]
BIRTH = 1_800_000_000


class LedgerMachine(RuleBasedStateMachine):
    """Posts, answers, tells, forgets and starts anew; by the rules' text alone."""

    @initialize()
    def begin(self) -> None:
        """Know nothing."""
        self.wall, self.passed = float(BIRTH), float(BOOT)
        self.ledger = Ledger({}, self.now)
        self.kept: dict[str, str] = {}
        self.posts: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.told: Counter[str] = Counter()
        self.filed: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()
        # When this run saw it, or began.
        self.last: dict[str, float] = {}

    @property
    def now(self) -> Moment:
        """Return what both clocks show."""
        return self.wall, self.passed

    def keep(self, *keys: str) -> None:
        """Put tallies on disk, as whoever changes them must."""
        for key in keys:
            self.kept[key] = json.dumps(self.ledger.tally(key).as_json())

    def untold(self, key: str) -> int:
        """Return how many happened and were not told."""
        return max(self.posts[key], self.most[key]) - self.told[key]

    @rule(key=st.sampled_from(KEYS))
    def post(self, key: str) -> None:
        """Have one posted that is no retry."""
        self.ledger.count_post(key, self.now)
        self.posts[key] += 1
        self.last[key] = self.passed
        self.keep(key)

    @rule(
        kind=st.sampled_from(["sms", "call"]),
        counts=st.lists(st.integers(0, 4), min_size=3, max_size=3),
    )
    def look(self, kind: str, counts: list[int]) -> None:
        """Have a good look: count its answer, then forget what it did not bring."""
        found = {
            key: count
            for key, count in zip(KEYS, counts, strict=True)
            if count and key.startswith(kind)
        }
        self.keep(*self.ledger.count_answer(found, self.now))
        for key, count in found.items():
            self.most[key] = max(self.most[key], count)
            self.last[key] = self.passed
            _, _, _, seen, *_ = json.loads(self.kept[key])
            assert abs(self.wall - seen) <= GRAIN
        for key in self.ledger.forget(kind, self.now):
            assert key.startswith(kind)
            assert key not in found
            assert self.untold(key) == 0
            assert self.passed - self.last[key] >= 2 * DAY
            del self.kept[key], self.last[key]
            del self.posts[key], self.most[key], self.told[key], self.filed[key]
            del self.taken[key]
        for key, moment in self.last.items():
            is_old = self.passed - moment >= 2 * DAY
            assert not (is_old and key.startswith(kind)) or self.untold(key)

    @rule(key=st.sampled_from(KEYS))
    def tell(self, key: str) -> None:
        """Tell one that was not told."""
        if self.untold(key):
            self.told[key] += 1
            assert self.ledger.next_occurrence(key) == self.told[key]
            self.keep(key)

    @rule(key=st.sampled_from(KEYS))
    def file(self, key: str) -> None:
        """File one that was not told."""
        if self.untold(key):
            self.told[key] += 1
            self.filed[key] += 1
            self.ledger.file(key)
            self.keep(key)

    @rule(key=st.sampled_from(KEYS))
    def take_from_filed(self, key: str) -> None:
        """Have one that was filed told after all; they are numbered."""
        if key in self.last:
            is_there = self.taken[key] < self.filed[key]
            self.taken[key] += is_there
            number = self.taken[key] if is_there else None
            assert self.ledger.take_from_filed(key) == number
            self.keep(key)

    @rule(seconds=st.sampled_from([1, 59, 900, HOUR, DAY - 1, DAY, 2 * DAY, 30 * DAY]))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.wall += seconds
        self.passed += seconds

    @rule(days=st.sampled_from([-365, -1, 1, 365]))
    def set_the_clock(self, days: int) -> None:
        """Set the clock on the wall."""
        self.wall += days * DAY

    @precondition(lambda self: self.kept)
    @rule()
    def start_anew(self) -> None:
        """Remember what lies on disk; it may have been seen just before."""
        self.ledger = Ledger(
            {key: Tally.from_json(json.loads(kept)) for key, kept in self.kept.items()},
            self.now,
        )
        self.last = dict.fromkeys(self.last, self.passed)

    @invariant()
    def as_many_are_untold_as_happened_and_were_not_told(self) -> None:
        """Compare all keys, those that were forgotten too."""
        assert len(self.ledger) == len(self.last)
        for key in self.last:
            assert self.ledger.tally(key).untold == self.untold(key)


TestLedger = LedgerMachine.TestCase
TestLedger.settings = settings(deadline=None, max_examples=100, stateful_step_count=40)


def test_what_earlier_runs_saw_does_not_pile_up_where_no_run_lasts() -> None:
    """What only the wall clock calls old is bounded, the oldest goes first."""
    old = {f"sms:{each}": Tally(posts=1, told=1, seen=each) for each in range(2000)}
    others = {
        "call:a": Tally(posts=1, told=1),
        "sms:untold": Tally(posts=1),
        "sms:new": Tally(posts=1, told=1, seen=BIRTH - 2 * DAY + 1),
    }
    ledger = Ledger(others | old, (BIRTH, BOOT))
    ledger.count_post("sms:0", (BIRTH - 3 * DAY, BOOT + 1))
    forgotten = list(ledger.forget("sms", (BIRTH, BOOT + 2)))
    assert forgotten == list(old)[1 : 2000 - _MOST_OLD]
    assert len(ledger) == len(others) + 1 + _MOST_OLD


def test_of_too_many_the_oldest_are_forgotten_once_they_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever floods the webhook fills no memory."""
    monkeypatch.setattr("custom_components.cecula_sync.ledger._MOST_TALLIES", 3)
    ledger = Ledger({}, (BIRTH, BOOT))
    for key in ("sms:a", "sms:untold", "call:a", "sms:b", "sms:c", "sms:d"):
        ledger.count_post(key, (BIRTH, BOOT))
        if key != "sms:untold":
            ledger.next_occurrence(key)
    assert list(ledger.forget("sms", (BIRTH, BOOT))) == []
    later = (BIRTH, BOOT + 1)
    list(ledger.count_answer({"sms:a": 1}, later))
    assert list(ledger.forget("sms", later)) == []
    assert list(ledger.forget("sms", (BIRTH, BOOT + 2))) == ["sms:a"]
    assert list(ledger.forget("call", (BIRTH, BOOT + 2))) == ["call:a"]
    assert list(ledger.forget("sms", (BIRTH, BOOT + 2))) == []
    assert ledger.tally("sms:untold").untold == 1
