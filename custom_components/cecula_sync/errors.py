"""The provider's failures in the user's language.

Home Assistant logs the text of every exception that leaves an action, so none
of these holds a whole phone number or a text.
"""

from typing import TYPE_CHECKING, Final

from homeassistant.exceptions import HomeAssistantError

from .api.exceptions import (
    CeculaAuthenticationError,
    CeculaClosedError,
    CeculaConnectionError,
    CeculaError,
    CeculaNotFoundError,
    CeculaOutcomeUnknownError,
    CeculaRejectedError,
    CeculaUnavailableError,
    CeculaUnreadableError,
    SyncError,
)
from .const import DOMAIN

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .models import CeculaConfigEntry

# Sync errors that have a text of their own, which says what to do.
EXPLAINED_CODES = frozenset(SyncError)

_PLAIN_KEYS: Final[dict[type[CeculaError], str]] = {
    CeculaAuthenticationError: "invalid_key",
    CeculaClosedError: "line_unloaded",
    CeculaConnectionError: "cannot_connect",
    CeculaOutcomeUnknownError: "outcome_unknown",
}


def describe(err: CeculaError) -> tuple[str, dict[str, str]]:
    """Return the translation key and placeholders that explain a failure.

    What is said holds for whatever was asked: a send, a question or a change.
    """
    match err:
        case CeculaRejectedError(code=code) if code in EXPLAINED_CODES:
            return f"refused_{code.lower()}", {}
        case CeculaRejectedError(code=code) if code.isdecimal():
            return "refused_form", {"code": code}
        case CeculaRejectedError(code=code):
            return "refused", {"code": code}
        case CeculaUnreadableError():
            return "unreadable_answer", {"shape": str(err)}
        case CeculaUnavailableError():
            return "unavailable", {"ending": str(err)}
    return _PLAIN_KEYS[type(err)], {}


def as_home_assistant_error(err: CeculaError) -> HomeAssistantError:
    """Translate a failure."""
    key, placeholders = describe(err)
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )


def as_error_of_question(err: CeculaError) -> HomeAssistantError:
    """Translate the failure of what is asked once, when a user wants to know."""
    if isinstance(err, CeculaUnavailableError):
        return HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="not_told",
            translation_placeholders={"ending": str(err)},
        )
    return as_home_assistant_error(err)


def as_error_of_change(err: CeculaError) -> HomeAssistantError:
    """Translate the failure of what nobody does again by itself."""
    if isinstance(err, CeculaNotFoundError):
        return HomeAssistantError(
            translation_domain=DOMAIN, translation_key="not_offered"
        )
    if isinstance(err, CeculaUnavailableError | CeculaUnreadableError):
        return HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="change_unknown",
            translation_placeholders={"ending": str(err)},
        )
    return as_home_assistant_error(err)


def as_error_of_look(err: Exception | None) -> HomeAssistantError:
    """Translate why a look for what came in failed, be it a fault of the house.

    What the user can mend is named; the rest passes, or a next look tells more.
    """
    if isinstance(
        err, CeculaAuthenticationError | CeculaConnectionError | CeculaRejectedError
    ):
        return as_home_assistant_error(err)
    return HomeAssistantError(translation_domain=DOMAIN, translation_key="look_failed")


def start_reauth_if_refused(
    hass: HomeAssistant, entry: CeculaConfigEntry, err: CeculaError
) -> None:
    """Ask the user for another key when the provider refuses this one."""
    is_there = hass.config_entries.async_get_entry(entry.entry_id) is not None
    if is_there and isinstance(err, CeculaAuthenticationError):
        entry.async_start_reauth(hass)
