"""Automations that note what the integration's triggers fire for."""

from collections.abc import Callable
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.cecula_sync.const import DOMAIN
from simulator import Line

from .conftest import ADA, BEN
from .doors import CHI, act, automate, entity_id

SMS = entity_id("event", "sms")
CALL = entity_id("event", "incoming_call")
LATE = entity_id("event", "late_arrivals")
DELIVERY = entity_id("event", "delivery")
NOTE = {
    "entity": "{{ trigger.entity_id }}",
    "type": "{{ trigger.to_state.attributes.event_type }}",
    "contact": "{{ trigger.to_state.attributes.contact }}",
    "text": "{{ trigger.to_state.attributes.get('message') }}",
}

type Target = Callable[[HomeAssistant], dict[str, Any]]


def device_of(hass: HomeAssistant, entity: str) -> str:
    """Return the device of an entity."""
    registered = er.async_get(hass).async_get(entity)
    assert registered is not None
    assert registered.device_id is not None
    return registered.device_id


def area_with(hass: HomeAssistant, *entities: str) -> str:
    """Return an area that the devices of entities are put into."""
    area = ar.async_get(hass).async_get_or_create("Hall")
    for entity in entities:
        dr.async_get(hass).async_update_device(device_of(hass, entity), area_id=area.id)
    return area.id


def the_device(entity: str) -> Target:
    """Target the device of an entity."""
    return lambda hass: {"device_id": device_of(hass, entity)}


def the_area_of(*entities: str) -> Target:
    """Target an area that the devices of entities are in."""
    return lambda hass: {"area_id": area_with(hass, *entities)}


def only(*entities: str) -> Target:
    """Target entities."""
    return lambda _hass: {"entity_id": list(entities)}


async def noting(
    hass: HomeAssistant, target: Target, *keys: str, **options: Any
) -> list[ServiceCall]:
    """Have an automation note what triggers fire for, from now on."""
    noted = async_mock_service(hass, "test", "note")
    trigger = {"target": target(hass), "options": options}
    automation = {
        "alias": "Note",
        "mode": "queued",
        "max": 100,
        "triggers": [trigger | {"trigger": f"{DOMAIN}.{key}"} for key in keys],
        "actions": [{"action": "test.note", "data": NOTE}],
    }
    await automate(hass, automation)
    return noted


def told(noted: list[ServiceCall], name: str = "text") -> list[str]:
    """Return what was noted."""
    return [call.data[name] for call in noted]


async def let_much_happen(hass: HomeAssistant, line: Line) -> None:
    """Have each kind of event come from Ada and from Ben, and from a stranger."""
    for number in (ADA, BEN, CHI):
        await line.receive_sms(number, f"Hi from {number}")
        await line.receive_call(number, 0)
        await line.receive_call(number, 7)
        for status in ("DELIVERED", "FAILED", "EXPIRED"):
            await act(hass, "send_sms", recipients=number, message="Hi")
            await line.report(line.sent[-1].tracking_id, status)
    await hass.async_block_till_done()
