"""The account behind a dedicated number: balance, subscription, SIM."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, override

from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .account_issues import AccountIssues
from .api.exceptions import (
    CeculaAuthenticationError,
    CeculaError,
    CeculaNotFoundError,
    CeculaRejectedError,
    CeculaUnreadableError,
)
from .const import DOMAIN, LOGGER
from .errors import as_error_of_change, describe, start_reauth_if_refused

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from homeassistant.core import HomeAssistant

    from .api.client import CeculaSyncClient
    from .api.models import Subscription
    from .models import CeculaConfigEntry

# Sends pull the next look forward; else a balance changes by what callers cost.
_UPDATE_INTERVAL: Final = timedelta(minutes=30)

# The states that have a name; the provider has others, which nobody lists.
SUBSCRIPTION_STATES: Final = ("active", "inactive")
SIM_STATES: Final = ("ready", "sending_sms", "in_call")
OTHER: Final = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the provider told of the account; None is what it did not tell.

    `refusals` are the codes with which it refused to tell.
    """

    balance: float | None
    subscription: Subscription | None
    sim_status: str | None
    refusals: frozenset[str]

    @property
    def subscription_state(self) -> str | None:
        """Return the subscription's state by its name."""
        told = self.subscription.status if self.subscription else None
        return _named(told, SUBSCRIPTION_STATES)

    @property
    def sim_state(self) -> str | None:
        """Return the SIM's state by its name."""
        return _named(self.sim_status, SIM_STATES)


def _named(told: str | None, states: tuple[str, ...]) -> str | None:
    if told is None:
        return None
    state = told.replace(" ", "_")
    return state if state in states else OTHER


class AccountCoordinator(DataUpdateCoordinator[Account]):
    """Polls the account, all reads at once."""

    config_entry: CeculaConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: CeculaConfigEntry, client: CeculaSyncClient
    ) -> None:
        """Take the client of the dedicated number."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"{DOMAIN} account",
            update_interval=_UPDATE_INTERVAL,
            always_update=False,
        )
        self._client = client
        self.issues = AccountIssues(hass, entry)

    @override
    async def _async_update_data(self) -> Account:
        """Read the account, and show what is wrong with it.

        That a subscription soon ends is news without a change of what is told.
        """
        account = await self._async_read()
        self.issues.async_account_read(account)
        return account

    async def _async_read(self) -> Account:
        try:
            return await async_read_account(self._client)
        except CeculaAuthenticationError as err:
            raise ConfigEntryAuthFailed(
                translation_domain=DOMAIN, translation_key="invalid_key"
            ) from err
        except CeculaError as err:
            key, placeholders = describe(err)
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key=key,
                translation_placeholders=placeholders,
            ) from err

    async def async_refresh_sim(self) -> None:
        """Free a SIM whose messages are frozen, then look what is so.

        Raises `HomeAssistantError`.
        """
        await self._async_do(self._client.refresh_sim())
        await self.async_refresh()

    async def async_set_auto_reply(self, text: str, *, to_calls: bool) -> None:
        """Set what the provider answers by itself; an empty text ends that.

        Raises `HomeAssistantError`.
        """
        if to_calls:
            await self._async_do(self._client.set_call_auto_response(text))
        else:
            await self._async_do(self._client.set_sms_auto_response(text))

    async def _async_do(self, change: Awaitable[None]) -> None:
        """Do something at the provider, once, however it ends."""
        try:
            await change
        except CeculaError as err:
            start_reauth_if_refused(self.hass, self.config_entry, err)
            raise as_error_of_change(err) from err


async def async_read_account(client: CeculaSyncClient) -> Account:
    """Read all that is known of the account.

    A suspended service may refuse single reads, and how a SIM's state is told is
    not documented: those are None. Raises `CeculaError` for every other failure.
    """
    reads = _Reads()
    async with asyncio.TaskGroup() as group:
        balance = group.create_task(reads.take(client.balance(), CeculaRejectedError))
        subscription = group.create_task(
            reads.take(client.subscription(), CeculaRejectedError, CeculaNotFoundError)
        )
        sim_status = group.create_task(
            reads.take(
                client.sim_status(),
                CeculaRejectedError,
                CeculaNotFoundError,
                CeculaUnreadableError,
            )
        )
    reads.raise_failure()
    return Account(
        balance=balance.result(),
        subscription=subscription.result(),
        sim_status=sim_status.result(),
        refusals=frozenset(reads.codes),
    )


class _Reads:
    """Reads of an account that go on side by side, whatever becomes of the others."""

    def __init__(self) -> None:
        """Start with none."""
        self.codes: set[str] = set()
        self._failures: list[CeculaError] = []

    async def take[T](
        self, read: Awaitable[T], *refusals: type[CeculaError]
    ) -> T | None:
        """Return what is read, or None; note the code of a refusal, and a failure."""
        try:
            return await read
        except refusals as err:
            if isinstance(err, CeculaRejectedError):
                self.codes.add(err.code)
            LOGGER.debug("The provider did not tell part of the account: %s", err)
        except CeculaError as err:
            self._failures.append(err)
        return None

    def raise_failure(self) -> None:
        """Raise the first failure; a refused key comes first, for it needs the user."""
        if self._failures:
            raise next(
                (
                    err
                    for err in self._failures
                    if isinstance(err, CeculaAuthenticationError)
                ),
                self._failures[0],
            )
