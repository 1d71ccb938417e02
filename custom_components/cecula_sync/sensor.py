"""Sensors of a dedicated number: its account, and its conversation."""

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import MAX_LENGTH_STATE_STATE, EntityCategory
from homeassistant.core import callback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import SUBENTRY_TYPE_CONTACT, Total
from .coordinator import (
    OTHER,
    SIM_STATES,
    SUBSCRIPTION_STATES,
    Account,
    AccountCoordinator,
)
from .entity import (
    LineEntity,
    SubentryEntity,
    async_add_for_subentries,
    async_listen_to_contacts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .history import Message
    from .models import CeculaConfigEntry

PARALLEL_UPDATES = 0

# How much of the conversation an attribute holds.
_LAST_MESSAGES = 5
_LONGEST_TEXT = 480  # three pages


@dataclass(frozen=True, kw_only=True)
class AccountSensorDescription(SensorEntityDescription):
    """How a sensor reads the account.

    `raw_fn` gives the provider's own word where the state is one of `options`.
    """

    value_fn: Callable[[Account], str | float | datetime | None]
    raw_fn: Callable[[Account], str | None] | None = None


def _subscription_status(account: Account) -> str | None:
    return account.subscription.status if account.subscription else None


SENSORS = (
    AccountSensorDescription(
        key="balance",
        translation_key="balance",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda account: account.balance,
    ),
    AccountSensorDescription(
        key="subscription_status",
        translation_key="subscription_status",
        device_class=SensorDeviceClass.ENUM,
        options=[*SUBSCRIPTION_STATES, OTHER],
        value_fn=lambda account: account.subscription_state,
        raw_fn=_subscription_status,
    ),
    AccountSensorDescription(
        key="subscription_plan",
        translation_key="subscription_plan",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda account: (
            account.subscription.plan[:MAX_LENGTH_STATE_STATE]
            if account.subscription and account.subscription.plan
            else None
        ),
    ),
    AccountSensorDescription(
        key="subscription_expiry",
        translation_key="subscription_expiry",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda account: (
            account.subscription.expires_at if account.subscription else None
        ),
    ),
    AccountSensorDescription(
        key="sim_status",
        translation_key="sim_status",
        device_class=SensorDeviceClass.ENUM,
        entity_category=EntityCategory.DIAGNOSTIC,
        options=[*SIM_STATES, OTHER],
        value_fn=lambda account: account.sim_state,
        raw_fn=lambda account: account.sim_status,
    ),
)

# Texts of the house, ever: accepted by the provider, delivered, failed or expired.
TOTALS = tuple(
    SensorEntityDescription(
        key=total,
        translation_key=total,
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_category=EntityCategory.DIAGNOSTIC,
    )
    for total in Total
)

LAST_MESSAGE = SensorEntityDescription(
    key="last_message",
    translation_key="last_message",
    device_class=SensorDeviceClass.TIMESTAMP,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CeculaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of a dedicated number and its contacts."""
    async_add_entities(
        [
            *(AccountSensor(entry, description) for description in SENSORS),
            *(TotalSensor(entry, description) for description in TOTALS),
            LineLastMessageSensor(entry, LAST_MESSAGE),
        ]
    )
    async_add_for_subentries(
        hass,
        entry,
        async_add_entities,
        SUBENTRY_TYPE_CONTACT,
        ContactLastMessageSensor,
    )


class AccountSensor(CoordinatorEntity[AccountCoordinator], LineEntity, SensorEntity):
    """One fact about the account."""

    entity_description: AccountSensorDescription

    def __init__(
        self, entry: CeculaConfigEntry, description: AccountSensorDescription
    ) -> None:
        """Take the entry and which fact it is."""
        CoordinatorEntity.__init__(self, entry.runtime_data.coordinator)
        LineEntity.__init__(self, entry, description)

    @property
    @override
    def native_value(self) -> str | float | datetime | None:
        """Return the fact, or None where the provider did not tell it."""
        return self.entity_description.value_fn(self.coordinator.data)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Return the provider's own word behind a state from a fixed list."""
        raw_fn = self.entity_description.raw_fn
        return {"raw": raw_fn(self.coordinator.data)} if raw_fn else None


class TotalSensor(LineEntity, SensorEntity):
    """How many texts reached a status; kept on disk, so that statistics go on."""

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to changes."""
        await super().async_added_to_hass()
        delivery = self._entry.runtime_data.delivery
        self.async_on_remove(delivery.async_listen_to_totals(self.async_write_ha_state))

    @property
    @override
    def native_value(self) -> int:
        """Return the total."""
        return self._entry.runtime_data.delivery.totals[self.entity_description.key]


class LastMessageSensor(SensorEntity):
    """When the last text or call came or left.

    The last few are an attribute, which is not recorded: a dashboard shows them.
    """

    _entry: CeculaConfigEntry
    _unrecorded_attributes = frozenset({"messages"})

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to changes of the conversation, and of the names in it."""
        await super().async_added_to_hass()
        self._read()
        history = self._entry.runtime_data.history
        self.async_on_remove(history.async_listen(self._async_update))
        self.async_on_remove(
            async_listen_to_contacts(self.hass, self._entry, self._async_update)
        )

    def _newest_first(self) -> Iterator[Message]:
        """Yield the messages that are meant."""
        raise NotImplementedError

    def _read(self) -> None:
        phone_book = self._entry.runtime_data.phone_book
        messages = list(islice(self._newest_first(), _LAST_MESSAGES))
        self._attr_native_value = messages[0].time if messages else None
        self._attr_extra_state_attributes = {
            "messages": [_shortened(each.as_data(phone_book)) for each in messages]
        }

    @callback
    def _async_update(self) -> None:
        before = self._attr_extra_state_attributes
        self._read()
        if self._attr_extra_state_attributes != before:
            self.async_write_ha_state()


class LineLastMessageSensor(LineEntity, LastMessageSensor):
    """The last message of a dedicated number."""

    @override
    def _newest_first(self) -> Iterator[Message]:
        return self._entry.runtime_data.history.newest_first()


class ContactLastMessageSensor(SubentryEntity, LastMessageSensor):
    """The last message that was exchanged with a contact."""

    entity_description = LAST_MESSAGE

    @override
    def _newest_first(self) -> Iterator[Message]:
        runtime = self._entry.runtime_data
        contact = runtime.phone_book.contact(self._subentry_id)
        return runtime.history.newest_of(
            contact.number if contact else None, self._subentry_id
        )


def _shortened(message: dict[str, Any]) -> dict[str, Any]:
    """Return what a dashboard shows of a message."""
    text = message["text"]
    if text is not None and len(text) > _LONGEST_TEXT:
        text = f"{text[: _LONGEST_TEXT - 1]}…"
    names = ("direction", "kind", "number", "contact", "time", "status")
    return {name: message[name] for name in names} | {"text": text}
