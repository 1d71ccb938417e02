"""Those who want to know that something has changed, not what."""

from typing import TYPE_CHECKING

from homeassistant.core import callback

if TYPE_CHECKING:
    from asyncio import Handle

    from homeassistant.core import CALLBACK_TYPE, HomeAssistant


class Listeners:
    """Called soon after changes; all that changes at once is told together."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Start with nobody who listens."""
        self._hass = hass
        self._listeners: set[CALLBACK_TYPE] = set()
        self._telling: Handle | None = None

    @callback
    def async_add(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call a listener after changes; return how to stop."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    @callback
    def async_changed(self) -> None:
        """Have them called, once what is being done is done."""
        if self._telling is None:
            self._telling = self._hass.loop.call_soon(self._tell)

    def _tell(self) -> None:
        self._telling = None
        for listener in list(self._listeners):
            listener()
