"""Set-up, reload and removal of a dedicated number."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    dispatcher,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.async_ import get_scheduled_timer_handles
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.cecula_sync.const import DOMAIN
from custom_components.cecula_sync.issues import Issue, async_raise_issue
from simulator import Line, Simulator

from .conftest import ADA, BEN, WEBHOOK_ID, WEBHOOKS, Post, captured
from .doors import act, add_contact, hook_up, kept_files


async def some_time_later(hass: HomeAssistant) -> None:
    """Let Home Assistant try again."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=2))
    await hass.async_block_till_done(wait_background_tasks=True)


def is_in(entry: MockConfigEntry, state: ConfigEntryState) -> bool:
    """Tell whether an entry is in a state, as it is now."""
    return entry.state is state


async def test_a_provider_that_is_away_at_first_is_tried_again(
    hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry, line: Line
) -> None:
    """Nothing is lost meanwhile: the key is not to blame."""
    await simulator.stop()
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert is_in(entry, ConfigEntryState.SETUP_RETRY)
    assert entry.error_reason_translation_key == "cannot_connect"
    assert hass.config_entries.flow.async_progress() == []
    await simulator.start(port=simulator.port)
    await some_time_later(hass)
    assert is_in(entry, ConfigEntryState.LOADED)
    assert await act(hass, "send_sms", contacts="notify.ada", message="Hi")


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        pytest.param("http_500", "unavailable", id="500"),
        pytest.param("html_200", "unreadable_answer", id="not Cecula Sync"),
        pytest.param("redirect", "unavailable", id="redirect"),
    ],
)
async def test_an_answer_that_is_no_good_is_asked_for_again(
    hass: HomeAssistant,
    simulator: Simulator,
    entry: MockConfigEntry,
    line: Line,
    fault: str,
    key: str,
) -> None:
    """The reason is told in the user's language."""
    fault_at_first = simulator.arm(fault, operation="cecula-balance", times=0)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert fault_at_first.used
    assert is_in(entry, ConfigEntryState.SETUP_RETRY)
    assert entry.error_reason_translation_key == key
    simulator.disarm()
    await some_time_later(hass)
    assert is_in(entry, ConfigEntryState.LOADED)


async def test_a_key_that_is_refused_at_first_asks_for_another(
    hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry
) -> None:
    """The provider knows no such line, so trying again can't help."""
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"


def ours(hass: HomeAssistant) -> dict[str, Any]:
    """Return what a loaded entry has in Home Assistant."""
    handlers = hass.data["webhook"]
    signals = hass.data.get(dispatcher.DATA_DISPATCHER, {})
    return {
        "actions": hass.services.async_services_for_domain("notify").keys(),
        "webhooks": set(handlers),
        "listeners": dict(hass.bus.async_listeners()),
        "signals": {
            str(signal): len(listeners)
            for signal, listeners in signals.items()
            if listeners
        },
        "timers": sorted(_timers(hass)),
    }


def _timers(hass: HomeAssistant) -> Iterator[str]:
    for handle in get_scheduled_timer_handles(hass.loop):
        if not handle.cancelled() and "cecula" in repr(handle):
            yield repr(handle)


async def test_unloading_leaves_nothing_running(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    hass_client_no_auth: Any,
) -> None:
    """However much it was used before."""
    hook_up(line, await hass_client_no_auth())
    assert await hass.config_entries.async_unload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    unused = ours(hass)
    tasks = asyncio.all_tasks()
    assert unused["webhooks"] == {WEBHOOK_ID}
    assert not any("cecula" in name for name in unused["actions"])
    assert not any("cecula" in signal for signal in unused["signals"])

    assert await hass.config_entries.async_setup(loaded.entry_id)
    response = await act(hass, "send_sms", contacts="notify.ada", message="Hi")
    await line.report(response["recipients"][0]["tracking_id"], "DELIVERED")
    patience = {"milliseconds": 20}
    await act(hass, "make_call", recipient=BEN, wait_for_result=True, timeout=patience)
    await line.receive_sms(ADA, "Hi")
    await add_contact(hass, loaded, "Ben", BEN, "ben")
    assert ours(hass) != unused
    assert await hass.config_entries.async_unload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await simulator.settle()
    assert ours(hass) == unused
    assert {task for task in asyncio.all_tasks() - tasks if not _of_http(task)} == set()


def _of_http(task: asyncio.Task[Any]) -> bool:
    return "aiohttp" in repr(task.get_coro())


async def test_a_disabled_line_hears_nothing(
    hass: HomeAssistant, loaded: MockConfigEntry, post: Post
) -> None:
    """Its webhook is gone, and is back when it is enabled again."""
    disabled = ConfigEntryDisabler.USER
    await hass.config_entries.async_set_disabled_by(loaded.entry_id, disabled)
    assert WEBHOOK_ID not in hass.data["webhook"]
    await hass.config_entries.async_set_disabled_by(loaded.entry_id, None)
    await hass.async_block_till_done()
    heard = captured(hass, "sms_received")
    assert await post((WEBHOOKS / "inbound_sms.json").read_bytes()) == 200
    assert len(heard) == 1


@pytest.mark.parametrize("is_away", [False, True], ids=["loaded", "tried again"])
async def test_a_disabled_line_needs_nothing(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    issue_registry: ir.IssueRegistry,
    is_away: bool,
) -> None:
    """Disable it while it works, or while the provider is away."""
    if is_away:
        simulator.arm("http_500", operation="cecula-balance", times=0)
        await hass.config_entries.async_reload(loaded.entry_id)
        assert loaded.state is ConfigEntryState.SETUP_RETRY
    async_raise_issue(hass, loaded, Issue.SIM_BARRED)
    await hass.config_entries.async_set_disabled_by(
        loaded.entry_id, ConfigEntryDisabler.USER
    )
    assert issue_registry.issues == {}


async def test_a_line_that_was_disabled_before_the_start_needs_nothing(
    hass: HomeAssistant, entry: MockConfigEntry, issue_registry: ir.IssueRegistry
) -> None:
    """Find an issue that was kept, as an earlier version did not close it."""
    async_raise_issue(hass, entry, Issue.SIM_BARRED)
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    assert await async_setup_component(hass, DOMAIN, {})
    assert issue_registry.issues == {}


async def test_removal_leaves_nothing_behind(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
    issue_registry: ir.IssueRegistry,
) -> None:
    """No device, entity, state, issue or file."""
    assert dr.async_entries_for_config_entry(device_registry, loaded.entry_id)
    assert er.async_entries_for_config_entry(entity_registry, loaded.entry_id)
    assert kept_files(hass)
    await hass.config_entries.async_remove(loaded.entry_id)
    await hass.async_block_till_done()
    assert dr.async_entries_for_config_entry(device_registry, loaded.entry_id) == []
    assert er.async_entries_for_config_entry(entity_registry, loaded.entry_id) == []
    assert issue_registry.issues == {}
    assert hass.states.async_entity_ids(["sensor", "event", "notify"]) == []
    assert kept_files(hass) == {}


async def test_a_reloaded_line_sends_and_hears_as_before(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, post: Post
) -> None:
    """Several times over, each item once."""
    for _ in range(3):
        assert await hass.config_entries.async_reload(loaded.entry_id)
        await hass.async_block_till_done()
    heard = captured(hass, "sms_received")
    await act(hass, "send_sms", contacts="notify.ada", message="Hi")
    assert await post((WEBHOOKS / "inbound_sms.json").read_bytes()) == 200
    assert (len(line.sent), len(heard)) == (1, 1)


@pytest.mark.parametrize(
    ("change", "reloaded"),
    [
        pytest.param({"title": "Home"}, False, id="title"),
        pytest.param({"options": {"color": "red"}}, False, id="options"),
        pytest.param({"data": {"notify_action": "mine"}}, False, id="own notes"),
        pytest.param({"data": {"api_key": "CCL.test.new"}}, True, id="key"),
        pytest.param({"data": {"verify_ssl": False}}, True, id="certificate check"),
    ],
)
async def test_only_another_key_or_server_reloads(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    change: dict[str, Any],
    reloaded: bool,
) -> None:
    """All else is applied in place."""
    line.api_key = change.get("data", {}).get("api_key", line.api_key)
    runtime = loaded.runtime_data
    if "data" in change:
        change = {"data": {**loaded.data, **change["data"]}}
    hass.config_entries.async_update_entry(loaded, **change)
    await hass.async_block_till_done()
    assert loaded.state is ConfigEntryState.LOADED
    assert (loaded.runtime_data is not runtime) == reloaded
    await act(hass, "send_sms", contacts="notify.ada", message="Hi")
    assert len(line.sent) == 1


async def test_a_contact_that_goes_as_soon_as_it_came_leaves_nothing(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Its entity may not have been added yet."""
    added = asyncio.create_task(add_contact(hass, loaded, "Ben", BEN, "ben"))
    await asyncio.sleep(0)
    hass.config_entries.async_remove_subentry(loaded, "ben")
    await added
    assert hass.states.get("notify.ben") is None
    assert not hass.services.has_service("notify", "cecula_sync_0634_ben")
