"""The power that goes, and is told of."""

from collections.abc import Awaitable, Callable
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from tests.conftest import ADA, BEN

from .house import House
from .log_watch import LogWatch

MAINS = "binary_sensor.mains"
OUT = "The power is out at home."


async def set_up(house: House, **inputs: Any) -> None:
    """Tell Ada of the mains, which are there."""
    house.hass.states.async_set(MAINS, "on")
    chosen = {"power": MAINS, "contacts": ["notify.ada"]} | inputs
    await house.set_up("power_cut", **chosen)


async def turn(house: House, state: str, minutes: float = 0) -> None:
    """Have the mains in a state, for so long."""
    house.hass.states.async_set(MAINS, state)
    await house.settle()
    await house.pass_time(minutes * 60)


async def test_a_cut_is_told_when_it_has_lasted_and_when_it_is_over(
    house: House,
) -> None:
    await set_up(house, contacts=["notify.family"])
    await turn(house, "off", 1.5)
    assert house.texts() == []
    await turn(house, "off", 43.5)
    assert house.texts() == [(ADA, OUT), (BEN, OUT)]
    await turn(house, "on", 1.5)
    assert len(house.texts()) == 2
    await turn(house, "on", 1)
    back = "The power is back at home, after 45 minutes."
    assert house.texts()[2:] == [(ADA, back), (BEN, back)]


async def test_a_flicker_is_no_cut(house: House) -> None:
    await set_up(house)
    for _ in range(5):
        await turn(house, "off", 1.5)
        await turn(house, "on", 1.5)
    assert house.texts() == []


async def test_power_that_comes_and_goes_is_one_cut(house: House) -> None:
    await set_up(house)
    await turn(house, "off", 3)
    for state in ("on", "off", "unavailable", "off", "unknown", "on", "off"):
        await turn(house, state, 1.5)
    await turn(house, "off", 30)
    assert house.texts() == [(ADA, OUT)]
    await turn(house, "on", 3)
    await turn(house, "on", 30)
    assert len(house.texts()) == 2


async def test_a_sensor_out_of_reach_is_no_cut(house: House) -> None:
    await set_up(house)
    await turn(house, "unavailable", 30)
    assert house.texts() == []


async def look_at_start(house: House) -> None:
    """Have Home Assistant started anew while the power is out."""
    await house.start()


async def look_after_a_change(house: House) -> None:
    """Have somebody save the automation while the power is out."""
    inputs = {"power": MAINS, "contacts": ["notify.ada"], "back_message": "Back"}
    await house.change("power_cut", **inputs)


async def test_a_start_in_the_middle_of_a_cut_tells_of_it(house: House) -> None:
    house.hass.states.async_set(MAINS, "off")
    await house.set_up("power_cut", power=MAINS, contacts=["notify.ada"])
    await house.start()
    await turn(house, "off", 1.5)
    assert house.texts() == []
    await turn(house, "off", 1)
    assert house.texts() == [(ADA, OUT)]


@pytest.mark.parametrize("look", [look_at_start, look_after_a_change])
async def test_power_that_is_out_when_it_is_looked_at_first_is_told_of(
    house: House, look: Callable[[House], Awaitable[None]]
) -> None:
    await set_up(house, back_message="Back")
    # Shorter than what counts, so that nothing is told before the look.
    await turn(house, "off", 1)
    await look(house)
    await turn(house, "off", 3)
    assert house.texts() == [(ADA, OUT)]
    await turn(house, "on", 3)
    assert house.texts() == [(ADA, OUT), (ADA, "Back")]


@pytest.mark.parametrize("look", [look_at_start, look_after_a_change])
async def test_power_that_is_there_or_soon_back_is_not_told_of(
    house: House, look: Callable[[House], Awaitable[None]]
) -> None:
    await set_up(house)
    await look(house)
    await turn(house, "on", 5)
    await turn(house, "off", 0.5)
    await look(house)
    await turn(house, "off", 0.5)
    await turn(house, "on", 5)
    assert house.texts() == []


async def test_a_change_in_the_middle_of_a_cut_tells_of_it_once_more(
    house: House,
) -> None:
    await set_up(house)
    await turn(house, "off", 30)
    await look_after_a_change(house)
    await turn(house, "off", 30)
    await turn(house, "on", 3)
    assert house.texts() == [(ADA, OUT), (ADA, OUT), (ADA, "Back")]


async def test_a_sensor_that_comes_late_is_heard(house: House) -> None:
    await set_up(house)
    house.hass.states.async_remove(MAINS)
    await turn(house, "off", 3)
    assert house.texts() == [(ADA, OUT)]


async def test_the_next_cut_is_told_too(house: House) -> None:
    await set_up(house)
    for _ in range(2):
        await turn(house, "off", 3)
        await turn(house, "on", 3)
    assert len(house.texts()) == 4


async def test_other_states_texts_times_and_deeds_can_be_chosen(
    hass: HomeAssistant, house: House
) -> None:
    deeds = async_capture_events(hass, "deed")
    await set_up(
        house,
        out_states=["on battery", "unavailable"],
        out_message="Out",
        back_message="Back ({{ minutes }})",
        out_for={"seconds": 30},
        back_for={"seconds": 60},
        out_actions=[{"event": "deed", "event_data": {"is": "out"}}],
        back_actions=[{"event": "deed", "event_data": {"is": "back"}}],
    )
    await turn(house, "off", 5)
    assert house.texts() == []
    await turn(house, "unavailable", 1)
    await turn(house, "on battery", 9)
    assert house.texts() == [(ADA, "Out")]
    await turn(house, "on", 1)
    assert house.texts() == [(ADA, "Out"), (ADA, "Back (10)")]
    assert [deed.data["is"] for deed in deeds] == ["out", "back"]


async def test_power_that_is_back_while_it_is_told_of_is_noticed(
    hass: HomeAssistant, house: House
) -> None:
    async def come_back(_call: ServiceCall) -> None:
        hass.states.async_set(MAINS, "on")

    hass.services.async_register("test", "come_back", come_back)
    await set_up(house, out_actions=[{"action": "test.come_back"}])
    await turn(house, "off", 8)
    back = "The power is back at home, after 2 minutes."
    assert house.texts() == [(ADA, OUT), (ADA, back)]
    await turn(house, "off", 3)
    assert house.texts()[2:] == [(ADA, OUT)]


async def test_a_deed_that_fails_keeps_nothing_from_being_told(
    hass: HomeAssistant, house: House, log_watch: LogWatch
) -> None:
    async def fail(_call: ServiceCall) -> None:
        message = "It is stuck"
        raise HomeAssistantError(message)

    hass.services.async_register("test", "fail", fail)
    await set_up(house, out_actions=[{"action": "test.fail"}])
    await turn(house, "off", 10)
    await turn(house, "on", 3)
    assert len(house.texts()) == 2
    log_watch.expect("It is stuck")


async def test_a_cut_that_could_not_be_told_is_told_to_be_over(
    house: House, log_watch: LogWatch
) -> None:
    await set_up(house)
    house.simulator.arm("code", operation="send-sms", code="CE1013")
    await turn(house, "off", 10)
    await turn(house, "on", 3)
    assert house.texts() == [(ADA, "The power is back at home, after 10 minutes.")]
    log_watch.expect("App is offline")


@pytest.mark.parametrize(("ignore_limit", "texts"), [(False, 0), (True, 2)])
async def test_the_limit_on_sending_counts_unless_it_is_ignored(
    house: House, log_watch: LogWatch, ignore_limit: bool, texts: int
) -> None:
    options = {"inbound": "webhook", "max_per_hour": 1}
    house.hass.config_entries.async_update_entry(house.entry, options=options)
    await set_up(house, contacts=["notify.family"], ignore_limit=ignore_limit)
    await turn(house, "off", 3)
    assert len(house.texts()) == texts
    if not texts:
        log_watch.expect("your limit is 1 per 1 h")
