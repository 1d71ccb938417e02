"""The page on the system's health tells of all numbers together."""

import asyncio
from datetime import datetime
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from custom_components.cecula_sync.const import DOMAIN
from simulator import Line, Simulator

from .conftest import ADA, API_KEY, BEN, WEBHOOK_ID
from .doors import act, act_blindly, add_second_line, assert_tells_no_secret, pass_time
from .flows import configure
from .translation_guard import english

UNREACHABLE = {"type": "failed", "error": "unreachable"}
POLL = 31 * 60


async def health(hass: HomeAssistant) -> dict[str, Any]:
    """Return what the page tells, once all of it is known."""
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done(wait_background_tasks=True)
    told = await get_system_health_info(hass, DOMAIN)
    return {
        name: await value if asyncio.iscoroutine(value) else value
        for name, value in told.items()
    }


async def test_a_number_that_is_well_is_told_so(
    hass: HomeAssistant,
    hooked: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """With a label for all that is told, and none for what is not."""
    await hass.async_block_till_done(wait_background_tasks=True)
    looked_at = dt_util.utcnow()
    freezer.tick(5)
    await act(hass, "send_sms", contacts="notify.ada", message="Hi")
    sent = await act(hass, "send_sms", contacts="notify.ada", message="Hi again")
    await line.report(sent["recipients"][0]["tracking_id"], "DELIVERED")
    posted_at = dt_util.utcnow()
    freezer.tick(5)
    told = await health(hass)
    assert told == {
        "numbers": 1,
        "numbers_loaded": 1,
        "numbers_by_webhook": 1,
        "numbers_by_polling": 0,
        "can_reach_server": "ok",
        "last_post": posted_at,
        "last_look": looked_at,
        "failed_looks": 0,
        "pending_deliveries": 1,
    }
    assert told.keys() == english()["system_health"]["info"].keys()
    assert_tells_no_secret(repr(told), ADA, BEN)


async def test_several_numbers_are_told_of_together(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The last look is that of the number which nobody looked after for longest."""
    await hass.async_block_till_done(wait_background_tasks=True)
    looked_at = dt_util.utcnow()
    freezer.tick(60)
    second, _ = await add_second_line(hass, simulator)
    configure(hass, second, inbound="polling")
    for entry in (loaded, second):
        data = {"message": "Hi", "config_entry_id": entry.entry_id}
        await act_blindly(hass, "send_sms", recipients=BEN, **data)
    told = await health(hass)
    assert (told["numbers"], told["numbers_loaded"]) == (2, 2)
    assert (told["numbers_by_polling"], told["numbers_by_webhook"]) == (1, 1)
    assert told["last_look"] == looked_at
    assert told["last_post"] is None
    assert told["pending_deliveries"] == 2


@pytest.mark.parametrize("verify_ssl", [True, False])
async def test_a_server_that_is_away_is_told_so(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    simulator: Simulator,
    verify_ssl: bool,
) -> None:
    """Whether its certificate is checked or not; it is asked without the key."""
    data = {**entry.data, "verify_ssl": verify_ssl}
    hass.config_entries.async_update_entry(entry, data=data)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    simulator.world.requests.clear()
    assert (await health(hass))["can_reach_server"] == "ok"
    (asked,) = simulator.requests
    assert (asked.authorised, API_KEY in asked.path) == (False, False)
    assert WEBHOOK_ID not in repr(asked)
    await simulator.stop()
    assert (await health(hass))["can_reach_server"] == UNREACHABLE


async def test_each_server_is_asked_once_and_one_that_is_away_is_enough(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    second, _ = await add_second_line(hass, simulator)
    await hass.async_block_till_done(wait_background_tasks=True)
    simulator.world.requests.clear()
    assert (await health(hass))["can_reach_server"] == "ok"
    assert len(simulator.requests) == 1
    away = {**second.data, "base_url": "http://127.0.0.1:1"}
    hass.config_entries.async_update_entry(second, data=away)
    assert (await health(hass))["can_reach_server"] == UNREACHABLE


async def test_a_number_that_could_not_be_loaded_is_counted(
    hass: HomeAssistant, entry: MockConfigEntry, line: Line, simulator: Simulator
) -> None:
    """A disabled one is not, for nobody wants it to work."""
    await simulator.stop()
    assert not await hass.config_entries.async_setup(entry.entry_id)
    told = await health(hass)
    assert (told["numbers"], told["numbers_loaded"]) == (1, 0)
    assert told["last_look"] is None
    disabled = ConfigEntryDisabler.USER
    await hass.config_entries.async_set_disabled_by(entry.entry_id, disabled)
    told = await health(hass)
    assert (told["numbers"], told["numbers_by_webhook"]) == (0, 0)


async def test_looks_that_fail_are_told_of(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Until one goes well."""
    for operation in ("get-new-sms", "new-missed-calls"):
        simulator.arm("http_500", operation=operation, times=0)
    assert await hass.config_entries.async_setup(entry.entry_id)
    told = await health(hass)
    assert (told["failed_looks"], told["last_look"]) == (1, None)
    await pass_time(hass, freezer, POLL)
    assert (await health(hass))["failed_looks"] > 1
    simulator.disarm()
    await pass_time(hass, freezer, POLL)
    told = await health(hass)
    assert told["failed_looks"] == 0
    assert isinstance(told["last_look"], datetime)
