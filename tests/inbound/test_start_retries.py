"""The same bytes again, where the first post was parked and had no answer."""

import asyncio
import time
from typing import Any

from aiohttp.web import Response
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState
import pytest

from custom_components.cecula_sync import files
from custom_components.cecula_sync.inbox import Inbox
from custom_components.cecula_sync.intake import Intake
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


async def test_an_equal_text_is_another_though_the_disk_took_the_first_too_late(
    house: House, disk: Disk
) -> None:
    """The first was parked and answered; its line could not keep that it was told."""
    await begin_to_start(house)
    first = house.text("Open")
    assert await house.post(first) == 200
    with disk.broken():
        await start(house)
    assert house.heard == [first.live()]
    assert await house.post(house.text("Open")) == 200
    assert house.heard == [first.live(), first.live(2)]


async def test_what_can_t_be_handed_on_does_not_keep_the_line_shut(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor what is behind it; the log says so, without a word of it."""
    await begin_to_start(house)
    take = Inbox.async_take_post

    async def take_or_fail(inbox: Inbox, item: Any, *args: Any, **kwargs: Any) -> None:
        if item.message == "Poison":
            raise RuntimeError(item.message)
        await take(inbox, item, *args, **kwargs)

    monkeypatch.setattr(Inbox, "async_take_post", take_or_fail)
    text = house.text("Open")
    for each in (house.text("Poison"), text):
        assert await house.post(each) == 200
    await start(house)
    assert house.heard == [text.live()]
    assert "could not be handed on: RuntimeError" in caplog.text
    assert "Poison" not in caplog.text
    again = house.text("Close")
    await house.post(again)
    assert house.heard == [text.live(), again.live()]


async def test_what_waited_is_shredded_once_for_all(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For each of a thousand posts, the whole file would be written anew."""
    await begin_to_start(house)
    texts = [house.text(f"Text {number}") for number in range(50)]
    for text in texts:
        await house.post(text)
    written: list[str] = []
    rewrite = files.rewrite

    def count_and_rewrite(path: str, *args: Any) -> None:
        written.append(path)
        rewrite(path, *args)

    monkeypatch.setattr(files, "rewrite", count_and_rewrite)
    await start(house)
    assert house.heard == [text.live() for text in texts]
    await house.pass_time(120)
    assert sum(path.endswith("inbox") for path in written) <= 2
    assert "Text 0" not in str(house.kept())


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
    open_line = Intake.async_open

    async def open_meanwhile(manager: Intake, *line: Any) -> bool:
        with disk.halted() as halt:
            postings.append(house.start_to_post(text))
            await halt.reached_by(postings[0])
            opening = asyncio.create_task(open_line(manager, *line), eager_start=True)
        return await opening

    monkeypatch.setattr(Intake, "async_open", open_meanwhile)
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
        runtime.webhook.intake.async_open(runtime.inbox, runtime.delivery)
    )
    for number in range(1, 40):
        await asyncio.to_thread(time.sleep, 0.01)
        others.append(house.start_to_post(house.text(str(number))))
    assert house.heard[:2] == [first.live(), alarm.live()]
    await asyncio.gather(opening, *others)
    assert len(house.heard) == 42
