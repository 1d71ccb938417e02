"""A house whose clock is wrong as it starts, or is set before it starts anew."""

from datetime import timedelta

import pytest

from tests.wall_clock import WallClock

from .disk import Disk
from .house import LISTS, House

DAY = 24 * 3600
# As a small computer begins, which has no clock of its own.
IN_1970 = timedelta(days=-56 * 365)
AHEAD = timedelta(days=3)


@pytest.fixture
def wall_clock(house: House, monkeypatch: pytest.MonkeyPatch) -> WallClock:
    """Return the clock on that house's wall."""
    return WallClock(monkeypatch)


async def start_anew(house: House) -> None:
    """End this run of the house, and begin another."""
    await house.close()
    await house.set_up()


async def test_what_was_found_before_the_clock_was_set_is_not_told_again(
    house: House, wall_clock: WallClock
) -> None:
    """The number is loaded anew before the next look, and then its webhook comes."""
    await house.set_up()
    text = house.text("Open")
    await house.look()
    await house.pass_time(90)
    wall_clock.offset = AHEAD
    assert await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    await house.post(text)
    assert house.heard == [text.late()]


async def test_a_start_with_a_clock_that_is_ahead_makes_no_retry_another_item(
    house: House, wall_clock: WallClock, disk: Disk
) -> None:
    """It was told, but the provider was not answered; a good look comes between."""
    house.line.switches.unread_after_webhook = False
    await house.set_up()
    text = house.text("Open")
    with disk.broken():
        assert await house.post(text) == 500
    text.record.unread = False
    wall_clock.offset = AHEAD
    await start_anew(house)
    wall_clock.offset = timedelta()
    assert await house.post(text) == 200
    assert house.heard == [text.live()]


async def test_a_clock_that_is_set_forgets_nothing_where_there_are_no_lists(
    house: House, wall_clock: WallClock, disk: Disk
) -> None:
    """A look that finds no list is a good one."""
    for operation in LISTS.values():
        house.simulator.arm("http_error", operation=operation, times=0, error_code=404)
    await house.set_up()
    text = house.text("Open")
    with disk.broken():
        assert await house.post(text) == 500
    wall_clock.offset = AHEAD
    await house.look()
    assert await house.post(text) == 200
    assert house.heard == [text.live()]


async def test_what_many_starts_in_1970_knew_is_forgotten_in_the_end(
    house: House, wall_clock: WallClock
) -> None:
    """Each time the clock is set, a little later."""
    house.line.switches.unread_after_webhook = False
    await house.set_up()
    await house.post(house.text("Open"))
    for _ in range(3):
        wall_clock.offset = IN_1970
        await start_anew(house)
        wall_clock.offset = timedelta()
        await house.look()
    await house.stride(2 * DAY)
    await house.look()
    assert house.entry.runtime_data.inbox.remembered == 0


async def test_what_a_list_holds_for_long_is_not_told_again_after_the_clock_was_set(
    house: House, wall_clock: WallClock
) -> None:
    """Set back, it seems to have been seen in times to come."""
    house.line.switches.sms_list_empties = False
    await house.set_up()
    text = house.text("Open")
    await house.post(text)
    wall_clock.offset = -AHEAD
    for _ in range(4):
        await house.stride(DAY)
    await start_anew(house)
    await house.pass_time(120)
    assert house.heard == [text.live()]
