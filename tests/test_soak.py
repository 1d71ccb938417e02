"""A simulated day in a busy house; `scripts/bench soak` has a longer one."""

from collections.abc import AsyncGenerator
from functools import partial

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from benchmarks.faults.ground import Ground, Stranger
from benchmarks.faults.trial import Census
from benchmarks.soak.life import Life
from simulator import Line, Simulator

from .doors import pass_time

MINUTE = 60
HOUR_IN_STEPS = 60


@pytest.fixture
async def ground(
    hass: HomeAssistant, simulator: Simulator, line: Line, hooked: MockConfigEntry
) -> AsyncGenerator[Ground]:
    """Return a house whose provider posts to it."""
    line.credit = 1e6
    async with Stranger() as stranger:
        yield Ground(
            hass=hass, simulator=simulator, line=line, entry=hooked, stranger=stranger
        )


@pytest.mark.timeout(300)
async def test_in_a_day_nothing_is_lost_doubled_or_left_behind(
    hass: HomeAssistant, ground: Ground, freezer: FrozenDateTimeFactory
) -> None:
    """Texts, calls, reports, lost posts, outages and reloads, a step a minute."""
    life = Life(ground, partial(pass_time, hass, freezer, MINUTE), seed=1)
    await life.live(HOUR_IN_STEPS)
    await life.rest(2 * HOUR_IN_STEPS)
    before = Census.take(ground)
    await life.live(20 * HOUR_IN_STEPS)
    await life.rest(2 * HOUR_IN_STEPS)
    assert life.wrong(before, Census.take(ground)) == []
    came = life.came
    assert min(came.late, came.reloads, came.outages, came.failures, came.calls) > 0
    assert len(came.marks) > 100
    assert len(came.ids) > 100
