"""What the documentation says of Home Assistant's recorder is so."""

from typing import Any

from homeassistant.components.recorder.core import Recorder
from homeassistant.components.recorder.db_schema import EventTypes
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import session_scope
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .conftest import ADA, WEBHOOKS, Post
from .doors import act, until_recorded
from .pages import block_with

TEXTS = {"cecula_sync_sms_received", "call_service"}


@pytest.fixture(autouse=True)
def _custom_integrations(
    recorder_mock: Recorder, enable_custom_integrations: None
) -> None:
    """Have the recorder there before anything else is set up."""


@pytest.fixture(params=[False, True], ids=["as it is", "as the page says"])
def recorder_config(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return the recorder's settings."""
    return block_with("recorder", "privacy")["recorder"] if request.param else {}


async def test_the_recorder_keeps_texts_unless_it_is_told_not_to(
    recorder_config: dict[str, Any],
    recorder_mock: Recorder,
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    post: Post,
) -> None:
    await post((WEBHOOKS / "inbound_sms.json").read_bytes())
    await act(hass, "send_sms", recipients=ADA, message="Hello")
    await hass.async_block_till_done()
    await until_recorded(recorder_mock)
    kept = await recorder_mock.async_add_executor_job(kept_events, hass)
    assert kept & TEXTS == (set() if recorder_config else TEXTS)


def kept_events(hass: HomeAssistant) -> set[str]:
    """Return the types of the events in the database."""
    with session_scope(hass=hass, read_only=True) as session:
        return {str(kept.event_type) for kept in session.query(EventTypes)}
