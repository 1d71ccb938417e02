"""The account behind a dedicated number: balance, subscription, SIM."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, override

from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .api.exceptions import (
    CeculaAuthenticationError,
    CeculaError,
    CeculaNotFoundError,
    CeculaRejectedError,
    CeculaUnreadableError,
)
from .const import DOMAIN, LOGGER
from .errors import describe

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from homeassistant.core import HomeAssistant

    from .api.client import CeculaSyncClient
    from .api.models import Subscription
    from .models import CeculaConfigEntry

# Sends pull the next look forward; else a balance changes by what callers cost.
_UPDATE_INTERVAL: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the provider told of the account; None is what it did not tell."""

    balance: float | None
    subscription: Subscription | None
    sim_status: str | None


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

    @override
    async def _async_update_data(self) -> Account:
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


async def async_read_account(client: CeculaSyncClient) -> Account:
    """Read all that is known of the account.

    A suspended service may refuse single reads, and how a SIM's state is told is
    not documented: those are None. Raises `CeculaError` for every other failure.
    """
    try:
        async with asyncio.TaskGroup() as group:
            balance = group.create_task(_unless(client.balance(), CeculaRejectedError))
            subscription = group.create_task(
                _unless(client.subscription(), CeculaRejectedError, CeculaNotFoundError)
            )
            sim_status = group.create_task(
                _unless(
                    client.sim_status(),
                    CeculaRejectedError,
                    CeculaNotFoundError,
                    CeculaUnreadableError,
                )
            )
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from failures
    return Account(
        balance=balance.result(),
        subscription=subscription.result(),
        sim_status=sim_status.result(),
    )


async def _unless[T](read: Awaitable[T], *refusals: type[CeculaError]) -> T | None:
    try:
        return await read
    except refusals as err:
        LOGGER.debug("The provider did not tell part of the account: %s", err)
        return None
