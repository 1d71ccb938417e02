"""Tells of looks that fail one after the other: in the log, and under Repairs."""

import time
from typing import TYPE_CHECKING, Final

from homeassistant.core import callback

from .api.exceptions import CeculaAuthenticationError
from .const import CONF_INBOUND, INBOUND_POLLING, LOGGER
from .errors import as_error_of_look
from .issues import Issue, async_close_issue, async_raise_issue

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .models import CeculaConfigEntry

# One look that fails is nothing; of the next one the log tells.
_FAILURES_TO_LOG: Final = 2
# Just before the fifth look that fails, a quarter of an hour after the first.
_LONG_SECONDS: Final = 14 * 60


class Outage:
    """The time in which nothing that came in can be fetched for a dedicated number."""

    def __init__(self, hass: HomeAssistant, entry: CeculaConfigEntry) -> None:
        """Take whose it is."""
        self._hass = hass
        self._entry = entry
        self._since: float | None = None
        self._is_logged = False

    @callback
    def async_failed(self, failures: int, err: Exception) -> None:
        """Take why a look failed, and how many have in a row.

        Where polling is all there is, the user must know that nothing is heard. Of a
        refused key another notice tells.
        """
        if self._since is None:
            self._since = time.monotonic()
        if failures >= _FAILURES_TO_LOG and not self._is_logged:
            self._is_logged = True
            reason = as_error_of_look(err)
            LOGGER.warning("Two looks for texts and calls failed: %s", reason)
        is_long = time.monotonic() - self._since >= _LONG_SECONDS
        if not self._is_polling:
            self._close_issue()
        elif is_long and not isinstance(err, CeculaAuthenticationError):
            async_raise_issue(self._hass, self._entry, Issue.POLLING_FAILS)

    @callback
    def async_succeeded(self) -> None:
        """Take that a look went well."""
        if self._is_logged:
            LOGGER.info("New texts and missed calls can be fetched again")
        self._since, self._is_logged = None, False
        self._close_issue()

    @callback
    def async_apply_options(self) -> None:
        """Where the webhook hears by now, a look that fails is no matter for a user."""
        if not self._is_polling:
            self._close_issue()

    @property
    def _is_polling(self) -> bool:
        return self._entry.options.get(CONF_INBOUND) == INBOUND_POLLING

    def _close_issue(self) -> None:
        async_close_issue(self._hass, self._entry, Issue.POLLING_FAILS)
