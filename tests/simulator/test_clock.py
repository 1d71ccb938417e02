"""The provider's clock, and what falls due in it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from simulator import Clock

from . import WHEN

A_MINUTE = timedelta(minutes=1)


async def test_it_goes_with_real_time_until_it_is_set() -> None:
    clock = Clock()
    assert abs(clock.now() - datetime.now(UTC)) < A_MINUTE

    clock.set(WHEN)

    assert WHEN <= clock.now() < WHEN + A_MINUTE
    assert not clock.frozen


async def test_frozen_it_stands_still_and_goes_on_from_there() -> None:
    clock = Clock()
    clock.freeze(WHEN)
    await asyncio.sleep(0.01)
    assert clock.now() == WHEN

    clock.run()
    await asyncio.sleep(0.01)

    assert WHEN < clock.now() < WHEN + A_MINUTE


async def test_it_can_be_frozen_where_it_is() -> None:
    clock = Clock()

    clock.freeze()

    assert clock.now() == clock.now()


def test_it_is_not_set_to_a_time_without_a_zone() -> None:
    with pytest.raises(ValueError, match="with a zone"):
        Clock().set(WHEN.replace(tzinfo=None))


async def test_what_falls_due_is_done_in_its_order_at_its_time() -> None:
    clock = Clock()
    clock.freeze(WHEN)
    done: list[tuple[str, float]] = []

    def note(name: str) -> None:
        done.append((name, (clock.now() - WHEN).total_seconds()))

    def chain() -> None:
        note("first")
        clock.call_later(2, lambda: note("chained"))

    clock.call_later(5, lambda: note("second"))
    clock.call_later(1, chain)
    clock.call_later(2, lambda: note("cancelled")).cancel()
    clock.call_later(100, lambda: note("far"))
    clock.advance(10)

    assert done == [("first", 1), ("chained", 3), ("second", 5)]
    assert clock.now() == WHEN + timedelta(seconds=10)
    clock.stop()


async def test_going_back_undoes_nothing_and_does_nothing_early() -> None:
    clock = Clock()
    clock.freeze(WHEN)
    done: list[datetime] = []
    clock.call_later(60, lambda: done.append(clock.now()))

    clock.advance(-3600)
    clock.advance(3659)
    assert done == []
    clock.advance(1)

    assert done == [WHEN + A_MINUTE]


async def test_what_is_due_at_once_is_done_even_while_frozen() -> None:
    clock = Clock()
    clock.freeze(WHEN)
    done = asyncio.Event()

    clock.call_later(0, done.set)
    assert clock.overdue
    await asyncio.wait_for(done.wait(), 1)

    assert not clock.overdue


async def test_running_it_keeps_its_appointments() -> None:
    clock = Clock()
    later, soon = asyncio.Event(), asyncio.Event()
    clock.call_later(0.02, later.set)

    clock.call_later(0.01, soon.set)
    await asyncio.wait_for(soon.wait(), 1)
    assert not later.is_set()
    await asyncio.wait_for(later.wait(), 1)


async def test_going_on_after_a_freeze_keeps_appointments() -> None:
    clock = Clock()
    clock.freeze()
    done = asyncio.Event()
    clock.call_later(0.01, done.set)
    await asyncio.sleep(0.02)
    assert not done.is_set()

    clock.run()
    await asyncio.wait_for(done.wait(), 1)


async def test_stopped_it_forgets() -> None:
    clock = Clock()
    clock.call_later(60, lambda: None)

    clock.stop()

    assert not clock.overdue
