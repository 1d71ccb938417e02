"""The same bytes again, where the first post was parked and had no answer."""

import asyncio
import time
from typing import Any

from aiohttp.web import Response
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState
import pytest

from custom_components.cecula_sync import files
from custom_components.cecula_sync.webhook import WebhookManager

from .disk import Disk
from .house import House


async def begin_to_start(house: House) -> None:
    """Have a line set up while Home Assistant starts."""
    house.hass.set_state(CoreState.starting)
    await house.set_up()


async def start(house: House) -> None:
    """Let Home Assistant be up, and a second more."""
    house.hass.set_state(CoreState.running)
    house.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await house.settle()
    await house.stride(1)


async def test_a_disk_that_takes_nothing_refuses_a_post_and_takes_its_retry(
    house: House, disk: Disk
) -> None:
    """It is one item."""
    await begin_to_start(house)
    text = house.text("Open")
    with disk.broken():
        assert await house.post(text) == 500
    assert await house.post(text) == 200
    await start(house)
    assert house.heard == [text.live()]


async def test_a_refused_post_is_told_though_nobody_posts_it_again(
    house: House, disk: Disk
) -> None:
    """It was heard; a provider may not try again."""
    await begin_to_start(house)
    text = house.text("Open")
    with disk.broken():
        assert await house.post(text) == 500
    await start(house)
    assert house.heard == [text.live()]
    await house.post(text)
    assert house.heard == [text.live()]


async def test_a_post_that_breaks_off_during_the_start_may_come_again_after_it(
    house: House, disk: Disk
) -> None:
    """It is one item; the next is another."""
    await begin_to_start(house)
    text = house.text("Open")
    assert not await house.break_off(text, disk)
    await start(house)
    assert await house.post(text) == 200
    assert house.heard == [text.live()]
    assert await house.post(text) == 200
    assert house.heard == [text.live(1), text.live(2)]


async def test_what_broke_off_once_does_not_hide_what_is_parked_later(
    house: House, disk: Disk
) -> None:
    """Its retry was taken; an equal text during a reload is another item."""
    await begin_to_start(house)
    text = house.text("Open")
    assert not await house.break_off(text, disk)
    await start(house)
    assert await house.post(text) == 200
    assert await house.hass.config_entries.async_unload(house.entry.entry_id)
    assert await house.post(text) == 200
    await house.set_up()
    assert house.heard == [text.live(1), text.live(2)]


async def test_a_provider_that_hangs_up_before_the_answer_may_post_again(
    house: House, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through a socket: it got no answer, so what it posts again is the same item."""
    await house.set_up()
    broken_off = asyncio.Event()
    receive = WebhookManager._async_receive

    async def receive_and_tell(manager: WebhookManager, body: bytes) -> Response:
        try:
            return await receive(manager, body)
        except asyncio.CancelledError:
            broken_off.set()
            raise

    monkeypatch.setattr(WebhookManager, "_async_receive", receive_and_tell)
    text = house.text("Open")
    with disk.halted() as halt:
        posting = asyncio.create_task(house.post_only(text))
        await halt.reached_by(posting)
        posting.cancel()
        await broken_off.wait()
    assert await house.post(text) == 200
    assert house.heard == [text.live()]
    assert await house.post(text) == 200
    assert house.heard == [text.live(1), text.live(2)]


async def test_posts_at_once_during_the_start_are_one_item(
    house: House, disk: Disk
) -> None:
    """The second came while the first was not answered."""
    await begin_to_start(house)
    text = house.text("Open")
    assert not await house.post_at_once(text, disk)
    await start(house)
    assert house.heard == [text.live()]


async def test_a_post_that_is_parked_as_its_line_opens_has_its_answer(
    house: House, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is slow; an equal text in the same minute is another item."""
    await house.set_up()
    text = house.text("Open")
    postings: list[asyncio.Task[Response]] = []
    open_line = WebhookManager.async_open

    async def open_meanwhile(manager: WebhookManager, *line: Any) -> bool:
        with disk.halted() as halt:
            postings.append(house.start_to_post(text))
            await halt.reached_by(postings[0])
            opening = asyncio.create_task(open_line(manager, *line), eager_start=True)
        return await opening

    monkeypatch.setattr(WebhookManager, "async_open", open_meanwhile)
    assert await house.hass.config_entries.async_reload(house.entry.entry_id)
    assert [(await posting).status for posting in postings] == [200]
    assert house.heard == [text.live()]
    assert await house.post(text) == 200
    assert house.heard == [text.live(1), text.live(2)]


async def test_an_opening_does_not_wait_for_the_answers_of_all_that_comes(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a slow disk, one post or another is always being written."""
    await begin_to_start(house)
    first, alarm = house.text("First"), house.text("Fire")
    for came in (first, alarm):
        await house.post(came)
    append = files.append

    def append_slowly(*args: Any, **kwargs: Any) -> None:
        time.sleep(0.05)
        append(*args, **kwargs)

    monkeypatch.setattr(files, "append", append_slowly)
    runtime = house.entry.runtime_data
    others = [house.start_to_post(house.text("0"))]
    opening = asyncio.create_task(
        runtime.webhook.async_open(runtime.inbox, runtime.delivery)
    )
    for number in range(1, 40):
        await asyncio.to_thread(time.sleep, 0.01)
        others.append(house.start_to_post(house.text(str(number))))
    assert house.heard[:2] == [first.live(), alarm.live()]
    await asyncio.gather(opening, *others)
    assert len(house.heard) == 42
