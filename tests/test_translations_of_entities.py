"""Entities and actions have names, words for their states, and icons."""

from collections import defaultdict
from collections.abc import Mapping
import json
from typing import Any

from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.const import CONF_OPTIONS, EVENT_STATE_CHANGED
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.cecula_sync.const import DOMAIN
from custom_components.cecula_sync.trigger import TRIGGERS, LineTrigger
from simulator import Line

from .conftest import ADA, WEBHOOKS, Post, contact, group
from .doors import CORE_S_ATTRIBUTES
from .translation_guard import COMPONENT, english, offered_actions, text_at


def icons() -> dict[str, Any]:
    """Return the icons."""
    read: dict[str, Any] = json.loads((COMPONENT / "icons.json").read_text("utf-8"))
    return read


def keys_below(texts: Mapping[str, Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Return the platforms and translation keys that have a text, or an icon."""
    return {(platform, key) for platform, keys in texts.items() for key in keys}


def texts_of(entity: er.RegistryEntry) -> Mapping[str, Any]:
    """Return the texts of an entity."""
    texts: Mapping[str, Any] | None = text_at(
        "entity", entity.domain, entity.translation_key or ""
    )
    return texts or {}


@pytest.fixture
def contacts() -> list[ConfigSubentryDataWithId]:
    """Have one subentry of each type."""
    return [contact("Ada", ADA, "ada"), group("Family", ["ada"], "family")]


@pytest.fixture
def entities(
    loaded: MockConfigEntry, entity_registry: er.EntityRegistry
) -> list[er.RegistryEntry]:
    """Return the entities of a line with a contact and a group."""
    return er.async_entries_for_config_entry(entity_registry, loaded.entry_id)


async def test_every_entity_has_a_name_and_every_name_an_entity(
    entities: list[er.RegistryEntry],
) -> None:
    """Compare the keys; an entity without a name bears its device's."""
    named = {
        (each.domain, each.translation_key) for each in entities if each.original_name
    }
    assert named == {
        (platform, key)
        for platform, key in keys_below(english()["entity"])
        if "name" in text_at("entity", platform, key)
    }
    for each in entities:
        assert each.original_name == texts_of(each).get("name")


async def test_every_entity_has_an_icon_and_every_icon_an_entity(
    entities: list[er.RegistryEntry],
) -> None:
    """Compare the keys; a state's icon is that of a state that there is."""
    known = icons()["entity"]
    assert {(each.domain, each.translation_key) for each in entities} == keys_below(
        known
    )
    for each in entities:
        states = known[each.domain][each.translation_key].get("state", {})
        assert set(states) <= set((each.capabilities or {}).get("options", ()))


async def test_every_state_and_event_type_has_a_text_and_every_text_one(
    entities: list[er.RegistryEntry],
) -> None:
    """Compare what an entity can be, or tell, with the words for it."""
    for each in entities:
        can_be, texts = each.capabilities or {}, texts_of(each)
        assert set(texts.get("state", {})) == set(can_be.get("options", ()))
        told = texts.get("state_attributes", {}).get("event_type", {}).get("state", {})
        assert set(told) == set(can_be.get("event_types", ()))


async def test_every_attribute_has_a_name_and_every_name_an_attribute(
    hass: HomeAssistant,
    entities: list[er.RegistryEntry],
    line: Line,
    post: Post,
) -> None:
    """Compare what the entities tell; what is late is of a contact's kinds."""
    told: dict[str, set[str]] = defaultdict(set)
    for state in hass.states.async_all():
        told[state.entity_id] |= state.attributes.keys()
    changes = async_capture_events(hass, EVENT_STATE_CHANGED)
    for news in WEBHOOKS.iterdir():
        assert await post(news.read_bytes()) == 200
    for change in changes:
        new = change.data["new_state"]
        assert new is not None
        told[new.entity_id] |= new.attributes.keys()
    for each in entities:
        named = attribute_names(each)
        if each.translation_key == "late":
            assert named == attribute_names(of_contact(entities))
        elif each.domain == "event" or each.translation_key == "last_message":
            assert named == told[each.entity_id] - CORE_S_ATTRIBUTES


def attribute_names(entity: er.RegistryEntry) -> set[str]:
    """Return the attributes that have a name."""
    attributes = texts_of(entity).get("state_attributes", {})
    return {name for name, texts in attributes.items() if "name" in texts}


def of_contact(entities: list[er.RegistryEntry]) -> er.RegistryEntry:
    """Return the event entity of the contact."""
    (found,) = (
        each
        for each in entities
        if (each.domain, each.translation_key) == ("event", "contact")
    )
    return found


async def test_a_unit_that_is_a_text_is_the_entitys(
    entities: list[er.RegistryEntry],
) -> None:
    """Compare the units."""
    with_units = [each for each in entities if "unit_of_measurement" in texts_of(each)]
    assert with_units
    for each in with_units:
        assert each.unit_of_measurement == texts_of(each)["unit_of_measurement"]


def schema_fields(schema: Any) -> set[str]:
    """Return the fields that an action's schema takes."""
    while hasattr(schema, "validators"):
        schema = schema.validators[0]
    return {str(field) for field in schema.schema}


async def test_every_action_is_described_as_it_is(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Compare actions and fields: registered, offered, named and with icons."""
    registered = hass.services.async_services_for_domain(DOMAIN)
    fields = {name: schema_fields(each.schema) for name, each in registered.items()}
    named = {name: set(each["fields"]) for name, each in english()["services"].items()}
    assert {name: set(each) for name, each in offered_actions().items()} == fields
    assert named == fields
    assert set(icons()["services"]) == set(fields)


def test_every_section_of_an_action_has_words_and_all_words_a_section() -> None:
    """Compare the headings under which the editor folds fields away."""
    described = load_yaml_dict(str(COMPONENT / "services.yaml"))
    assert {
        (name, section)
        for name, action in described.items()
        for section, below in action["fields"].items()
        if "fields" in below
    } == {
        (name, section)
        for name, texts in english()["services"].items()
        for section, words in texts.get("sections", {}).items()
        if words["name"] and words["description"]
    }


def test_every_trigger_is_described_as_it_is() -> None:
    """Compare triggers and options: registered, offered, named and with icons."""
    taken = {
        name: {str(option) for option in trigger._schema.schema[CONF_OPTIONS]}
        for name, trigger in trigger_classes().items()
    }
    offered = {
        name: set(described.get("fields", ()))
        for name, described in load_yaml_dict(str(COMPONENT / "triggers.yaml")).items()
        if not name.startswith(".")
    }
    texts = english()["triggers"]
    named = {name: set(each.get("fields", ())) for name, each in texts.items()}
    assert offered == taken
    assert named == taken
    assert {name: set(each) for name, each in icons()["triggers"].items()} == {
        name: {"trigger"} for name in taken
    }


def trigger_classes() -> dict[str, type[LineTrigger]]:
    """Return the triggers, each of which is one of a number's."""
    return {
        name: each for name, each in TRIGGERS.items() if issubclass(each, LineTrigger)
    }


@pytest.mark.parametrize("kind", ["services", "triggers"])
def test_whatever_the_editor_offers_has_a_name_and_a_description(kind: str) -> None:
    """See that no text of an action or a trigger, or of its fields, is missing."""
    for offered in english()[kind].values():
        for text in (offered, *offered.get("fields", {}).values()):
            assert text["name"]
            assert text["description"]
