"""What the spending guard counts: all but what surely did not leave; and keeps."""

import asyncio
import contextlib
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync import files
from simulator import Line, Simulator

from .conftest import BEN
from .doors import act_blindly, keep_file, kept_files, pass_time, restart, until
from .inbound.disk import Disk
from .spending import DAY, EVERYBODY, FILE, HOUR, counted, left, limit, refused, text


@pytest.mark.parametrize(
    ("fault", "params", "remaining"),
    [
        pytest.param("code", {"code": "CE3001"}, 4, id="refused"),
        pytest.param("unauthorized", {}, 4, id="refused key"),
        pytest.param("partial", {"keep": 1}, 2, id="partly unknown"),
        pytest.param("http_500", {}, 2, id="500"),
        pytest.param("accept_then_drop", {}, 2, id="dropped"),
        pytest.param("no_ids", {}, 2, id="accepted"),
    ],
)
async def test_a_text_counts_unless_it_surely_did_not_leave(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    fault: str,
    params: dict[str, Any],
    remaining: int,
) -> None:
    """What nobody knows may have been paid for."""
    await limit(hass, loaded, per_hour=4)
    simulator.arm(fault, operation="send-sms", **params)
    with contextlib.suppress(HomeAssistantError):
        await text(hass, *EVERYBODY[:2])
    assert await left(hass) == remaining


@pytest.mark.parametrize(
    ("fault", "remaining"), [("code", 4), ("http_500", 3), ("no_ids", 3)]
)
async def test_a_call_counts_unless_it_surely_did_not_leave(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    fault: str,
    remaining: int,
) -> None:
    """As a text does."""
    await limit(hass, loaded, per_hour=4)
    simulator.arm(fault, operation="flash-number")
    with pytest.raises(HomeAssistantError):
        await act_blindly(hass, "make_call", recipient=BEN)
    assert await left(hass) == remaining


async def test_what_never_left_the_house_does_not_count(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """An outage does not use the limit up."""
    await limit(hass, loaded, per_hour=4)
    await simulator.stop()
    for _ in range(3):
        with pytest.raises(HomeAssistantError):
            await text(hass, *EVERYBODY)
    await simulator.start(port=simulator.port)
    assert await left(hass) == 4


async def test_what_was_not_tried_does_not_count(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After a request that failed, no other follows."""
    monkeypatch.setattr("custom_components.cecula_sync.sender.MAX_RECIPIENTS", 1)
    await limit(hass, loaded, per_hour=4)
    simulator.arm("drop", operation="send-sms")
    with pytest.raises(HomeAssistantError):
        await text(hass, *EVERYBODY)
    assert await left(hass) == 3


async def test_a_caller_that_is_gone_has_what_did_not_leave_given_back(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What had left goes on and is counted."""
    monkeypatch.setattr("custom_components.cecula_sync.sender.MAX_RECIPIENTS", 1)
    await limit(hass, loaded, per_hour=4)
    simulator.arm("slow", operation="send-sms", seconds=0.2)
    caller = asyncio.create_task(text(hass, *EVERYBODY))
    await until(simulator, lambda: line.sent)
    caller.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await caller
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(line.sent) == 1
    assert await left(hass) == 3


async def test_what_was_spent_outlives_a_restart(
    hass: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """A loop that restarts the house gains nothing by it."""
    await limit(hass, loaded, per_hour=2)
    await text(hass)
    await restart(hass, loaded)
    await text(hass)
    await restart(hass, loaded)
    await refused(text(hass))
    await pass_time(hass, freezer, HOUR - 1)
    await restart(hass, loaded)
    await refused(text(hass))
    await pass_time(hass, freezer, 1)
    await text(hass, pages=2)


async def test_a_limit_that_is_set_knows_what_was_spent_before(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """It begins with the last day, not with nothing."""
    await text(hass, pages=3)
    await limit(hass, loaded, per_day=4)
    assert await left(hass) == 1


async def test_a_request_is_on_disk_before_it_leaves(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """A house that goes down while it waits for the answer has counted it."""
    simulator.arm("slow_before", operation="send-sms", seconds=0.2)
    sending = asyncio.create_task(text(hass, pages=3))
    await until(simulator, lambda: simulator.requests_to("send-sms"))
    assert counted(hass) == {"1": 3}
    await sending


async def test_what_is_given_back_is_off_the_disk(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """All of it, or a part."""
    simulator.arm("code", operation="send-sms")
    with pytest.raises(HomeAssistantError):
        await text(hass)
    await text(hass)
    await hass.config_entries.async_unload(loaded.entry_id)
    assert counted(hass) == {"2": 1}


async def test_the_file_holds_a_day(
    hass: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """What is older can't count any more."""
    for _ in range(3):
        await text(hass)
        await pass_time(hass, freezer, DAY / 2)
    await hass.config_entries.async_unload(loaded.entry_id)
    assert counted(hass) == {"2": 1, "3": 1}


async def test_an_answer_that_comes_a_day_later_gives_nothing_back(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What it cost is forgotten by then."""
    monkeypatch.setattr("custom_components.cecula_sync.sender.MAX_RECIPIENTS", 1)
    simulator.arm("slow", operation="send-sms", seconds=0.2)
    sending = asyncio.create_task(text(hass, *EVERYBODY))
    await until(simulator, lambda: simulator.requests_to("send-sms"))
    freezer.tick(DAY)
    await text(hass)
    simulator.arm("code", operation="send-sms", times=0)
    with pytest.raises(HomeAssistantError):
        await sending
    await hass.config_entries.async_unload(loaded.entry_id)
    assert counted(hass) == {"2": 1}


async def test_a_full_disk_stops_no_text_and_no_counting(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The log tells."""

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise OSError

    await limit(hass, loaded, per_hour=1)
    monkeypatch.setattr(files, "append", fail)
    monkeypatch.setattr(files, "rewrite", fail)
    await text(hass)
    assert "What was spent could not be kept on disk" in caplog.text
    await refused(text(hass))
    assert len(line.sent) == 1


async def test_a_full_disk_and_a_reload_make_no_room(
    hass: HomeAssistant, loaded: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it did not take counts on; and lies there as soon as it does."""
    await limit(hass, loaded, per_hour=3)
    await text(hass)
    disk = Disk(monkeypatch)
    with disk.broken():
        await text(hass, pages=2)
        for _ in range(2):
            await restart(hass, loaded)
            await refused(text(hass))
    await hass.config_entries.async_unload(loaded.entry_id)
    assert counted(hass) == {"1": 1, "2": 2}


async def test_what_a_newer_version_kept_is_not_overwritten(
    hass: HomeAssistant, entry: MockConfigEntry, line: Line
) -> None:
    """The number is not set up, and the user is told."""
    keep_file(hass, FILE, '{"version": 2}\n')
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.error_reason_translation_key == "store_too_new"
    assert kept_files(hass)[FILE] == '{"version": 2}\n'
