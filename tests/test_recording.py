"""What Home Assistant's recorder keeps of entities that hold texts."""

from homeassistant.components.recorder.core import Recorder
from homeassistant.components.recorder.history import get_significant_states
from homeassistant.core import HomeAssistant, State
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line

from .conftest import ADA, WEBHOOKS, Post
from .doors import entity_id, state_of, until_recorded

LAST = entity_id("sensor", "last_message")
SMS = entity_id("event", "sms")


@pytest.fixture(autouse=True)
def _custom_integrations(
    recorder_mock: Recorder, enable_custom_integrations: None
) -> None:
    """Have the recorder there before anything else is set up."""


@pytest.mark.parametrize("entity", [SMS, "event.ada"])
async def test_the_text_is_not_recorded_with_the_state(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    post: Post,
    entity: str,
) -> None:
    """All else is, with the line's entity and with the contact's."""
    before = dt_util.utcnow()
    await post((WEBHOOKS / "inbound_sms.json").read_bytes())
    await until_recorded(recorder_mock)
    history = await recorder_mock.async_add_executor_job(
        lambda: get_significant_states(hass, before, entity_ids=[entity])
    )
    state = history[entity][-1]
    assert isinstance(state, State)
    recorded = state.attributes
    assert recorded["sender"] == ADA
    assert "message" not in recorded


async def test_the_conversation_is_not_recorded(
    recorder_mock: Recorder, hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    """That there was a message is."""
    before = dt_util.utcnow()
    await line.receive_sms(ADA, "One love")
    await hass.async_block_till_done()
    assert state_of(hass, LAST).attributes["messages"]
    await until_recorded(recorder_mock)
    history = await recorder_mock.async_add_executor_job(
        lambda: get_significant_states(hass, before, entity_ids=[LAST])
    )
    state = history[LAST][-1]
    assert isinstance(state, State)
    assert state.state == state_of(hass, LAST).state
    assert "messages" not in state.attributes
