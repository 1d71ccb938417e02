"""A clock that is set, and one that goes on: nothing is forgotten too early."""

import asyncio
from datetime import timedelta

from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState
import pytest

from tests.wall_clock import WallClock

from .disk import Disk
from .house import Came, House

DAY = 24 * 3600
JUMPS = [
    pytest.param(timedelta(days=days), id=f"{days} days") for days in (-365, -3, 3, 365)
]
# Of a machine: its own clock stands still, and the one on the wall is set after it.
PAUSES = [
    pytest.param(timedelta(minutes=minutes), id=f"{minutes} minutes")
    for minutes in (5, 180, 24 * 60)
]


@pytest.fixture
def wall_clock(house: House, monkeypatch: pytest.MonkeyPatch) -> WallClock:
    """Return the clock on that house's wall."""
    return WallClock(monkeypatch)


async def hand_out_again(house: House, came: Came) -> None:
    """Have a list hand out what was read or posted before, and see what is told."""
    came.record.unread = True
    await house.look()
    await house.pass_time(120)


def assert_heard(house: House, came: Came, *, is_late: bool) -> None:
    """Find one item that was heard, and forget it."""
    (heard,) = house.heard
    assert (heard.key.content, heard.is_late) == (came.key.content, is_late)
    house.heard.clear()


@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize("inbound", ["webhook", "polling"])
async def test_a_clock_that_is_set_makes_nothing_forgotten(
    house: House, wall_clock: WallClock, inbound: str, jump: timedelta
) -> None:
    """By a good look after it that does not bring it again."""
    house.line.switches.unread_after_webhook = False
    await house.set_up(inbound=inbound)
    posted, found = house.text("Posted"), house.text("Found")
    await house.post(posted)
    await house.look()
    await house.pass_time(120)
    wall_clock.offset = jump
    await house.look()
    await house.pass_time(1000)
    assert len(house.heard) == 2
    await hand_out_again(house, posted)
    await hand_out_again(house, found)
    assert len(house.heard) == 2


@pytest.mark.parametrize("jump", JUMPS)
async def test_what_is_posted_after_the_clock_was_set_is_not_forgotten_either(
    house: House, wall_clock: WallClock, jump: timedelta
) -> None:
    """The house learns of the jump by its next look only."""
    house.line.switches.unread_after_webhook = False
    await house.set_up()
    await house.pass_time(120)
    wall_clock.offset = jump
    posted = house.text("Posted")
    await house.post(posted)
    await house.look()
    await hand_out_again(house, posted)
    assert house.heard == [posted.live()]


@pytest.mark.parametrize("jump", JUMPS)
async def test_what_is_two_days_old_by_true_time_is_forgotten(
    house: House, wall_clock: WallClock, jump: timedelta
) -> None:
    """Whatever the wall clock says; a file must not grow for ever."""
    house.line.switches.unread_after_webhook = False
    await house.set_up()
    await house.post(house.text("Posted"))
    wall_clock.offset = jump
    await house.look()
    assert tallies(house) == 1
    await house.stride(2 * DAY + 10)
    await house.look()
    assert tallies(house) == 0


def tallies(house: House) -> int:
    """Return how many different items the house remembers."""
    return int(house.entry.runtime_data.inbox.remembered)


@pytest.mark.parametrize("empties", [True, False])
async def test_an_item_is_remembered_for_two_days_and_as_long_as_it_is_listed(
    house: House, empties: bool
) -> None:
    """What its list hands out for a week is told once."""
    house.line.switches.sms_list_empties = empties
    await house.set_up()
    text = house.text("Open")
    await house.post(text)
    for _ in range(7):
        await house.stride(DAY)
    await house.pass_time(120)
    assert house.heard == [text.live()]
    assert tallies(house) == (0 if empties else 1)


async def test_an_item_is_not_forgotten_within_two_days(house: House) -> None:
    """Though no list has held it."""
    house.line.switches.unread_after_webhook = False
    await house.set_up()
    text = house.text("Open")
    await house.post(text)
    await house.stride(DAY)
    await house.stride(DAY - 600)
    await hand_out_again(house, text)
    assert house.heard == [text.live()]


async def test_an_item_is_not_forgotten_by_a_look_that_failed(house: House) -> None:
    """Only a list that was read can show that it is gone."""
    house.line.switches.unread_after_webhook = False
    await house.set_up()
    text = house.text("Open")
    await house.post(text)
    house.simulator.arm("http_500", operation="get-new-sms", times=0)
    for _ in range(4):
        await house.stride(DAY)
    house.simulator.disarm()
    await hand_out_again(house, text)
    assert house.heard == [text.live()]


async def test_an_item_is_not_forgotten_by_a_look_at_the_other_list(
    house: House,
) -> None:
    """Calls are read well, texts are not."""
    house.line.switches.unread_after_webhook = False
    await house.set_up()
    text, call = house.text("Open"), house.call()
    await house.post(text)
    await house.post(call)
    house.simulator.arm("http_500", operation="get-new-sms", times=0)
    for _ in range(4):
        await house.stride(DAY)
    assert tallies(house) == 1
    house.simulator.disarm()
    await hand_out_again(house, text)
    assert house.heard == [text.live(), call.live()]


@pytest.mark.parametrize("jump", JUMPS[:2])
async def test_a_clock_that_is_set_back_is_no_gap(
    house: House, wall_clock: WallClock, jump: timedelta
) -> None:
    """What is found a minute after the last look is live."""
    await house.set_up(inbound="polling")
    wall_clock.offset = jump
    text = house.text("Open")
    await house.pass_time(60)
    assert_heard(house, text, is_late=False)


@pytest.mark.parametrize("pause", PAUSES)
async def test_what_comes_while_the_machine_is_paused_is_late(
    house: House, wall_clock: WallClock, pause: timedelta
) -> None:
    """Its own clock stands still meanwhile; what comes after the next look is live."""
    await house.set_up(inbound="polling")
    await house.pass_time(120)
    wall_clock.offset = pause / 2
    paused = house.text("Open")
    wall_clock.offset = pause
    await house.pass_time(60)
    assert_heard(house, paused, is_late=True)
    awake = house.text("Open")
    await house.pass_time(60)
    assert_heard(house, awake, is_late=False)


async def test_a_pause_of_less_than_five_minutes_is_no_gap(
    house: House, wall_clock: WallClock
) -> None:
    """Such as while a backup is made of the whole machine."""
    await house.set_up(inbound="polling")
    await house.pass_time(120)
    wall_clock.offset = timedelta(seconds=239)
    text = house.text("Open")
    await house.pass_time(60)
    assert_heard(house, text, is_late=False)


async def test_a_gap_is_one_though_the_clock_was_set_back(
    house: House, wall_clock: WallClock
) -> None:
    """Ten minutes without a look, of which the wall clock shows none."""
    await house.set_up(inbound="polling")
    wall_clock.offset = timedelta(minutes=-10)
    house.text("Open")
    await house.stride(600)
    assert [heard.is_late for heard in house.heard] == [True]


@pytest.mark.parametrize(
    ("jump", "is_late"),
    [
        pytest.param(timedelta(days=-365), False, id="set back"),
        pytest.param(timedelta(minutes=4), False, id="soon"),
        pytest.param(timedelta(minutes=6), True, id="paused"),
        pytest.param(timedelta(days=365), True, id="set forward"),
    ],
)
async def test_what_is_parked_is_late_if_it_may_be_old(
    house: House, wall_clock: WallClock, jump: timedelta, is_late: bool
) -> None:
    """A small computer learns the time while it starts, which may hide a pause."""
    house.hass.set_state(CoreState.starting)
    await house.set_up()
    text = house.text("Open")
    await house.post(text)
    wall_clock.offset = jump
    house.hass.set_state(CoreState.running)
    house.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await house.stride(1)
    assert house.heard == [text.late(channel="webhook") if is_late else text.live()]


@pytest.mark.parametrize("jump", JUMPS)
async def test_what_waits_for_its_webhook_waits_by_true_time(
    house: House, wall_clock: WallClock, jump: timedelta
) -> None:
    """A minute and a half, whatever the wall clock says."""
    await house.set_up()
    text = house.text("Open")
    await house.look()
    wall_clock.offset = jump
    await house.pass_time(89)
    assert house.heard == []
    await house.pass_time(1)
    assert house.heard == [text.late()]


async def test_a_post_that_gets_old_while_others_are_handed_on_is_late(
    house: House, disk: Disk, wall_clock: WallClock
) -> None:
    """The machine sleeps while the line opens."""
    house.hass.set_state(CoreState.starting)
    await house.set_up()
    first, gate, next_one = house.text("First"), house.text("Open"), house.text("Next")
    for came in (first, gate):
        await house.post(came)
    runtime = house.entry.runtime_data
    with disk.halted() as halt:
        posting = house.start_to_post(next_one)
        await halt.reached_by(posting)
        opening = asyncio.create_task(
            runtime.webhook.intake.async_open(runtime.inbox, runtime.delivery)
        )
        for _ in range(20):
            await asyncio.sleep(0)
        assert house.heard == [first.live()]
        wall_clock.offset = timedelta(minutes=30)
    await asyncio.gather(posting, opening)
    assert [heard.is_late for heard in house.heard] == [False, True, True]


@pytest.mark.parametrize("inbound", ["webhook", "polling"])
async def test_a_time_zone_that_is_changed_counts_from_then_on(
    house: House, inbound: str
) -> None:
    """A server of the user's own tells times without a zone; nothing is reloaded."""
    await house.set_up(inbound=inbound)
    for zone, offset in (("Africa/Lagos", "+01:00"), ("Asia/Tokyo", "+09:00")):
        await house.hass.config.async_update(time_zone=zone)
        text = house.text(zone)
        if inbound == "webhook":
            await house.post(text)
        await house.pass_time(60)
        assert house.heard[-1].key.content == zone
        assert house.heard[-1].key.moment.endswith(offset)
