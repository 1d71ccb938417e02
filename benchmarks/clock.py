"""A simulated clock for a house in this process."""

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from freezegun import freeze_time
from pytest_homeassistant_custom_component.common import async_fire_time_changed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homeassistant.core import HomeAssistant

MINUTE = 60


class Clock:
    """Time that passes when it is told to, and all that falls due is done."""

    def __init__(self, hass: HomeAssistant, frozen: Any) -> None:
        """Take whose time it is."""
        self._hass, self._frozen = hass, frozen

    async def step(self, seconds: float = MINUTE) -> None:
        """Let time pass."""
        self._frozen.tick(seconds)
        async_fire_time_changed(self._hass)
        await self._hass.async_block_till_done(wait_background_tasks=True)


@contextmanager
def simulated_clock(hass: HomeAssistant) -> Iterator[Clock]:
    """Stop the clock, also the event loop's; what was due to come comes at once."""
    with freeze_time(datetime.now(UTC)) as frozen:
        yield Clock(hass, frozen)
