"""Actions that wait for what becomes of a text or call."""

import asyncio
import contextlib
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .conftest import ADA, BEN, captured
from .doors import (
    CHI,
    act,
    act_blindly,
    assert_tells_no_secret,
    hook_up,
    pass_time,
    placeholders_of,
    until,
)
from .waiters import nobody_waits, statuses, under_way

SMS = "sent-sms-status"


@pytest.fixture
async def hooked_up(
    loaded: MockConfigEntry, line: Line, hass_client_no_auth: Any
) -> Line:
    """Return the line, whose provider posts to Home Assistant."""
    hook_up(line, await hass_client_no_auth())
    return line


async def test_a_send_ends_when_the_last_phone_has_the_text(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    hooked_up: Line,
) -> None:
    """The provider is not asked when it tells by itself."""
    waiting = await under_way(hass, simulator, hooked_up, recipients=[ADA, BEN])
    for sms in hooked_up.sent:
        assert not waiting.done()
        await hooked_up.report(sms.tracking_id, "SENT")
        await hooked_up.report(sms.tracking_id, "DELIVERED")
    assert statuses(await waiting) == ["delivered", "delivered"]
    assert simulator.requests_to(SMS) == []
    assert nobody_waits(loaded)


async def test_a_text_that_all_got_is_no_error_for_who_wants_no_response(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    hooked_up: Line,
) -> None:
    """The action just ends."""
    waiting = await under_way(
        hass, simulator, hooked_up, act_blindly, contacts="notify.ada"
    )
    await hooked_up.report(hooked_up.sent[0].tracking_id, "DELIVERED")
    await waiting
    assert nobody_waits(loaded)


@pytest.mark.parametrize("status", ["FAILED", "EXPIRED"])
async def test_what_one_phone_did_not_get_is_told(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    hooked_up: Line,
    status: str,
) -> None:
    """The response says of each recipient what became of it."""
    waiting = await under_way(hass, simulator, hooked_up, recipients=[ADA, BEN])
    ada, ben = hooked_up.sent
    await hooked_up.report(ada.tracking_id, status)
    assert not waiting.done()
    await hooked_up.report(ben.tracking_id, "DELIVERED")
    assert statuses(await waiting) == [status.lower(), "delivered"]


async def test_without_a_response_one_error_names_who_did_not_get_the_text(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    hooked_up: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Numbers in it are masked, for it is logged."""
    waiting = await under_way(
        hass, simulator, hooked_up, act_blindly, recipients=[BEN, CHI, ADA]
    )
    ben, chi, _ = hooked_up.sent
    await hooked_up.report(ben.tracking_id, "DELIVERED")
    await hooked_up.report(chi.tracking_id, "EXPIRED")
    await pass_time(hass, freezer, 119)
    assert not waiting.done()
    await pass_time(hass, freezer, 2)
    with pytest.raises(HomeAssistantError, match="not arrived everywhere") as caught:
        await waiting
    assert caught.value.translation_key == "not_delivered"
    assert placeholders_of(caught) == {
        "delivered": "+234…567",
        "failed": "+234…345",
        "open": "Ada",
    }
    assert_tells_no_secret(str(caught.value), ADA, BEN, CHI)
    assert nobody_waits(loaded)


async def test_what_is_still_open_when_time_is_up_is_no_error_with_a_response(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    hooked_up: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Its status is the last that is known; the report still is told later."""
    told = captured(hass, "sms_status")
    waiting = await under_way(
        hass, simulator, hooked_up, recipients=[ADA, BEN], timeout={"seconds": 2}
    )
    await hooked_up.report(hooked_up.sent[0].tracking_id, "SENT")
    await pass_time(hass, freezer, 3)
    assert statuses(await waiting) == ["sent", "queued"]
    assert nobody_waits(loaded)
    await hooked_up.report(hooked_up.sent[1].tracking_id, "DELIVERED")
    assert [event.data["status"] for event in told] == ["sent", "delivered"]


async def test_two_may_wait_for_one_text_and_one_of_them_go(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    hooked_up: Line,
) -> None:
    """A provider that has given an id twice leaves no other choice."""
    impatient = await under_way(hass, simulator, hooked_up, recipients=ADA)
    simulator.arm("duplicate_id", operation="send-sms")
    patient = asyncio.create_task(
        act(hass, "send_sms", recipients=BEN, message="Hi", wait_for_delivery=True)
    )
    await until(simulator, lambda: len(hooked_up.sent) == 2)
    await hass.async_block_till_done()
    impatient.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await impatient
    assert not nobody_waits(loaded)
    await hooked_up.report(hooked_up.sent[0].tracking_id, "DELIVERED")
    assert statuses(await patient) == ["delivered"]
    assert nobody_waits(loaded)


async def test_one_send_may_wait_twice_for_one_text(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    hooked_up: Line,
) -> None:
    """A provider that gives all recipients one id has them wait for it together."""
    await act(hass, "send_sms", recipients=ADA, message="The first")
    simulator.arm("duplicate_id", operation="send-sms")
    waiting = await under_way(hass, simulator, hooked_up, recipients=[BEN, CHI])
    await hooked_up.report(hooked_up.sent[0].tracking_id, "DELIVERED")
    assert statuses(await waiting) == ["delivered", "delivered"]
    assert nobody_waits(loaded)


async def test_a_caller_that_stops_waiting_leaves_nothing_behind(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    hooked_up: Line,
) -> None:
    """The report still is told, with the recipient."""
    told = captured(hass, "sms_status")
    waiting = await under_way(hass, simulator, hooked_up, recipients=[ADA, BEN])
    waiting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await waiting
    assert nobody_waits(loaded)
    await hooked_up.report(hooked_up.sent[1].tracking_id, "DELIVERED")
    assert [event.data["recipient"] for event in told] == [BEN]


async def test_unloading_lets_those_who_wait_go(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    hooked_up: Line,
) -> None:
    """With what is known by then."""
    waiting = await under_way(hass, simulator, hooked_up, recipients=[ADA, BEN])
    await hooked_up.report(hooked_up.sent[0].tracking_id, "DELIVERED")
    assert await hass.config_entries.async_unload(loaded.entry_id)
    async with asyncio.timeout(1):
        assert statuses(await waiting) == ["delivered", "queued"]


async def test_what_was_reported_before_the_answer_needs_no_waiting(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    hooked_up: Line,
) -> None:
    """The provider's webhook may be faster than its answer."""
    simulator.arm("slow", operation="send-sms", seconds=0.5)
    sending = asyncio.create_task(
        act(hass, "send_sms", recipients=BEN, message="Hi", wait_for_delivery=True)
    )
    await until(simulator, lambda: hooked_up.sent)
    await hooked_up.report(hooked_up.sent[0].tracking_id, "DELIVERED")
    assert statuses(await sending) == ["delivered"]
    assert simulator.requests_to(SMS) == []


async def test_a_text_that_got_no_id_can_t_be_waited_for(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    line: Line,
) -> None:
    """It was accepted; more will never be known."""
    simulator.arm("no_ids", operation="send-sms", times=0)
    response = await act(
        hass, "send_sms", recipients=BEN, message="Hi", wait_for_delivery=True
    )
    assert statuses(response) == ["queued"]
    with pytest.raises(HomeAssistantError) as caught:
        await act_blindly(
            hass, "send_sms", recipients=BEN, message="Hi", wait_for_delivery=True
        )
    assert placeholders_of(caught)["open"] == "+234…567"
