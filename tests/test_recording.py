"""What Home Assistant's recorder keeps of an event entity."""

from homeassistant.components.recorder.core import Recorder
from homeassistant.components.recorder.history import get_significant_states
from homeassistant.core import HomeAssistant, State
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .conftest import ADA, WEBHOOKS, Post
from .doors import entity_id

SMS = entity_id("event", "sms")


@pytest.fixture(autouse=True)
def _custom_integrations(
    recorder_mock: Recorder, enable_custom_integrations: None
) -> None:
    """Have the recorder there before anything else is set up."""


async def test_the_text_is_not_recorded_with_the_state(
    recorder_mock: Recorder, hass: HomeAssistant, loaded: MockConfigEntry, post: Post
) -> None:
    """All else is."""
    before = dt_util.utcnow()
    await post((WEBHOOKS / "inbound_sms.json").read_bytes())
    await recorder_mock.async_block_till_done()
    history = await recorder_mock.async_add_executor_job(
        lambda: get_significant_states(hass, before, entity_ids=[SMS])
    )
    state = history[SMS][-1]
    assert isinstance(state, State)
    recorded = state.attributes
    assert recorded["sender"] == ADA
    assert "message" not in recorded
