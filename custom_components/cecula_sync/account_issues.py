"""Repair issues of the account behind a number: subscription, SIM, credit.

They are raised from what is read of the account and from what a send is refused with,
and go away when either says better.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .api.exceptions import CeculaRejectedError, SyncError
from .const import CONF_LOW_BALANCE
from .issues import (
    Evidence,
    Issue,
    async_close_issue,
    async_open_issues,
    async_raise_issue,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from homeassistant.core import HomeAssistant

    from .api.exceptions import CeculaError
    from .api.models import Subscription
    from .coordinator import Account
    from .models import CeculaConfigEntry

# How long before its end a subscription is told of.
_NOTICE: Final = timedelta(days=7)

# What a code of the provider says of the account, whatever was asked.
MEANINGS: Final[dict[str, Issue]] = {
    SyncError.LOW_CREDIT: Issue.CREDIT_TOO_LOW,
    SyncError.SUSPENDED: Issue.SUBSCRIPTION_INACTIVE,
    SyncError.BARRED: Issue.SIM_BARRED,
    SyncError.NO_CREDIT: Issue.CREDIT_TOO_LOW,
}
_ISSUES: Final = (
    *sorted(set(MEANINGS.values())),
    Issue.SUBSCRIPTION_EXPIRES_SOON,
    Issue.LOW_BALANCE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an account; None is what was never told.

    `refused` is what refusals stand for, of sends and of reads.
    """

    balance: float | None
    subscription: Subscription | None
    refused: frozenset[Issue]


def issues_of(
    facts: Facts, low_balance: float, now: datetime
) -> dict[Issue, dict[str, str]]:
    """Tell which issues an account has, each with what its text names.

    Of two that are about the same, only the worse is told.
    """
    found: dict[Issue, dict[str, str]] = {issue: {} for issue in facts.refused}
    subscription, balance = facts.subscription, facts.balance
    if subscription is not None and subscription.inactive:
        found[Issue.SUBSCRIPTION_INACTIVE] = {}
    if (
        Issue.SUBSCRIPTION_INACTIVE not in found
        and subscription is not None
        and subscription.expires_at is not None
        and subscription.expires_at - now <= _NOTICE
    ):
        date = dt_util.as_local(subscription.expires_at).date()
        found[Issue.SUBSCRIPTION_EXPIRES_SOON] = {"date": date.isoformat()}
    if (
        Issue.CREDIT_TOO_LOW not in found
        and low_balance
        and balance is not None
        and balance < low_balance
    ):
        found[Issue.LOW_BALANCE] = {
            "balance": f"{balance:.1f}",
            "limit": f"{low_balance:.0f}",
        }
    return found


class AccountIssues:
    """Shows the issues of one account.

    That a send was refused is remembered by its issue, with what was known then: so it
    outlives a reload and a restart, which prove nothing.
    """

    def __init__(self, hass: HomeAssistant, entry: CeculaConfigEntry) -> None:
        """Take whose account it is."""
        self._hass = hass
        self._entry = entry
        self._balance: float | None = None
        self._subscription: Subscription | None = None
        self._refused_reads: frozenset[str] = frozenset()

    @callback
    def async_account_read(self, account: Account) -> None:
        """Take what a read told; what it left out is as it was."""
        if account.balance is not None:
            self._balance = account.balance
        if account.subscription is not None:
            self._subscription = account.subscription
        self._refused_reads = account.refusals
        self._show(
            {
                issue: still
                for issue, evidence in self._refused_sends().items()
                if (still := self._outlasting(issue, evidence)) is not None
            }
        )

    @callback
    def async_refused(self, err: CeculaError) -> None:
        """Take what a send was refused with."""
        code = err.code if isinstance(err, CeculaRejectedError) else ""
        if (issue := MEANINGS.get(code)) is not None:
            self._show({**self._refused_sends(), issue: self._evidence(issue)})

    @callback
    def async_accepted(self) -> None:
        """Note that a send was accepted, which refutes all earlier refusals."""
        if self._refused_sends():
            self._show({})

    @callback
    def async_apply_options(self) -> None:
        """Look again at what the user wants to be told of."""
        self._show(self._refused_sends())

    def _refused_sends(self) -> dict[Issue, Evidence]:
        opened = async_open_issues(self._hass, self._entry)
        return {
            issue: evidence
            for issue, evidence in opened.items()
            if issue in _ISSUES and evidence is not None
        }

    def _evidence(self, issue: Issue) -> Evidence:
        """Return what is known now and would be other if the issue were solved."""
        if issue is Issue.CREDIT_TOO_LOW:
            return {"balance": self._balance}
        if issue is Issue.SUBSCRIPTION_INACTIVE and self._subscription is not None:
            it = self._subscription
            return {"active": it.active, "expires_at": str(it.expires_at)}
        return {}

    def _outlasting(self, issue: Issue, evidence: Evidence) -> Evidence | None:
        """Return the evidence of a refusal after a read; None if it is refuted.

        A balance is followed down, so that the next rise is seen; a subscription that
        is told as anything but active refutes nothing.
        """
        now = self._evidence(issue)
        if issue is Issue.CREDIT_TOO_LOW:
            return None if _has_risen(evidence, now) else now
        if not now.get("active", True):
            return now
        return evidence if evidence == now else None

    def _show(self, refused_sends: Mapping[Issue, Evidence]) -> None:
        """Raise what is so, and close what is not: the only place that does."""
        entry = self._hass.config_entries.async_get_entry(self._entry.entry_id)
        if entry is None or entry.disabled_by is not None:
            return  # a late answer to a send
        refused = {MEANINGS[code] for code in self._refused_reads & MEANINGS.keys()}
        facts = Facts(
            balance=self._balance,
            subscription=self._subscription,
            refused=frozenset(refused | refused_sends.keys()),
        )
        low_balance = entry.options.get(CONF_LOW_BALANCE, 0)
        found = issues_of(facts, low_balance, dt_util.utcnow())
        for issue in _ISSUES:
            if issue in found:
                evidence = refused_sends.get(issue)
                async_raise_issue(self._hass, entry, issue, evidence, **found[issue])
            else:
                async_close_issue(self._hass, entry, issue)


def _has_risen(before: Evidence, now: Evidence) -> bool:
    match before, now:
        case {"balance": int() | float() as low}, {"balance": int() | float() as high}:
            return high > low
    return False
