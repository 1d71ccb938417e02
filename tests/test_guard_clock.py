"""What the spending guard counts where the clock is set, or wrong at the start."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CoreState, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .doors import restart
from .spending import DAY, EVERYBODY, HOUR, counted, left, limit, refused, text
from .wall_clock import WallClock

type StartAnew = Callable[[HomeAssistant, MockConfigEntry], Awaitable[None]]

# As a small computer begins, which has no clock of its own.
IN_1970 = timedelta(days=-56 * 365)
JUMPS = [
    pytest.param(timedelta(hours=hours), id=f"{hours} hours")
    for hours in (1, 24, 24 * 365, -1, -24, -24 * 365)
]


@pytest.fixture
def wall_clock(
    freezer: FrozenDateTimeFactory, monkeypatch: pytest.MonkeyPatch
) -> WallClock:
    """Return the clock on the wall; the other one stands still."""
    return WallClock(monkeypatch)


async def begin(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Load the number in another run of Home Assistant, which knows only the disk."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    hass.data.pop("cecula_sync_counted")
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize("reloads", [False, True], ids=["running", "reloaded"])
async def test_a_clock_that_is_set_makes_no_room(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    wall_clock: WallClock,
    jump: timedelta,
    reloads: bool,
) -> None:
    """Neither as it is set, nor when it is set right again."""
    await limit(hass, loaded, per_hour=4, per_day=4)
    await text(hass, pages=3)
    for offset in (jump, timedelta()):
        wall_clock.offset = offset
        if reloads:
            await restart(hass, loaded)
        assert await left(hass) == 1


@pytest.mark.parametrize("jump", JUMPS)
async def test_what_was_counted_before_a_reload_follows_the_clock_as_well(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    wall_clock: WallClock,
    freezer: FrozenDateTimeFactory,
    jump: timedelta,
) -> None:
    """Also in the next run of Home Assistant, if this one came to see it."""
    await limit(hass, loaded, per_hour=4)
    await text(hass, pages=3)
    await restart(hass, loaded)
    wall_clock.offset = jump
    assert await left(hass) == 1
    await begin(hass, loaded)
    assert await left(hass) == 1
    freezer.tick(HOUR - 60)
    assert await left(hass) == 1
    freezer.tick(120)
    assert await left(hass) == len(EVERYBODY)


async def test_a_clock_that_is_set_is_noticed_at_the_latest_when_the_house_stops(
    hass: HomeAssistant, loaded: MockConfigEntry, wall_clock: WallClock
) -> None:
    """Nothing was to be sent in between."""
    await limit(hass, loaded, per_day=4)
    wall_clock.offset = IN_1970
    await text(hass, pages=3)
    wall_clock.offset = timedelta()
    hass.set_state(CoreState.stopping)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await hass.async_block_till_done()
    hass.set_state(CoreState.running)
    await begin(hass, loaded)
    assert await left(hass) == 1


@pytest.mark.parametrize("runs", [1, 3])
async def test_a_start_in_1970_spoils_nothing_that_was_counted_before(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    wall_clock: WallClock,
    freezer: FrozenDateTimeFactory,
    runs: int,
) -> None:
    """Though something is refused in it, and the power fails before it is set."""
    await limit(hass, loaded, per_day=4)
    await text(hass, pages=3)
    freezer.tick(HOUR)
    for _ in range(runs):
        wall_clock.offset = IN_1970
        await begin(hass, loaded)
        await refused(text(hass, pages=2))
    wall_clock.offset = timedelta()
    assert await left(hass) == 1
    await begin(hass, loaded)
    assert await left(hass) == 1
    freezer.tick(DAY - HOUR)
    assert await left(hass) == len(EVERYBODY)


async def test_a_clock_that_was_ahead_for_a_while_makes_nothing_forgotten(
    hass: HomeAssistant, loaded: MockConfigEntry, wall_clock: WallClock
) -> None:
    """What left before, in another run, and meanwhile."""
    await limit(hass, loaded, per_day=4)
    await text(hass, pages=2)
    await begin(hass, loaded)
    wall_clock.offset = timedelta(hours=25)
    await text(hass)
    wall_clock.offset = timedelta()
    assert await left(hass) == 1


@pytest.mark.parametrize(
    "start_anew", [restart, begin], ids=["reloaded", "another run"]
)
async def test_what_was_sent_in_years_to_come_counts_as_sent_at_the_start(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    wall_clock: WallClock,
    freezer: FrozenDateTimeFactory,
    start_anew: StartAnew,
) -> None:
    """It blocks no longer than the limit says."""
    await limit(hass, loaded, per_hour=1)
    wall_clock.offset = timedelta(days=4000)
    await text(hass)
    wall_clock.offset = timedelta()
    await start_anew(hass, loaded)
    freezer.tick(HOUR - 1)
    await refused(text(hass))
    freezer.tick(1)
    await text(hass)


@pytest.mark.parametrize("hours", [8, 24 * 365])
@pytest.mark.parametrize(
    "start_anew", [restart, begin], ids=["reloaded", "another run"]
)
async def test_a_small_computer_that_learns_the_time_late_has_no_more_room(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    wall_clock: WallClock,
    freezer: FrozenDateTimeFactory,
    start_anew: StartAnew,
    hours: int,
) -> None:
    """It starts far behind; what left before the clock was set left just now."""
    wall_clock.offset = timedelta(hours=-hours)
    await start_anew(hass, loaded)
    await limit(hass, loaded, per_hour=4, per_day=8)
    await text(hass, pages=4)
    freezer.tick(HOUR / 2)
    wall_clock.offset = timedelta()
    assert await left(hass) == 0
    await start_anew(hass, loaded)
    freezer.tick(HOUR / 2 - 60)
    assert await left(hass) == 0
    freezer.tick(120)
    assert await left(hass) == len(EVERYBODY)
    freezer.tick(DAY - HOUR - 120)
    assert await left(hass) == 0
    freezer.tick(120)
    assert await left(hass) == len(EVERYBODY)


@pytest.mark.parametrize(
    "offset",
    [
        pytest.param(timedelta(), id="right"),
        pytest.param(timedelta(days=4000), id="ahead"),
    ],
)
async def test_what_an_earlier_run_spent_is_forgotten_in_the_end(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    wall_clock: WallClock,
    freezer: FrozenDateTimeFactory,
    offset: timedelta,
) -> None:
    """Nobody knows how right that run's clock was; a day of this run is a day."""
    wall_clock.offset = offset
    await text(hass)
    wall_clock.offset = timedelta()
    await begin(hass, loaded)
    freezer.tick(DAY + 1)
    await text(hass)
    await hass.config_entries.async_unload(loaded.entry_id)
    assert counted(hass) == {"2": 1}


async def test_what_was_spent_does_not_pile_up_in_a_house_that_restarts_each_day(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No run of it ever sees a day pass."""
    monkeypatch.setattr("custom_components.cecula_sync.spent._MOST_OLD", 2)
    for _ in range(5):
        await text(hass)
        freezer.tick(DAY + 1)
        await begin(hass, loaded)
    await text(hass)
    await hass.config_entries.async_unload(loaded.entry_id)
    assert counted(hass) == {"4": 1, "5": 1, "6": 1}
