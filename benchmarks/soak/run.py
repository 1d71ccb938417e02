"""The long runs: a simulated week, and hours on the real clock."""

import asyncio
import gc
import sys
import time

from ..clock import simulated_clock
from ..faults.ground import Ground, Stranger
from ..faults.trial import Census
from ..home import Home
from ..page import table
from ..watch import memory
from .life import Life

_DAY = 24 * 60
_HOUR = 3600
_STEP_SECONDS = 0.2
# A look comes every 15 minutes, and holds what it found for 90 seconds.
_REST_SECONDS = 18 * 60
_REST_STEPS = 3 * 60
# Of how many pieces of memory a text or a delivery is remembered, by the house and by
# the simulator. What the process holds tells less: much of it lies between the pieces.
_PIECES_PER_ITEM = 60
_SLACK_PIECES = 20_000


async def week(days: int, seed: int) -> tuple[str, list[str]]:
    """Live so many simulated days; return a table, and what is wrong."""
    async with Home() as home, Stranger() as stranger:
        with simulated_clock(home.hass) as clock:
            ground = await _ground(home, stranger)
            life = Life(ground, clock.step, seed)
            title = f"{days} simulated days"
            return await _live(life, ground, title, days * _DAY, _REST_STEPS)


async def hours(number: float, seed: int) -> tuple[str, list[str]]:
    """Live so many hours of the real clock, five steps a second."""

    async def step() -> None:
        await asyncio.sleep(_STEP_SECONDS)

    async with Home() as home, Stranger() as stranger:
        ground = await _ground(home, stranger)
        life = Life(ground, step, seed)
        steps, rest = number * _HOUR / _STEP_SECONDS, _REST_SECONDS / _STEP_SECONDS
        title = "1 hour" if number == 1 else f"{number:g} hours"
        return await _live(life, ground, title, int(steps), int(rest))


async def _ground(home: Home, stranger: Stranger) -> Ground:
    entry = await home.add_entry()
    home.hook_up()
    return Ground(
        hass=home.hass,
        simulator=home.simulator,
        line=home.line,
        entry=entry,
        stranger=stranger,
    )


async def _live(
    life: Life, ground: Ground, title: str, steps: int, rest: int
) -> tuple[str, list[str]]:
    """Live a tenth, then the rest; what grew in between is compared."""
    await life.live(steps // 10)
    await life.rest(rest)
    before, held, pieces = Census.take(ground), _held(), sys.getallocatedblocks()
    items = len(life.came.marks)
    began = time.process_time()
    for part in range(9):
        await life.live(steps // 10)
        # Else the simulator, which is in this process, keeps them all.
        ground.simulator.world.requests.clear()
        print(f"{part + 2}/10: {len(life.came.marks)} in, {_held():.0f} MB", flush=True)
    cpu = time.process_time() - began
    await life.rest(rest)
    after, grown = Census.take(ground), _held() - held
    pieces = sys.getallocatedblocks() - pieces
    wrong = life.wrong(before, after)
    came = life.came
    items = len(came.marks) - items + len(came.ids)
    if pieces > _SLACK_PIECES + items * _PIECES_PER_ITEM:
        wrong.append(f"memory grew by {pieces:,} pieces with {items} items")
    rows = [
        ("texts and calls in", f"{len(came.marks):,}, of which {came.late:,} late"),
        ("texts out, followed", f"{len(came.ids):,}"),
        ("calls out", f"{came.calls:,}"),
        ("outages, reloads", f"{came.outages:,}, {came.reloads:,}"),
        ("sends that failed in an outage", f"{came.failures:,}"),
        ("tasks", f"{before.tasks} before, {after.tasks} after"),
        ("listeners", f"{before.listeners} before, {after.listeners} after"),
        ("timers", f"{before.timers} before, {after.timers} after"),
        ("memory", f"{grown:+.1f} MB, in {pieces:,} pieces, for {items:,} items"),
        ("CPU", f"{cpu:.0f} s"),
        ("lost, doubled, left behind", str(len(wrong))),
    ]
    return table((title, ""), rows), wrong


def _held() -> float:
    gc.collect()
    return memory()
