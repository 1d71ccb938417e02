"""Triggers for the visual editor, on the event entities of numbers and contacts.

Home Assistant calls what they build on unsettled, so all that does stands here. The
stable way beside them is its own trigger `event.received`.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, override

from homeassistant.components.event import ATTR_EVENT_TYPE, DOMAIN as EVENT_DOMAIN
from homeassistant.const import CONF_OPTIONS
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.trigger import (
    ENTITY_STATE_TRIGGER_SCHEMA,
    StatelessEntityTriggerBase,
    Trigger,
)
import probatio as vol

from .api.models import SmsStatus
from .const import DOMAIN, LOGGER, EventKey, ReceivedType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant, State
    from homeassistant.helpers.trigger import NotTriggeredReasonReporter, TriggerConfig

CONF_CONTAINS: Final = "contains"
CONF_EQUALS: Final = "equals"
CONF_INCLUDE_LATE: Final = "include_late"


def _text(value: object) -> str:
    """Return a text to compare with; without quotes, YAML reads yes as true."""
    if not isinstance(value, str):
        reason = "put the text in quotes, for without them YAML may change it"
        raise vol.Invalid(reason)
    if not (text := _folded(value)):
        reason = "the text is empty"
        raise vol.Invalid(reason)
    return text


def _folded(text: str) -> str:
    """Return a text without what does not count when texts are compared."""
    return text.strip().casefold()


def _schema_of(options: Mapping[vol.Optional, object]) -> vol.Schema:
    return ENTITY_STATE_TRIGGER_SCHEMA.extend(
        {vol.Required(CONF_OPTIONS, default={}): dict(options)}
    )


_CALL_OPTIONS: Final = {vol.Optional(CONF_INCLUDE_LATE, default=False): cv.boolean}
_SMS_OPTIONS: Final = {
    **_CALL_OPTIONS,
    vol.Optional(CONF_CONTAINS): _text,
    vol.Optional(CONF_EQUALS): _text,
}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which events of an entity are wanted; `contacts` is None where all are."""

    event_types: frozenset[str]
    contacts: frozenset[str | None] | None = None

    def has(self, state: State) -> bool:
        """Return whether an entity's last event is wanted."""
        if state.attributes.get(ATTR_EVENT_TYPE) not in self.event_types:
            return False
        return (
            self.contacts is None or state.attributes.get("contact_id") in self.contacts
        )


class LineTrigger(StatelessEntityTriggerBase):
    """Fires for events of some types, of a number or of contacts.

    A number's entity tells what its contacts' do, too. It stands in for those that
    don't tell an event, and is the only one heard where both are targeted: each event
    fires once.
    """

    _domain_specs = {EVENT_DOMAIN: DomainSpec()}  # noqa: RUF012 (core's own declaration)
    # Which entity of a number tells it, and how; if contacts' entities do, the same.
    _key: ClassVar[EventKey]
    _event_types: ClassVar[frozenset[str]]
    _late_types: ClassVar[frozenset[str]] = frozenset()
    _contacts_tell: ClassVar[bool] = True

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Take target and options, which are valid."""
        super().__init__(hass, config)
        self._include_late: bool = self._options.get(CONF_INCLUDE_LATE, False)
        self._wanted: dict[str, _Wanted] = {}
        self._missed: set[str] = set()

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Return the entities to listen to for a target."""
        registry = er.async_get(self._hass)
        lines: dict[str | None, list[er.RegistryEntry]] = defaultdict(list)
        for entity_id in entities:
            entity = registry.async_get(entity_id)
            if entity and _is_of_ours(entity):
                lines[entity.config_entry_id].append(entity)
        self._wanted = {}
        for line, targeted in lines.items():
            self._want(registry, f"{line}_", targeted)
        self._tell_of_disabled(registry)
        return set(self._wanted)

    def _want(
        self, registry: er.EntityRegistry, prefix: str, targeted: list[er.RegistryEntry]
    ) -> None:
        """Note whom to hear of a number, whose entities' unique ids have a prefix."""
        keys = {entity.unique_id.removeprefix(prefix) for entity in targeted}
        contacts = [entity for entity in targeted if entity.config_subentry_id]
        theirs = frozenset(entity.config_subentry_id for entity in contacts)
        stand_ins: dict[str, _Wanted] = {}
        if self._key in keys or not self._contacts_tell:
            whose = None if self._key in keys else theirs
            stand_ins[self._key] = _Wanted(self._event_types, whose)
        else:
            for entity in contacts:
                self._wanted[entity.entity_id] = _Wanted(self._event_types)
        if self._include_late:
            whose = None if {self._key, EventKey.LATE} & keys else theirs
            stand_ins[EventKey.LATE] = _Wanted(self._late_types, whose)
        for key, wanted in stand_ins.items():
            unique_id = f"{prefix}{key}"
            if found := registry.async_get_entity_id(EVENT_DOMAIN, DOMAIN, unique_id):
                self._wanted[found] = wanted

    def _tell_of_disabled(self, registry: er.EntityRegistry) -> None:
        """Warn of entities that would tell and can't, once for each time."""
        disabled = {
            entity_id
            for entity_id in self._wanted
            if (entity := registry.async_get(entity_id)) and entity.disabled
        }
        for entity_id in disabled - self._missed:
            LOGGER.warning(
                "An automation depends on %s, which is disabled: the automation misses "
                "events until it is enabled",
                entity_id,
            )
        self._missed = disabled

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Return whether an entity's last event is wanted."""
        wanted = self._wanted.get(state.entity_id)
        return wanted is not None and wanted.has(state)


def _is_of_ours(entity: er.RegistryEntry) -> bool:
    is_event = entity.domain == EVENT_DOMAIN and entity.platform == DOMAIN
    return is_event and not entity.disabled


class SmsReceivedTrigger(LineTrigger):
    """Fires when a text came in; what others wrote is compared, and no more."""

    _schema = _schema_of(_SMS_OPTIONS)
    _key = EventKey.SMS
    _event_types = frozenset({ReceivedType.SMS})
    _late_types = frozenset({ReceivedType.LATE_SMS})

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        """Return whether a text is wanted, by who sent it and by what it says."""
        if not super().is_valid_state(state, report_not_triggered):
            return False
        text = _folded(state.attributes.get("message", ""))
        whole: str = self._options.get(CONF_EQUALS, text)
        part: str = self._options.get(CONF_CONTAINS, "")
        return text == whole and part in text


class CallMissedTrigger(LineTrigger):
    """Fires when somebody rang and hung up."""

    _schema = _schema_of(_CALL_OPTIONS)
    _key = EventKey.INCOMING_CALL
    _event_types = _late_types = frozenset({ReceivedType.MISSED_CALL})


class CallAnsweredTrigger(LineTrigger):
    """Fires when a call came in and was answered."""

    _schema = _schema_of(_CALL_OPTIONS)
    _key = EventKey.INCOMING_CALL
    _event_types = _late_types = frozenset({ReceivedType.ANSWERED_CALL})


class DeliveryFailedTrigger(LineTrigger):
    """Fires when a sent text will not arrive any more."""

    _key = EventKey.DELIVERY
    _event_types = frozenset({SmsStatus.FAILED, SmsStatus.EXPIRED})
    _contacts_tell = False


TRIGGERS: Final[dict[str, type[Trigger]]] = {
    "sms_received": SmsReceivedTrigger,
    "call_missed": CallMissedTrigger,
    "call_answered": CallAnsweredTrigger,
    "delivery_failed": DeliveryFailedTrigger,
}


async def async_get_triggers(_hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers by their names."""
    return TRIGGERS
