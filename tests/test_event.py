"""The event entities: always there, and discreet."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from simulator import Simulator

from .conftest import WEBHOOKS, Post
from .doors import entity_id, state_of

SMS = entity_id("event", "sms")
EVENTS = {
    SMS: ("sms", ["sms_received"]),
    entity_id("event", "incoming_call"): (
        "incoming_call",
        ["missed_call", "answered_call"],
    ),
    entity_id("event", "delivery"): (
        "delivery",
        ["sent", "delivered", "failed", "expired", "other"],
    ),
    entity_id("event", "outgoing_call"): (
        "outgoing_call",
        ["answered", "not_answered", "other"],
    ),
}


async def test_each_kind_of_event_has_an_entity(
    hass: HomeAssistant, loaded: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """Automations depend on their event types."""
    for entity, (key, event_types) in EVENTS.items():
        state = hass.states.get(entity)
        assert state is not None
        assert state.state == "unknown"
        assert state.attributes["event_types"] == event_types
        registered = entity_registry.async_get(entity)
        assert registered is not None
        assert registered.unique_id == f"line_one_{key}"


async def test_an_event_of_one_kind_is_none_of_another(
    hass: HomeAssistant, loaded: MockConfigEntry, post: Post
) -> None:
    """Each entity hears its own kind only."""
    await post((WEBHOOKS / "inbound_call.json").read_bytes())
    assert [state_of(hass, entity).state == "unknown" for entity in EVENTS] == [
        True,
        False,
        True,
        True,
    ]


async def test_a_failed_poll_does_not_make_an_event_entity_deaf(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    post: Post,
    freezer: FrozenDateTimeFactory,
) -> None:
    """An event of an entity that was unavailable would start no automation."""
    await simulator.stop()
    freezer.tick(timedelta(minutes=31))
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, entity_id("sensor", "balance")).state == "unavailable"
    assert {state_of(hass, entity).state for entity in EVENTS} == {"unknown"}
    await post((WEBHOOKS / "inbound_sms.json").read_bytes())
    assert state_of(hass, SMS).attributes["message"] == "One love"
