"""What helps to find a fault and gives nobody away.

Only what is named here is told: counts, states, versions, times, yes and no. Nothing is
copied from what was entered, sent or received, so that nothing need be taken out again.
"""

from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_VERIFY_SSL, __version__ as home_assistant_version
from homeassistant.loader import async_get_integration
import phonenumbers

from .api.client import CLOUD_URL
from .api.numbers import region_of
from .const import (
    CONF_ALLOW_COMMANDS,
    CONF_BASE_URL,
    CONF_COUNTRY,
    CONF_INBOUND,
    CONF_KEEP_MESSAGES,
    CONF_LISTENING_SINCE,
    CONF_LOW_BALANCE,
    CONF_MAX_PER_DAY,
    CONF_MAX_PER_HOUR,
    CONF_NUMBER,
    CONF_SHOWN_ADDRESS,
    DOMAIN,
    SUBENTRY_TYPE_CONTACT,
    SUBENTRY_TYPE_GROUP,
    Kind,
)
from .issues import async_open_issues
from .posts import PostKind
from .webhook import DATA_WEBHOOKS

if TYPE_CHECKING:
    from datetime import datetime

    from homeassistant.core import HomeAssistant

    from .coordinator import AccountCoordinator
    from .models import CeculaConfigEntry, CeculaRuntimeData

_OPTIONS: Final = (
    CONF_INBOUND,
    CONF_COUNTRY,
    CONF_KEEP_MESSAGES,
    CONF_LOW_BALANCE,
    CONF_MAX_PER_HOUR,
    CONF_MAX_PER_DAY,
)


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: CeculaConfigEntry
) -> dict[str, Any]:
    """Return what is so with a dedicated number; `line` only while it is loaded."""
    is_loaded = entry.state is ConfigEntryState.LOADED
    return {
        "versions": await _async_versions(hass),
        "entry": _entry(entry),
        "options": {name: entry.options.get(name) for name in _OPTIONS},
        "webhook": _webhook(hass, entry),
        "open_issues": sorted(async_open_issues(hass, entry)),
        "line": _line(entry.runtime_data) if is_loaded else None,
    }


async def _async_versions(hass: HomeAssistant) -> dict[str, str]:
    integration = await async_get_integration(hass, DOMAIN)
    return {
        "home_assistant": home_assistant_version,
        "cecula_sync": str(integration.version),
        "phonenumberslite": phonenumbers.__version__,
    }


def _entry(entry: CeculaConfigEntry) -> dict[str, Any]:
    """Tell of an entry; one that can't be migrated may lack anything."""
    number = entry.data.get(CONF_NUMBER)
    contacts = list(entry.get_subentries_of_type(SUBENTRY_TYPE_CONTACT))
    return {
        "state": entry.state.value,
        "reason": entry.error_reason_translation_key,
        "disabled": entry.disabled_by is not None,
        "server": "cloud" if entry.data.get(CONF_BASE_URL) == CLOUD_URL else "own",
        "verify_ssl": entry.data.get(CONF_VERIFY_SSL),
        "region": region_of(number) if isinstance(number, str) else None,
        "listening_since": entry.data.get(CONF_LISTENING_SINCE),
        "contacts": len(contacts),
        "may_give_commands": sum(
            bool(contact.data.get(CONF_ALLOW_COMMANDS)) for contact in contacts
        ),
        "groups": len(list(entry.get_subentries_of_type(SUBENTRY_TYPE_GROUP))),
    }


def _webhook(hass: HomeAssistant, entry: CeculaConfigEntry) -> dict[str, Any]:
    """Tell of the webhook, which listens whether or not the number is loaded."""
    webhook = hass.data.get(DATA_WEBHOOKS, {}).get(entry.entry_id)
    last_posts = webhook.last_posts if webhook is not None else {}
    return {
        "registered": webhook is not None,
        "address_shown": CONF_SHOWN_ADDRESS in entry.data,
        "last_posts": {kind.value: _iso(last_posts.get(kind)) for kind in PostKind},
    }


def _line(runtime: CeculaRuntimeData) -> dict[str, Any]:
    catch_up, tracked = runtime.catch_up, runtime.tracked
    looks = catch_up.last_good_looks
    return {
        "address": runtime.address.kind,
        "account": _account(runtime.coordinator),
        "catch_up": {
            "has_baseline": not catch_up.needs_baseline,
            "failures_in_a_row": catch_up.failures,
            "last_good_looks": {kind.value: _iso(looks.get(kind)) for kind in Kind},
        },
        "delivery": {
            "tracked": len(tracked),
            "open": len(tracked.open_keys()),
            "totals": dict(tracked.totals),
        },
        "history": len(runtime.history),
        "ledger": runtime.inbox.remembered,
        "guard": {f"{hours} h": spent for hours, spent in runtime.guard.spent.items()},
    }


def _account(coordinator: AccountCoordinator) -> dict[str, Any]:
    account = coordinator.data
    subscription = account.subscription
    return {
        "last_read_went_well": coordinator.last_update_success,
        "told": {
            "balance": account.balance is not None,
            "subscription": subscription is not None,
            "plan": bool(subscription and subscription.plan),
            "expiry": bool(subscription and subscription.expires_at),
            "sim_status": account.sim_status is not None,
        },
        "refusals": sorted(account.refusals),
        "subscription": account.subscription_state,
        "sim": account.sim_state,
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
