"""Repair issues of a dedicated number: raised here, closed here."""

from enum import StrEnum
from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant


class Issue(StrEnum):
    """What may need the user; a member is the key of its text."""

    ANOTHER_NUMBER = "another_number"
    NO_PUBLIC_ADDRESS = "no_public_address"
    ADDRESS_CHANGED = "address_changed"
    SMS_WEBHOOK_MISSING = "sms_webhook_missing"
    CALL_WEBHOOK_MISSING = "call_webhook_missing"
    UNREADABLE_ITEM = "unreadable_item"
    EMPTY_GROUP = "empty_group"


# What a restart proves nothing about stays until what closes it has happened.
_PERSISTENT = frozenset(
    {
        Issue.ADDRESS_CHANGED,
        Issue.SMS_WEBHOOK_MISSING,
        Issue.CALL_WEBHOOK_MISSING,
        Issue.UNREADABLE_ITEM,
    }
)


@callback
def async_raise_issue(
    hass: HomeAssistant, entry: ConfigEntry, issue: Issue, **placeholders: str
) -> None:
    """Show an issue of a number under Repairs, or its newest details."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry, issue),
        is_fixable=False,
        is_persistent=issue in _PERSISTENT,
        severity=ir.IssueSeverity.WARNING,
        translation_key=issue,
        translation_placeholders={"line": entry.title, **placeholders},
    )


@callback
def async_close_issue(hass: HomeAssistant, entry: ConfigEntry, issue: Issue) -> None:
    """Take an issue away, if it is there."""
    ir.async_delete_issue(hass, DOMAIN, _issue_id(entry, issue))


@callback
def async_close_all_issues(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take away all issues of a number that is removed."""
    for issue in Issue:
        async_close_issue(hass, entry, issue)


def _issue_id(entry: ConfigEntry, issue: Issue) -> str:
    return f"{issue}_{entry.entry_id}"
