"""What happens while something else is under way: reports that overtake, unloading."""

import asyncio
from typing import Any

from homeassistant.core import Context, HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .conftest import BEN, captured
from .doors import act, hook_up, until


async def test_a_report_that_overtakes_the_answer_to_its_send_is_joined_with_it(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    hass_client_no_auth: Any,
) -> None:
    """The provider's webhook may be faster than its answer."""
    hook_up(line, await hass_client_no_auth())
    told = captured(hass, "sms_status")
    simulator.arm("slow", operation="send-sms", seconds=0.5)
    context = Context()
    sending = asyncio.create_task(
        act(hass, "send_sms", context, recipients=BEN, message="Hi")
    )
    await until(simulator, lambda: line.sent)
    await line.report(line.sent[0].tracking_id, "SENT")
    await sending
    await line.report(line.sent[0].tracking_id, "SENT")
    assert [event.context for event in told] == [context]


async def test_a_result_that_overtakes_the_answer_to_its_call_is_told_once(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    hass_client_no_auth: Any,
) -> None:
    """And whoever waits for it learns it, though nobody asked."""
    hook_up(line, await hass_client_no_auth())
    told = captured(hass, "call_status")
    simulator.arm("slow", operation="flash-number", seconds=0.5)
    calling = asyncio.create_task(
        act(hass, "make_call", recipient=BEN, wait_for_result=True)
    )
    await until(simulator, lambda: line.calls)
    await line.answer(line.calls[0].call_id, answered=True)
    assert (await calling)["status"] == "answered"
    assert [event.data["status"] for event in told] == ["answered"]
    assert simulator.requests_to("dialled-call-status") == []


async def test_unloading_ends_the_waiting_for_a_result(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
) -> None:
    """Nobody asks the provider in the name of a line that is gone."""
    calling = asyncio.create_task(
        act(hass, "make_call", recipient=BEN, wait_for_result=True)
    )
    await until(simulator, lambda: line.calls)
    await hass.async_block_till_done()
    assert await hass.config_entries.async_unload(loaded.entry_id)
    async with asyncio.timeout(1):
        assert (await calling)["status"] == "unknown"


async def test_a_send_that_outlives_its_line_ends_quietly(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
) -> None:
    """What has left can't be called back, and its caller is told what became of it."""
    simulator.arm("slow", operation="send-sms", seconds=0.5)
    sending = asyncio.create_task(act(hass, "send_sms", recipients=BEN, message="Hi"))
    await until(simulator, lambda: line.sent)
    await hass.config_entries.async_remove(loaded.entry_id)
    response = await sending
    assert response["recipients"][0]["status"] == "queued"


async def test_unloading_waits_for_the_answer_to_a_send_and_the_report_it_held(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    hass_client_no_auth: Any,
) -> None:
    """Else the line that comes next would not know its own message."""
    hook_up(line, await hass_client_no_auth())
    told = captured(hass, "sms_status")
    simulator.arm("slow", operation="send-sms", seconds=0.5)
    context = Context()
    sending = asyncio.create_task(
        act(hass, "send_sms", context, recipients=BEN, message="Hi")
    )
    await until(simulator, lambda: line.sent)
    tracking_id = line.sent[0].tracking_id
    assert await line.report(tracking_id, "SENT") == [200]
    assert await hass.config_entries.async_reload(loaded.entry_id)
    assert (await sending)["recipients"][0]["status"] == "queued"
    await line.report(tracking_id, "DELIVERED")
    assert [event.data["status"] for event in told] == ["sent", "delivered"]
    assert {event.context.id for event in told} == {context.id}
