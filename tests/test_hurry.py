"""Who waits and gets no report has the provider asked soon."""

import asyncio

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .conftest import BEN
from .doors import act, pass_time, until
from .waiters import nobody_waits, statuses, under_way

SMS, CALL = "sent-sms-status", "dialled-call-status"


async def test_who_waits_for_a_text_asks_soon_where_no_webhook_is_set_up(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """After 5, 10, 20 and 40 seconds more, then every 40; afterwards as is usual."""
    waiting = await under_way(
        hass, simulator, line, recipients=BEN, timeout={"minutes": 3}
    )
    now, found = 0, []
    for moment in range(1, 182):
        before = len(simulator.requests_to(SMS))
        await pass_time(hass, freezer, moment - now)
        now = moment
        found += [moment] * (len(simulator.requests_to(SMS)) - before)
    assert found == [5, 15, 35, 75, 115, 155]
    assert statuses(await waiting) == ["queued"]
    await pass_time(hass, freezer, 360 - now - 2)
    assert len(simulator.requests_to(SMS)) == len(found)
    await pass_time(hass, freezer, 4)
    assert len(simulator.requests_to(SMS)) == len(found) + 1


async def test_a_look_up_that_finds_the_end_ends_the_waiting(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A look-up that fails does not."""
    waiting = await under_way(hass, simulator, line, recipients=BEN)
    simulator.arm("http_500", operation=SMS)
    await line.report(line.sent[0].tracking_id, "DELIVERED")
    await pass_time(hass, freezer, 5)
    assert not waiting.done()
    await pass_time(hass, freezer, 10)
    assert statuses(await waiting) == ["delivered"]
    assert nobody_waits(loaded)


async def test_who_waits_for_a_call_asks_soon_where_no_webhook_is_set_up(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """After 3, 6 and 12 seconds more, then every 12, until the minute is over."""
    waiting = asyncio.create_task(
        act(hass, "make_call", recipient=BEN, wait_for_result=True)
    )
    await until(simulator, lambda: line.calls)
    await hass.async_block_till_done()
    now, found = 0, []
    for moment in range(1, 62):
        before = len(simulator.requests_to(CALL))
        await pass_time(hass, freezer, moment - now)
        now = moment
        found += [moment] * (len(simulator.requests_to(CALL)) - before)
    assert found == [3, 9, 21, 33, 45, 57]
    assert (await waiting)["status"] == "ringing"
    assert nobody_waits(loaded)
