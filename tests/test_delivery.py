"""How far a text or call got, whatever the order of its reports."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, permutations, product

import pytest

from custom_components.cecula_sync.progress import Progress, advance

RANKS = {"queued": 0, "sent": 1, "delivered": 2, "failed": 2, "expired": 2}
ACCEPTED = Progress(status="queued", told=frozenset({"queued"}))
PLACED = Progress(status="unknown")
STARTS = [pytest.param(ACCEPTED, id="accepted"), pytest.param(PLACED, id="unknown")]


def follow(start: Progress, reports: Sequence[str]) -> tuple[Progress, list[str]]:
    """Return how far it got, and what was told on the way."""
    progress, told = start, []
    for report in reports:
        if (further := advance(progress, report)) is not None:
            progress = further
            told.append(report)
            assert progress.status == report
    return progress, told


def orders(statuses: Sequence[str], most: int) -> Iterator[tuple[str, ...]]:
    """Return all orders of reports, with repeats and with some lost."""
    for count in range(most + 1):
        yield from product(statuses, repeat=count)


SMS_STATUSES = ("queued", "sent", "delivered", "failed", "expired", "on its way")


@pytest.mark.parametrize("start", STARTS)
def test_a_text_ends_right_in_whatever_order_its_reports_come(start: Progress) -> None:
    """The first final report stands; else the furthest, and nothing goes back."""
    for reports in orders(SMS_STATUSES, 5):
        progress, told = follow(start, reports)
        finals = [status for status in reports if RANKS.get(status) == 2]
        assert progress.final == bool(finals)
        if finals:
            assert progress.status == told[-1] == finals[0]
        elif "sent" in reports:
            assert "sent" in told
        known = [RANKS[status] for status in told if status in RANKS]
        assert all(earlier < later for earlier, later in pairwise(known))


def test_each_status_of_a_text_is_told_at_most_once() -> None:
    """That it was queued is known from the answer to the send."""
    for reports in orders(SMS_STATUSES, 5):
        _, told = follow(ACCEPTED, reports)
        assert len(told) == len(set(told))
        assert "queued" not in told
        before_the_end = reports[: reports.index(told[-1]) + 1] if told else reports
        assert ("on its way" in told) == ("on its way" in before_the_end)


def test_a_call_ends_right_in_whatever_order_its_reports_come() -> None:
    """It has one result; what is not known is told once."""
    for reports in orders(("ringing", "busy", "answered", "not_answered"), 5):
        progress, told = follow(PLACED, reports)
        results = [status for status in reports if "answered" in status]
        assert progress.final == bool(results)
        assert progress.status == (told[-1] if told else "unknown")
        assert len(told) == len(set(told))
        if results:
            assert progress.status == results[0]


@pytest.mark.parametrize("status", ["delivered", "failed", "expired"])
def test_nothing_comes_after_the_end(status: str) -> None:
    """Not even what nobody knows."""
    progress = advance(ACCEPTED, status)
    assert progress is not None
    assert progress.final
    for later in (*RANKS, "returned"):
        assert advance(progress, later) is None


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("end", ["delivered", "failed", "expired"])
def test_every_order_of_a_text_s_reports_ends_at_its_end(
    start: Progress, end: str
) -> None:
    """Each report may come twice; nothing is told twice, and nothing after the end."""
    reports = ("queued", "sent", "on its way", end)
    for order in set(permutations(reports * 2)):
        progress, told = follow(start, order)
        assert progress.status == told[-1] == end
        assert len(told) == len(set(told))


def test_what_a_text_was_told_of_does_not_depend_on_repeats() -> None:
    """A report that comes again changes nothing of what is told."""
    for reports in orders(SMS_STATUSES, 4):
        once = tuple(dict.fromkeys(reports))
        assert follow(ACCEPTED, reports) == follow(ACCEPTED, once)
