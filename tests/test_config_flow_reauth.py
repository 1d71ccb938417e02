"""A key that is refused is replaced by another of the same number."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.cecula_sync.const import DOMAIN
from simulator import Line, Simulator

from .conftest import ADA, API_KEY, NUMBER
from .flows import assert_aborted, assert_form, reauth_flows, submit

NEW_KEY = "CCL.new.secret"
BALANCE = "sensor.234_817_647_0634_balance"


def balance(hass: HomeAssistant) -> str:
    """Return the balance as it is shown."""
    state = hass.states.get(BALANCE)
    assert state is not None
    return state.state


async def send(hass: HomeAssistant) -> None:
    """Send a text."""
    data = {"recipients": [ADA], "message": "Hello"}
    await hass.services.async_call(DOMAIN, "send_sms", data, blocking=True)


async def shown_reauth(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Open the form that asks for another key."""
    (flow,) = reauth_flows(hass, entry)
    shown = await hass.config_entries.flow.async_configure(flow["flow_id"])
    assert_form(shown, "reauth_confirm")
    assert shown["description_placeholders"] == {"name": entry.title}
    return dict(shown)


async def test_a_key_that_is_refused_at_set_up_asks_for_another(
    hass: HomeAssistant, simulator: Simulator, line: Line, entry: MockConfigEntry
) -> None:
    """Start with a key that was replaced, and enter the new one."""
    line.api_key = NEW_KEY
    assert not await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()

    shown = await shown_reauth(hass, entry)
    assert_aborted(await submit(hass, shown, {"api_key": NEW_KEY}), "key_works")

    assert entry.state is ConfigEntryState.LOADED
    assert entry.data["api_key"] == NEW_KEY
    assert reauth_flows(hass, entry) == []


async def test_a_key_that_is_refused_at_a_send_asks_for_another(
    hass: HomeAssistant, simulator: Simulator, line: Line, loaded: MockConfigEntry
) -> None:
    """Send twice with a key that was replaced: it asks once."""
    line.api_key = NEW_KEY
    for _ in range(2):
        with pytest.raises(HomeAssistantError) as caught:
            await send(hass)
        assert caught.value.translation_key == "invalid_key"
    assert line.sent == []

    before = loaded.runtime_data
    shown = await shown_reauth(hass, loaded)
    assert_aborted(await submit(hass, shown, {"api_key": f" {NEW_KEY} "}), "key_works")

    assert loaded.state is ConfigEntryState.LOADED
    assert loaded.runtime_data is not before
    assert loaded.data["api_key"] == NEW_KEY
    await send(hass)
    assert [each.recipient for each in line.sent] == [ADA]


async def test_a_key_that_works_again_is_used_again(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Polling stops when a key is refused; the same key must set it going again."""
    simulator.arm("unauthorized", times=0)
    freezer.tick(timedelta(hours=1))
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert balance(hass) == "unavailable"
    simulator.disarm()

    shown = await shown_reauth(hass, loaded)
    assert_aborted(await submit(hass, shown, {"api_key": API_KEY}), "key_works")

    assert loaded.state is ConfigEntryState.LOADED
    assert balance(hass) == "500.0"


@pytest.mark.parametrize(
    ("api_key", "fault", "error"),
    [
        pytest.param("CCL.wrong", None, {"api_key": "invalid_auth"}, id="wrong"),
        pytest.param("not a key", None, {"api_key": "invalid_auth"}, id="no key"),
        pytest.param(NEW_KEY, "drop", {"base": "cannot_connect"}, id="no answer"),
        pytest.param(NEW_KEY, "html_200", {"base": "not_cecula_sync"}, id="a page"),
    ],
)
async def test_another_key_that_fails_is_told_and_overcome(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    loaded: MockConfigEntry,
    api_key: str,
    fault: str | None,
    error: dict[str, str],
) -> None:
    """Enter a key that can't be proven first."""
    line.api_key = NEW_KEY
    loaded.async_start_reauth(hass)
    await hass.async_block_till_done()
    if fault is not None:
        simulator.arm(fault, times=0)

    shown = await submit(hass, await shown_reauth(hass, loaded), {"api_key": api_key})
    assert_form(shown, "reauth_confirm", error)
    assert loaded.data["api_key"] == API_KEY

    simulator.disarm()
    assert_aborted(await submit(hass, shown, {"api_key": NEW_KEY}), "key_works")
    assert loaded.data["api_key"] == NEW_KEY


async def test_a_key_of_another_number_is_not_taken(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry
) -> None:
    """Enter the key of a second line."""
    simulator.add_line(api_key="CCL.second", msisdn="+2348091112222")
    before = loaded.runtime_data
    loaded.async_start_reauth(hass)
    await hass.async_block_till_done()

    shown = await shown_reauth(hass, loaded)
    result = await submit(hass, shown, {"api_key": "CCL.second"})

    assert_aborted(result, "another_number")
    assert loaded.data["api_key"] == API_KEY
    assert loaded.unique_id == NUMBER
    assert loaded.runtime_data is before


async def test_a_server_that_does_not_tell_its_number_is_believed(
    hass: HomeAssistant, simulator: Simulator, line: Line, loaded: MockConfigEntry
) -> None:
    """Enter another key of a server of one's own."""
    line.switches.number_missing = True
    line.api_key = NEW_KEY
    loaded.async_start_reauth(hass)
    await hass.async_block_till_done()

    shown = await shown_reauth(hass, loaded)
    assert_aborted(await submit(hass, shown, {"api_key": NEW_KEY}), "key_works")
    assert loaded.unique_id == NUMBER
