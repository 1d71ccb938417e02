"""Repair issues of a dedicated number: raised here, closed here."""

from enum import StrEnum
from typing import TYPE_CHECKING

from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntryChange
from homeassistant.core import callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from .api.masking import mask_numbers
from .const import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant

    from .models import CeculaConfigEntry


class Issue(StrEnum):
    """What may need the user; a member is the key of its text."""

    ANOTHER_NUMBER = "another_number"
    NO_PUBLIC_ADDRESS = "no_public_address"
    ADDRESS_CHANGED = "address_changed"
    SMS_WEBHOOK_MISSING = "sms_webhook_missing"
    CALL_WEBHOOK_MISSING = "call_webhook_missing"
    POLLING_FAILS = "polling_fails"
    UNREADABLE_ITEM = "unreadable_item"
    LIMIT_REACHED = "limit_reached"
    EMPTY_GROUP = "empty_group"
    SUBSCRIPTION_INACTIVE = "subscription_inactive"
    SUBSCRIPTION_EXPIRES_SOON = "subscription_expires_soon"
    SIM_BARRED = "sim_barred"
    CREDIT_TOO_LOW = "credit_too_low"
    LOW_BALANCE = "low_balance"


# What is told of why an issue was raised, for whoever is to close it.
type Evidence = Mapping[str, str | int | float | None]

# What a restart proves nothing about stays until what closes it has happened.
_PERSISTENT = frozenset(
    {
        Issue.ADDRESS_CHANGED,
        Issue.SMS_WEBHOOK_MISSING,
        Issue.CALL_WEBHOOK_MISSING,
        Issue.UNREADABLE_ITEM,
        Issue.LIMIT_REACHED,
        Issue.SUBSCRIPTION_INACTIVE,
        Issue.SIM_BARRED,
        Issue.CREDIT_TOO_LOW,
    }
)
# With these nothing leaves any more; the others only may become bad.
_BROKEN = frozenset(
    {Issue.SUBSCRIPTION_INACTIVE, Issue.SIM_BARRED, Issue.CREDIT_TOO_LOW}
)


@callback
def async_raise_issue(
    hass: HomeAssistant,
    entry: CeculaConfigEntry,
    issue: Issue,
    evidence: Evidence | None = None,
    **placeholders: str,
) -> None:
    """Show an issue of a number under Repairs, or its newest details.

    Core puts what it keeps of an issue into diagnostics: a title that is a number,
    as it is at first, is masked.
    """
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry, issue),
        data=None if evidence is None else dict(evidence),
        is_fixable=False,
        is_persistent=issue in _PERSISTENT,
        severity=_severity(issue),
        translation_key=issue,
        translation_placeholders={"line": mask_numbers(entry.title), **placeholders},
    )


@callback
def async_close_issue(
    hass: HomeAssistant, entry: CeculaConfigEntry, issue: Issue
) -> None:
    """Take an issue away, if it is there."""
    ir.async_delete_issue(hass, DOMAIN, _issue_id(entry, issue))


@callback
def async_close_all_issues(hass: HomeAssistant, entry: CeculaConfigEntry) -> None:
    """Take away all issues of a number that is removed or disabled."""
    for issue in Issue:
        async_close_issue(hass, entry, issue)


@callback
def async_watch_disabled(hass: HomeAssistant) -> None:
    """Close the issues of numbers that are disabled, now and when one will be.

    Core asks to unload only what is loaded, which a disabled number need not have been.
    """

    @callback
    def close(_change: ConfigEntryChange, entry: CeculaConfigEntry) -> None:
        if entry.domain == DOMAIN and entry.disabled_by is not None:
            async_close_all_issues(hass, entry)

    async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, close)
    for entry in hass.config_entries.async_entries(DOMAIN):
        close(ConfigEntryChange.UPDATED, entry)


@callback
def async_raise_action_taken(hass: HomeAssistant, owner: str, action: str) -> None:
    """Show that another integration has the notify action of a line or a subentry.

    `owner` is the id of either. It lasts as long as the action is wanted, and no more.
    """
    ir.async_create_issue(
        hass,
        DOMAIN,
        _action_issue_id(owner),
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="notify_action_taken",
        translation_placeholders={"action": action},
    )


@callback
def async_close_action_taken(hass: HomeAssistant, owner: str) -> None:
    """Take that issue away, if it is there."""
    ir.async_delete_issue(hass, DOMAIN, _action_issue_id(owner))


@callback
def async_open_issues(
    hass: HomeAssistant, entry: CeculaConfigEntry
) -> dict[Issue, Evidence | None]:
    """Return the issues of a number that are open, with their evidence."""
    registry = ir.async_get(hass)
    found = {
        issue: registry.async_get_issue(DOMAIN, _issue_id(entry, issue))
        for issue in Issue
    }
    return {
        issue: entry.data for issue, entry in found.items() if entry and entry.active
    }


def _severity(issue: Issue) -> ir.IssueSeverity:
    return ir.IssueSeverity.ERROR if issue in _BROKEN else ir.IssueSeverity.WARNING


def _action_issue_id(owner: str) -> str:
    return f"notify_action_taken_{owner}"


def _issue_id(entry: CeculaConfigEntry, issue: Issue) -> str:
    return f"{issue}_{entry.entry_id}"
