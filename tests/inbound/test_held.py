"""What a look finds before its webhook came: it waits for that, and then no longer."""

import pytest

from tests.conftest import ADA, BEN

from .disk import Disk
from .house import House


async def test_what_is_posted_soon_after_it_was_found_is_live(house: House) -> None:
    """A look may be faster than the provider's webhook."""
    await house.set_up()
    text, call = house.text("Open"), house.call()
    await house.look()
    await house.pass_time(89)
    assert house.heard == []
    assert await house.post(text) == 200
    assert await house.post(call) == 200
    await house.pass_time(1800)
    assert house.heard == [text.live(), call.live()]


async def test_what_nobody_posts_is_late_after_a_minute_and_a_half(
    house: House,
) -> None:
    """And live no more if its webhook comes after all."""
    await house.set_up()
    text, call = house.text("Open"), house.call()
    await house.look()
    await house.pass_time(89)
    assert house.heard == []
    await house.pass_time(1)
    assert set(house.heard) == {text.late(), call.late()}
    await house.post(text)
    await house.post(call)
    await house.pass_time(1800)
    assert len(house.heard) == 2


async def test_of_equal_items_as_many_wait_as_were_not_posted(house: House) -> None:
    """The third of four is posted first; which one it was cannot be told."""
    await house.set_up()
    open_the_gate, *others = [house.text("Open") for _ in range(4)]
    await house.look()
    await house.pass_time(30)
    await house.post(others[1])
    await house.pass_time(60)
    assert house.heard == [
        open_the_gate.live(1),
        open_the_gate.late(2),
        open_the_gate.late(3),
        open_the_gate.late(4),
    ]


async def test_a_post_takes_what_has_waited_longest(house: House) -> None:
    """Its like that was found later has a minute and a half of its own."""
    house.line.switches.sms_list_empties = False
    await house.set_up()
    first = house.text("Open")
    await house.look()
    await house.pass_time(20)
    await house.post(first)
    second = house.text("Open")
    await house.look()
    await house.pass_time(75)
    assert house.heard == [first.live(1)]
    await house.post(second)
    await house.pass_time(120)
    assert house.heard == [first.live(1), second.live(2)]


async def test_what_waits_is_late_after_a_reload(house: House) -> None:
    """It is told once, though its list hands it out again."""
    house.line.switches.sms_list_empties = False
    await house.set_up()
    text = house.text("Open")
    await house.look()
    await house.pass_time(30)
    assert await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    assert house.heard == []
    await house.pass_time(180)
    assert house.heard == [text.late()]


async def test_what_waits_is_told_late_also_when_the_house_polls_by_now(
    house: House,
) -> None:
    """It waits to its end, and the first poll does not tell it too."""
    house.line.switches.sms_list_empties = False
    await house.set_up()
    text = house.text("Open")
    await house.look()
    await house.pass_time(30)
    house.hass.config_entries.async_update_entry(
        house.entry, options={"inbound": "polling"}
    )
    await house.pass_time(180)
    assert house.heard == [text.late()]


@pytest.mark.parametrize("inbound", ["webhook", "polling"])
async def test_a_post_is_live_whenever_it_comes(house: House, inbound: str) -> None:
    """Minutes after what it tells of, and whether or not the house polls too."""
    await house.set_up(inbound=inbound)
    text = house.text("Open")
    text.record.unread = False
    await house.pass_time(900)
    await house.post(text)
    answered = house.call(BEN, seconds=42)
    await house.post(answered)
    assert house.heard == [text.live(), answered.live()]


async def test_polling_finds_texts_and_missed_calls_within_a_minute(
    house: House,
) -> None:
    """Answered calls are in no list."""
    await house.set_up(inbound="polling")
    text, missed, _ = house.text("Open"), house.call(), house.call(ADA, seconds=5)
    await house.pass_time(59)
    assert house.heard == []
    await house.pass_time(1)
    assert house.heard == [text.live(channel="poll"), missed.live(channel="poll")]
    await house.pass_time(300)
    assert len(house.heard) == 2


async def test_what_a_poll_finds_after_a_gap_is_late(house: House) -> None:
    """After five minutes it opens no gates any more."""
    await house.set_up(inbound="polling")
    short_gap = house.text("After five minutes")
    await house.stride(300)
    long_gap = house.text("After a second more")
    await house.stride(301)
    after = house.text("In time again")
    await house.stride(60)
    assert house.heard == [
        short_gap.live(channel="poll"),
        long_gap.late(),
        after.live(channel="poll"),
    ]


async def test_what_the_first_poll_after_a_start_finds_is_late(house: House) -> None:
    """The house was away, for whatever time."""
    await house.set_up(inbound="polling")
    assert await house.hass.config_entries.async_unload(house.entry.entry_id)
    away = house.text("Away")
    await house.set_up()
    back = house.text("Back")
    await house.pass_time(60)
    assert house.heard == [away.late(), back.live(channel="poll")]


async def test_each_list_has_a_gap_of_its_own(house: House) -> None:
    """Texts come in time while calls can't be read."""
    await house.set_up(inbound="polling")
    house.simulator.arm("http_500", operation="new-missed-calls", times=0)
    call = house.call()
    await house.pass_time(600)
    house.simulator.disarm()
    text = house.text("Open")
    await house.look()
    assert house.heard == [text.live(channel="poll"), call.late()]


@pytest.mark.parametrize(("inbound", "pause"), [("webhook", 900), ("polling", 60)])
async def test_the_house_looks_as_often_as_is_of_use(
    house: House, inbound: str, pause: int
) -> None:
    """While it waits for posts, looks only find what got lost."""
    await house.set_up(inbound=inbound)
    assert (house.looks("sms"), house.looks("call")) == (1, 1)
    await house.pass_time(pause - 1)
    assert house.looks("sms") == 1
    await house.pass_time(1)
    await house.pass_time(pause)
    assert (house.looks("sms"), house.looks("call")) == (3, 3)


async def test_after_failures_the_house_looks_ever_more_slowly(house: House) -> None:
    """A minute, two, four, eight, and then a quarter of an hour."""
    await house.set_up(inbound="polling")
    house.simulator.arm("http_500", operation="get-new-sms", times=0)
    await house.look()
    for minutes in (1, 2, 4, 8, 15, 15):
        before = house.looks("sms")
        await house.pass_time(60 * minutes - 1)
        assert house.looks("sms") == before
        await house.pass_time(1)
        assert house.looks("sms") == before + 1
    house.simulator.disarm()
    await house.look()
    before = house.looks("sms")
    await house.pass_time(60)
    assert house.looks("sms") == before + 1


async def test_a_change_to_polling_looks_at_once(house: House) -> None:
    """And from then on every minute."""
    await house.set_up()
    text = house.text("Open")
    house.hass.config_entries.async_update_entry(
        house.entry, options={"inbound": "polling"}
    )
    await house.settle()
    assert house.heard == [text.live(channel="poll")]
    before = house.looks("sms")
    await house.pass_time(120)
    assert house.looks("sms") == before + 2


async def test_what_is_told_late_is_told_once_though_the_disk_takes_nothing(
    house: House, disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    """What it could not take is written with what comes next."""
    await house.set_up()
    text = house.text("Open")
    await house.look()
    with disk.broken():
        await house.pass_time(120)
    assert house.heard == [text.late()]
    assert "What was told could not be kept on disk" in caplog.text
    await house.close()
    await house.set_up()
    await house.pass_time(120)
    assert house.heard == [text.late()]
