"""The buttons: free the SIM, and look for what came in."""

import asyncio
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .conftest import ADA, captured
from .doors import entity_id, pass_time, state_of, until
from .flows import configure, reauth_flows

REFRESH = entity_id("button", "refresh_sim")
CHECK = entity_id("button", "check_for_new_messages")
SIM = entity_id("sensor", "sim_status")
BUTTONS = {
    REFRESH: ("line_one_refresh_sim", "config"),
    CHECK: ("line_one_check_messages", "diagnostic"),
}


async def press(hass: HomeAssistant, button: str) -> None:
    """Press a button."""
    await hass.services.async_call(
        "button", "press", {"entity_id": button}, blocking=True
    )


@pytest.mark.parametrize("button", BUTTONS)
async def test_a_button_tells_when_it_was_pressed(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    freezer: FrozenDateTimeFactory,
    button: str,
) -> None:
    """Its id stays, and so does where it stands on the device's page."""
    registered = entity_registry.async_get(button)
    assert registered is not None
    assert (registered.unique_id, registered.entity_category) == BUTTONS[button]
    assert state_of(hass, button).state == "unknown"
    await press(hass, button)
    assert state_of(hass, button).state == dt_util.utcnow().isoformat()


async def test_a_refresh_frees_the_sim_once_and_shows_how_it_is(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """What was frozen leaves."""
    line.frozen, line.sim_status = True, "SENDING SMS"
    await press(hass, REFRESH)
    assert not line.frozen
    assert len(simulator.requests_to("refresh-sim")) == 1
    assert state_of(hass, SIM).state == "sending_sms"


@pytest.mark.parametrize(
    ("fault", "params", "key"),
    [
        pytest.param("unauthorized", {}, "invalid_key", id="401"),
        pytest.param("code", {"code": "CE2000"}, "refused_ce2000", id="expired"),
        pytest.param("code", {"code": "404", "status": 404}, "not_offered", id="404"),
        pytest.param("http_500", {}, "change_unknown", id="500"),
        pytest.param("html_200", {}, "change_unknown", id="a page"),
        pytest.param("drop", {"reset": True}, "change_unknown", id="dropped"),
        pytest.param("accept_then_drop", {}, "change_unknown", id="done and dropped"),
    ],
)
async def test_a_refresh_that_fails_is_told_and_not_tried_again(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    fault: str,
    params: dict[str, Any],
    key: str,
) -> None:
    """Not by aiohttp either; a refused key asks for another."""
    simulator.arm(fault, operation="refresh-sim", times=0, **params)
    with pytest.raises(HomeAssistantError) as caught:
        await press(hass, REFRESH)
    assert caught.value.translation_key == key
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(simulator.requests_to("refresh-sim")) == 1
    assert len(reauth_flows(hass, loaded)) == (1 if key == "invalid_key" else 0)


async def test_a_provider_that_is_away_refreshes_nothing(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """The button can be pressed all the same."""
    await simulator.stop()
    with pytest.raises(HomeAssistantError) as caught:
        await press(hass, REFRESH)
    assert caught.value.translation_key == "cannot_connect"
    assert state_of(hass, REFRESH).state != "unavailable"


async def test_a_check_finds_what_came_in(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """It is told as what any other look finds."""
    configure(hass, loaded, inbound="polling")
    await hass.async_block_till_done(wait_background_tasks=True)
    heard = captured(hass, "sms_received")
    await line.receive_sms(ADA, "Hi")
    await press(hass, CHECK)
    await hass.async_block_till_done()
    assert [event.data["message"] for event in heard] == ["Hi"]


@pytest.mark.parametrize("operation", ["get-new-sms", "new-missed-calls"])
@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ("http_500", "look_failed"),
        ("broken_json", "look_failed"),
        ("unauthorized", "invalid_key"),
        ("code", "refused_ce1001"),
    ],
)
async def test_a_check_that_fails_is_told(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    operation: str,
    fault: str,
    key: str,
) -> None:
    """Of one list or both; the next one that goes well is no error any more."""
    before = len(simulator.requests_to(operation))
    simulator.arm(fault, operation=operation, times=0)
    with pytest.raises(HomeAssistantError) as caught:
        await press(hass, CHECK)
    assert caught.value.translation_key == key
    assert len(simulator.requests_to(operation)) == before + 1
    simulator.disarm()
    await press(hass, CHECK)


async def test_a_check_during_a_look_looks_once_more(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """That look has read the texts already, and is still about the calls."""
    configure(hass, loaded, inbound="polling")
    await loaded.runtime_data.catch_up.async_looked()
    heard = captured(hass, "sms_received")
    before = len(simulator.requests_to("new-missed-calls"))
    simulator.arm("slow", operation="new-missed-calls", seconds=0.2)
    loaded.runtime_data.catch_up.async_look()
    await until(
        simulator, lambda: len(simulator.requests_to("new-missed-calls")) > before
    )
    await line.receive_sms(ADA, "Hi")
    await press(hass, CHECK)
    await hass.async_block_till_done()
    assert [event.data["message"] for event in heard] == ["Hi"]
    assert len(simulator.requests_to("get-new-sms")) == before + 2


async def test_pressing_twice_does_one_after_the_other(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """A SIM is not refreshed while it is being refreshed."""
    simulator.arm("slow", operation="refresh-sim", seconds=0.2)
    both = [asyncio.create_task(press(hass, REFRESH)) for _ in range(2)]
    await until(simulator, lambda: simulator.requests_to("refresh-sim"))
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    assert len(simulator.requests_to("refresh-sim")) == 1
    await asyncio.gather(*both)
    assert len(simulator.requests_to("refresh-sim")) == 2


async def test_a_refresh_does_not_wait_for_a_check(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """A provider that is slow to list texts does not keep a SIM frozen."""
    simulator.arm("slow", operation="get-new-sms", seconds=0.5)
    check = asyncio.create_task(press(hass, CHECK))
    await until(simulator, lambda: simulator.requests_to("get-new-sms"))
    await press(hass, REFRESH)
    assert not check.done()
    await check


async def test_nothing_is_read_before_automations_listen(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Press it while Home Assistant starts: what is read could not be told."""
    hass.set_state(CoreState.starting)
    assert await hass.config_entries.async_setup(entry.entry_id)
    with pytest.raises(HomeAssistantError) as caught:
        await press(hass, CHECK)
    assert caught.value.translation_key == "look_failed"
    assert simulator.requests_to("get-new-sms") == []
    hass.set_state(CoreState.running)
    hass.bus.async_fire("homeassistant_started")
    await hass.async_block_till_done()
    await pass_time(hass, freezer, 2)
    await press(hass, CHECK)
    assert simulator.requests_to("get-new-sms")


async def test_a_press_that_outlasts_the_number_does_nothing(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """The second of two waits for the first, and the number is unloaded meanwhile."""
    simulator.arm("slow", operation="refresh-sim", seconds=0.3)
    both = [asyncio.create_task(press(hass, REFRESH)) for _ in range(2)]
    await until(simulator, lambda: simulator.requests_to("refresh-sim"))
    assert await hass.config_entries.async_unload(loaded.entry_id)
    results = await asyncio.gather(*both, return_exceptions=True)
    (error,) = [each for each in results if isinstance(each, HomeAssistantError)]
    assert error.translation_key == "line_unloaded"
    assert len(simulator.requests_to("refresh-sim")) == 1
