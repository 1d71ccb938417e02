"""Unloading at an untimely moment: a line that ends never comes to life again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import Context, CoreState, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync.address import AddressWatch
from custom_components.cecula_sync.api.exceptions import CeculaClosedError
from custom_components.cecula_sync.catch_up import CatchUp
from custom_components.cecula_sync.recipients import Recipient
from simulator import Line, Simulator

from .conftest import ADA, BEN, WEBHOOKS, Post, captured
from .doors import act, hook_up, pass_time, until
from .inbound.disk import Disk

LISTS = {"get-new-sms", "new-missed-calls"}

type End = Callable[[HomeAssistant, str], Awaitable[None]]


async def disable(hass: HomeAssistant, entry_id: str) -> None:
    """Disable a number."""
    by_user = ConfigEntryDisabler.USER
    await hass.config_entries.async_set_disabled_by(entry_id, by_user)


async def reload(hass: HomeAssistant, entry_id: str) -> None:
    """Load a number anew."""
    assert await hass.config_entries.async_reload(entry_id)


async def begin(work: Awaitable[None]) -> asyncio.Future[None]:
    """Return some work that has come to where it waits."""
    begun = asyncio.ensure_future(work)
    for _ in range(5):
        await asyncio.sleep(0)
    return begun


def looks(line: Line) -> list[str]:
    """Return which lists were read."""
    return [each.operation for each in line.requests if each.operation in LISTS]


@asynccontextmanager
async def leaving(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> AsyncIterator[None]:
    """Have a text leave slowly meanwhile, which an unload waits for."""
    before = len(line.sent)
    simulator.arm("slow", operation="send-sms", seconds=0.3)
    sending = asyncio.create_task(
        act(hass, "send_sms", contacts="notify.ada", message="Hi")
    )
    await until(simulator, lambda: len(line.sent) > before)
    yield
    await sending


@pytest.mark.parametrize(
    ("end", "lists"),
    [
        pytest.param(disable, [], id="disabled"),
        pytest.param(reload, ["get-new-sms", "new-missed-calls"], id="loaded anew"),
    ],
)
async def test_a_number_that_ends_as_the_start_ends_does_not_come_to_life(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    hass_client_no_auth: Any,
    freezer: FrozenDateTimeFactory,
    end: End,
    lists: list[str],
) -> None:
    """Nobody else reads the lists, and a report goes to whom it is told to."""
    hass.set_state(CoreState.starting)
    assert await hass.config_entries.async_setup(entry.entry_id)
    hook_up(line, await hass_client_no_auth())
    old = entry.runtime_data
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done()
    async with leaving(hass, simulator, line):
        ending = await begin(end(hass, entry.entry_id))
        assert not ending.done()
        await pass_time(hass, freezer, 2)
    await ending
    await hass.async_block_till_done(wait_background_tasks=True)
    assert old.catch_up.last_look_failed
    assert looks(line) == lists
    if entry.state is ConfigEntryState.LOADED:
        told = captured(hass, "sms_status")
        await line.report(line.sent[0].tracking_id, "DELIVERED")
        assert [event.data["status"] for event in told] == ["delivered"]


async def test_what_is_posted_after_a_set_up_that_failed_waits_for_the_next(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The line was open already."""
    heard = captured(hass, "sms_received")
    with monkeypatch.context() as patch:
        patch.setattr(CatchUp, "async_start", lambda _self: 1 / 0)
        assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert await post((WEBHOOKS / "inbound_sms.json").read_bytes()) == 200
    assert heard == []
    await reload(hass, entry.entry_id)
    assert [event.data["message"] for event in heard] == ["One love"]


@pytest.mark.parametrize("is_legacy", [False, True])
async def test_what_is_to_leave_while_the_number_is_unloaded_is_refused(
    hass: HomeAssistant,
    hooked: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    is_legacy: bool,
) -> None:
    """It says that nothing has left, and that it is not for the internet."""
    action, data = "send_message", {"entity_id": "notify.ada", "message": "Fire"}
    if is_legacy:
        action, data = hooked.data["notify_action"], {"target": BEN, "message": "Fire"}
    async with leaving(hass, simulator, line):
        reloading = await begin(reload(hass, hooked.entry_id))
        with pytest.raises(HomeAssistantError) as caught:
            await hass.services.async_call("notify", action, data, blocking=True)
    assert caught.value.translation_key == "line_unloaded"
    await reloading
    assert [sms.recipient for sms in line.sent] == [ADA]


async def test_no_call_leaves_while_the_number_is_unloaded(
    hass: HomeAssistant, hooked: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """Whoever got hold of the way out before it closed."""
    sender = hooked.runtime_data.sender
    async with leaving(hass, simulator, line):
        reloading = await begin(reload(hass, hooked.entry_id))
        with pytest.raises(CeculaClosedError):
            await sender.async_place_call(Recipient(number=BEN), Context())
    await reloading
    assert line.calls == []


async def test_an_unload_that_is_cancelled_goes_on(
    hass: HomeAssistant, hooked: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """As by a browser that was closed, or a script that starts anew."""
    async with leaving(hass, simulator, line):
        reloading = await begin(reload(hass, hooked.entry_id))
        for _ in range(2):
            reloading.cancel()
            await asyncio.sleep(0)
    await reloading
    assert hooked.state is ConfigEntryState.LOADED
    await act(hass, "send_sms", recipients=BEN, message="Fire")
    assert [sms.recipient for sms in line.sent] == [ADA, BEN]


async def test_a_set_up_that_fails_leaves_nobody_who_looks(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It was open, and about to say so."""
    with monkeypatch.context() as patch:
        patch.setattr(AddressWatch, "async_start", lambda _self: 1 / 0)
        assert not await hass.config_entries.async_setup(entry.entry_id)
    old = entry.runtime_data.catch_up
    await old.async_looked()
    before = len(looks(line))
    old.async_look()
    await old.async_looked()
    assert len(looks(line)) == before


async def test_an_unload_that_is_cancelled_while_it_writes_goes_on(
    hass: HomeAssistant, hooked: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is slow with what is left to be written."""
    disk = Disk(monkeypatch)
    hooked.runtime_data.guard.async_reserve(1, pages=1, ignore_limit=False)
    with disk.halted() as halt:
        reloading = asyncio.create_task(reload(hass, hooked.entry_id))
        await halt.reached_by(reloading)
        reloading.cancel()
        await asyncio.sleep(0)
    await reloading
    assert reloading.cancelling() == 0
    assert hooked.state is ConfigEntryState.LOADED


async def test_a_reload_may_be_cancelled_at_any_moment(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    """It may leave the number unloaded, but never where only a restart helps."""
    for steps in range(40):
        reloading = asyncio.create_task(reload(hass, hooked.entry_id))
        for _ in range(steps):
            await asyncio.sleep(0)
        reloading.cancel()
        await asyncio.gather(reloading, return_exceptions=True)
        await hass.async_block_till_done()
        if hooked.state is not ConfigEntryState.LOADED:
            await reload(hass, hooked.entry_id)
        assert hooked.state is ConfigEntryState.LOADED
    await act(hass, "send_sms", recipients=BEN, message="Fire")
    assert [sms.recipient for sms in line.sent] == [BEN]
