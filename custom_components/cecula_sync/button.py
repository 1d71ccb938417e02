"""Buttons of a dedicated number: free its SIM, and look for what came in."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EntityCategory
from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN
from .entity import LineEntity
from .errors import as_error_of_look

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .models import CeculaConfigEntry, CeculaRuntimeData

# Each button has its own order: a SIM need not wait for a look to be freed.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class LineButtonDescription(ButtonEntityDescription):
    """What a button does; raises a translated error if that failed."""

    press_fn: Callable[[CeculaRuntimeData], Awaitable[None]]


async def _async_check(runtime: CeculaRuntimeData) -> None:
    """Look into both lists; raise a translated error if that failed."""
    await runtime.catch_up.async_look_anew()
    if runtime.catch_up.last_look_failed:
        failure = runtime.catch_up.failure
        raise as_error_of_look(failure) from failure


BUTTONS = (
    LineButtonDescription(
        key="refresh_sim",
        translation_key="refresh_sim",
        entity_category=EntityCategory.CONFIG,
        press_fn=lambda runtime: runtime.coordinator.async_refresh_sim(),
    ),
    LineButtonDescription(
        key="check_messages",
        translation_key="check_messages",
        entity_category=EntityCategory.DIAGNOSTIC,
        press_fn=_async_check,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: CeculaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of a dedicated number."""
    async_add_entities(LineButton(entry, description) for description in BUTTONS)


class LineButton(LineEntity, ButtonEntity):
    """A button; it can be pressed though a poll failed, which is when it is of use."""

    entity_description: LineButtonDescription

    def __init__(
        self, entry: CeculaConfigEntry, description: LineButtonDescription
    ) -> None:
        """Take whose button it is, and what it does."""
        super().__init__(entry, description)
        self._pressing = asyncio.Lock()

    @override
    async def async_press(self) -> None:
        """Do it, one press after the other; raise a translated error if it failed."""
        async with self._pressing:
            if self._entry.state is not ConfigEntryState.LOADED:
                raise HomeAssistantError(
                    translation_domain=DOMAIN, translation_key="line_unloaded"
                )
            await self.entity_description.press_fn(self._entry.runtime_data)
