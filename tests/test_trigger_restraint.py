"""The triggers of the visual editor: when they keep still, and whom they follow."""

import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.trigger import (
    async_get_all_descriptions,
    async_validate_trigger_config,
)
from homeassistant.helpers.typing import ConfigType
from homeassistant.setup import async_setup_component
import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync.const import DOMAIN
from custom_components.cecula_sync.trigger import TRIGGERS
from simulator import Line, Simulator

from .conftest import ADA, BEN, contact
from .doors import (
    CHI,
    add_contact,
    add_second_line,
    hook_up,
    pass_time,
    restart,
    state_of,
)
from .trigger_notes import (
    DELIVERY,
    LATE,
    SMS,
    area_with,
    let_much_happen,
    noting,
    only,
    the_area_of,
    told,
)


async def test_a_reload_fires_nothing(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    """Though the entities come back with their last event."""
    noted = await noting(hass, the_area_of(SMS, "event.ada"), *TRIGGERS)
    await let_much_happen(hass, line)
    assert noted
    noted.clear()
    for _ in range(2):
        await restart(hass, hooked)
        assert await hass.config_entries.async_reload(hooked.entry_id)
        await hass.async_block_till_done()
    assert noted == []


async def test_a_start_fires_nothing(
    hass: HomeAssistant,
    hooked: MockConfigEntry,
    line: Line,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Though the entities come back with their last event, and automations listen."""
    entities = SMS, "event.ada", LATE
    noted = await noting(hass, only(*entities), "sms_received", include_late=True)
    await line.receive_sms(ADA, "Hi")
    simulator.arm("lost_inbound")
    await line.receive_sms(ADA, "Yo")
    await restart(hass, hooked)
    await pass_time(hass, freezer, 100)
    before = {entity: state_of(hass, entity) for entity in entities}
    assert sorted(told(noted)) == ["Hi", "Yo"]
    noted.clear()
    assert await hass.config_entries.async_unload(hooked.entry_id)
    hass.set_state(CoreState.starting)
    assert await hass.config_entries.async_setup(hooked.entry_id)
    await hass.async_start()
    await hass.async_block_till_done()
    for entity, state in before.items():
        back = state_of(hass, entity)
        assert (back.state, back.attributes) == (state.state, state.attributes)
        assert "message" in back.attributes
    assert noted == []


async def test_what_is_of_another_integration_fires_nothing(
    hass: HomeAssistant, hooked: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """Though it looks like a contact's, and lies in the same area."""
    area = area_with(hass, SMS)
    other = MockConfigEntry(
        domain="other", subentries_data=[contact("Ada", ADA, "ada")]
    )
    other.add_to_hass(hass)
    foreign = entity_registry.async_get_or_create(
        "event", "other", "ada_event", config_entry=other, config_subentry_id="ada"
    )
    entity_registry.async_update_entity(foreign.entity_id, area_id=area)
    noted = await noting(
        hass,
        lambda _hass: {"area_id": area, "entity_id": [foreign.entity_id, "event.none"]},
        "sms_received",
    )
    attributes = {"event_type": "sms_received", "message": "Hi"}
    for entity in (foreign.entity_id, "event.none"):
        hass.states.async_set(entity, "unknown")
        hass.states.async_set(entity, "2026-11-24T07:30:00.000+00:00", attributes)
    await hass.async_block_till_done()
    assert noted == []


async def test_another_number_fires_nothing(
    hass: HomeAssistant,
    simulator: Simulator,
    hooked: MockConfigEntry,
    line: Line,
    hass_client_no_auth: Any,
) -> None:
    """Nor does its contact; but both may be targeted."""
    other, other_line = await add_second_line(hass, simulator)
    hook_up(other_line, await hass_client_no_auth(), other.data["webhook_id"])
    noted = await noting(hass, only(SMS, "event.chi"), "sms_received")
    await other_line.receive_sms(BEN, "not this")
    await other_line.receive_sms(CHI, "from Chi")
    await line.receive_sms(CHI, "to the first")
    await hass.async_block_till_done()
    assert told(noted) == ["from Chi", "to the first"]


async def test_who_is_added_to_a_target_is_heard(
    hass: HomeAssistant,
    hooked: MockConfigEntry,
    line: Line,
    entity_registry: er.EntityRegistry,
) -> None:
    """At once, and under another name, too."""
    noted = await noting(hass, the_area_of("event.ada"), "sms_received")
    await line.receive_sms(CHI, "from a stranger")
    await add_contact(hass, hooked, "Chi", CHI, "chi")
    await line.receive_sms(CHI, "from elsewhere")
    area_with(hass, "event.chi")
    await hass.async_block_till_done()
    await line.receive_sms(CHI, "from here")
    entity_registry.async_update_entity("event.chi", new_entity_id="event.uncle")
    await hass.async_block_till_done()
    await line.receive_sms(CHI, "still here")
    await hass.async_block_till_done()
    assert told(noted) == ["from here", "still here"]


async def test_a_number_whose_entity_is_disabled_does_not_silence_its_contacts(
    hass: HomeAssistant,
    hooked: MockConfigEntry,
    line: Line,
    entity_registry: er.EntityRegistry,
) -> None:
    """They are heard in its place."""
    noted = await noting(hass, only(SMS, "event.ada"), "sms_received")
    disabled_by = er.RegistryEntryDisabler.USER
    entity_registry.async_update_entity(SMS, disabled_by=disabled_by)
    await hass.async_block_till_done()
    await line.receive_sms(ADA, "Hi")
    await hass.async_block_till_done()
    assert told(noted, "entity") == ["event.ada"]


@pytest.mark.parametrize(
    ("key", "options", "entity"),
    [("delivery_failed", {}, DELIVERY), ("sms_received", {"include_late": True}, LATE)],
)
async def test_a_disabled_entity_that_alone_tells_of_contacts_is_warned_of(
    hass: HomeAssistant,
    hooked: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    caplog: pytest.LogCaptureFixture,
    key: str,
    options: dict[str, Any],
    entity: str,
) -> None:
    """When the automation starts, and each time the entity is disabled again."""

    def warnings() -> int:
        # The number itself, in the entity's id, is no matter for a log.
        _, _, kind = entity.rpartition("_")
        return len(
            re.findall(rf"depends on event\..*_{kind}, which is disabled", caplog.text)
        )

    by_user = er.RegistryEntryDisabler.USER
    entity_registry.async_update_entity(entity, disabled_by=by_user)
    await noting(hass, only("event.ada"), key, **options)
    assert warnings() == 1
    entity_registry.async_update_entity("event.ada", name="Ada")
    await hass.async_block_till_done()
    assert warnings() == 1
    entity_registry.async_update_entity(entity, disabled_by=None)
    await hass.async_block_till_done()
    entity_registry.async_update_entity(entity, disabled_by=by_user)
    await hass.async_block_till_done()
    assert warnings() == 2


async def test_an_entity_that_is_gone_does_not_silence_the_others(
    hass: HomeAssistant,
    hooked: MockConfigEntry,
    line: Line,
    entity_registry: er.EntityRegistry,
) -> None:
    """Remove the one that tells what is late."""
    noted = await noting(hass, only(SMS), "sms_received", include_late=True)
    entity_registry.async_remove(LATE)
    await hass.async_block_till_done()
    await line.receive_sms(ADA, "Hi")
    await hass.async_block_till_done()
    assert told(noted) == ["Hi"]


async def valid(hass: HomeAssistant, trigger: dict[str, Any]) -> list[ConfigType]:
    """Return a trigger as Home Assistant reads it."""
    return await async_validate_trigger_config(hass, cv.TRIGGER_SCHEMA([trigger]))


@pytest.mark.parametrize(
    ("key", "changes", "complaint"),
    [
        ("sms_received", {"equals": True}, "in quotes"),
        ("sms_received", {"contains": 12}, "in quotes"),
        ("sms_received", {"equals": " "}, "is empty"),
        ("sms_received", {"contains": ""}, "is empty"),
        ("sms_received", {"include_late": "perhaps"}, "include_late"),
        ("sms_received", {"sender": ADA}, "sender"),
        ("call_missed", {"contains": "gate"}, "contains"),
        ("delivery_failed", {"include_late": True}, "include_late"),
    ],
)
async def test_what_can_not_be_meant_is_refused(
    hass: HomeAssistant, key: str, changes: dict[str, Any], complaint: str
) -> None:
    """Without quotes, YAML makes another value of yes and of 012."""
    assert await async_setup_component(hass, DOMAIN, {})
    trigger = {"trigger": f"{DOMAIN}.{key}", "target": {"entity_id": SMS}}
    assert await valid(hass, trigger)
    with pytest.raises(vol.Invalid, match=complaint):
        await valid(hass, trigger | {"options": changes})


async def test_the_editor_knows_the_triggers_before_any_number(
    hass: HomeAssistant,
) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    described = await async_get_all_descriptions(hass)
    for key in TRIGGERS:
        description = described[f"{DOMAIN}.{key}"]
        assert description is not None
        (entity,) = description["target"]["entity"]
        assert entity == {"domain": ["event"], "integration": DOMAIN}
