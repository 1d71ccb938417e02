"""The notify entities of contacts."""

import asyncio
from datetime import datetime
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .conftest import ADA, Post, captured
from .doors import state_of, until

ADA_ENTITY = "notify.ada"


async def notify(
    hass: HomeAssistant, message: str, context: Context | None = None, **data: str
) -> None:
    """Send to Ada's entity."""
    await hass.services.async_call(
        "notify",
        "send_message",
        {"entity_id": ADA_ENTITY, "message": message, **data},
        blocking=True,
        context=context,
    )


@pytest.mark.parametrize(
    ("title", "text"),
    [
        pytest.param({}, "The gate is open", id="no title"),
        pytest.param({"title": "Alarm"}, "Alarm\nThe gate is open", id="title"),
        pytest.param({"title": ""}, "The gate is open", id="empty title"),
    ],
)
async def test_a_contact_is_texted_with_the_title_on_a_line_of_its_own(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    title: dict[str, Any],
    text: str,
) -> None:
    """An SMS has no other place for a title."""
    await notify(hass, "The gate is open", **title)
    (sms,) = line.sent
    assert (sms.recipient, sms.text) == (ADA, text)


async def test_the_state_is_the_time_of_the_last_message(
    hass: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """It is unknown until then."""
    assert state_of(hass, ADA_ENTITY).state == "unknown"
    freezer.move_to("2026-11-24 07:30:00+00:00")
    await notify(hass, "Hi")
    state = state_of(hass, ADA_ENTITY)
    assert datetime.fromisoformat(state.state) == datetime.fromisoformat(
        "2026-11-24T07:30:00+00:00"
    )
    assert state.attributes["friendly_name"] == "Ada"


async def test_what_was_not_accepted_is_an_error_and_no_new_state(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """The state never claims what did not happen."""
    simulator.arm("code", operation="send-sms", code="CE2001")
    with pytest.raises(HomeAssistantError) as caught:
        await notify(hass, "Hi")
    assert caught.value.translation_key == "refused_ce2001"
    with pytest.raises(ServiceValidationError) as caught_too:
        await notify(hass, " ")
    assert caught_too.value.translation_key == "empty_text"
    assert state_of(hass, ADA_ENTITY).state == "unknown"
    assert len(simulator.requests_to("send-sms")) == 1


async def test_the_cause_of_a_message_is_the_cause_of_its_report(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, post: Post
) -> None:
    """So the logbook can tell what a delivery belongs to."""
    reports = captured(hass, "sms_status")
    context = Context()
    await notify(hass, "Hi", context)
    (sms,) = line.sent
    body = f'{{"messageId":"{sms.tracking_id}","status":"SENT"}}'
    assert await post(body.encode()) == 200
    (report,) = reports
    assert (report.data["recipient"], report.context) == (ADA, context)


async def test_a_slow_message_does_not_hold_up_the_next(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """It may be the alarm."""
    simulator.arm("slow", operation="send-sms", seconds=0.5)
    slow = asyncio.create_task(notify(hass, "Slow"))
    await until(simulator, lambda: line.sent)
    await notify(hass, "Fire")
    assert not slow.done()
    assert [sms.text for sms in line.sent] == ["Slow", "Fire"]
    await slow


async def test_a_removed_contact_is_texted_no_more(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Its entity and device are gone at once."""
    hass.config_entries.async_remove_subentry(loaded, "ada")
    await hass.async_block_till_done()
    assert hass.states.get(ADA_ENTITY) is None
    await notify(hass, "Hi")
    assert simulator.requests_to("send-sms") == []


DOORS = pytest.mark.parametrize(
    ("domain", "action", "data"),
    [
        pytest.param(
            "cecula_sync",
            "send_sms",
            {"contacts": [ADA_ENTITY], "message": "Hi"},
            id="send_sms",
        ),
        pytest.param(
            "cecula_sync",
            "ask",
            {"contacts": ADA_ENTITY, "question": "Hi?", "timeout": {"seconds": 0}},
            id="ask",
        ),
        pytest.param("notify", "cecula_sync_0634_ada", {"message": "Hi"}, id="legacy"),
    ],
)


@DOORS
async def test_what_another_action_sends_to_a_contact_moves_its_state_too(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    domain: str,
    action: str,
    data: dict[str, Any],
) -> None:
    """Under the context of who called it."""
    context = Context()
    await hass.services.async_call(domain, action, data, blocking=True, context=context)
    state = state_of(hass, ADA_ENTITY)
    assert dt_util.parse_datetime(state.state)
    assert state.context.id == context.id
    assert [sms.recipient for sms in line.sent] == [ADA]


@DOORS
async def test_what_another_action_could_not_send_leaves_the_state_as_it_was(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    domain: str,
    action: str,
    data: dict[str, Any],
) -> None:
    simulator.arm("code", operation="send-sms", code="CE2001")
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call(domain, action, data, blocking=True)
    assert state_of(hass, ADA_ENTITY).state == "unknown"
