"""What every stop has at hand."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yarl import URL

from .errors import TourError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .house import House
    from .screen import Screen

INTEGRATION = "/config/integrations/integration/cecula_sync"
ADA = "Ada"
ADA_NUMBER = "+2348183172770"
GRACE = "Grace"
GRACE_NUMBER = "+447911123456"
FAMILY = "Family"
_PATIENCE = 15
_POLL_SECONDS = 0.1


@dataclass(frozen=True, kw_only=True)
class Tour:
    """The house outside and in, and a screen to look at it."""

    house: House
    screen: Screen

    async def line(self) -> str:
        """Return the dedicated number as the integration writes it."""
        number: str = (await self.house.phone.line())["msisdn"]
        return f"{number[:4]} {number[4:7]} {number[7:10]} {number[10:]}"

    async def key(self) -> str:
        """Return the number's API key."""
        key: str = (await self.house.phone.line())["api_key"]
        return key

    async def paste(self, address: str) -> None:
        """Give an address to the provider.

        The house has no public one: the path is what counts, as behind a proxy.
        """
        inside = URL(self.house.home.url).join(URL(address).relative())
        await self.house.phone.act("set_webhooks", url=str(inside))

    async def texted(self, number: str, text: str) -> None:
        """Wait until a phone has got a text."""

        async def has_got_it() -> bool:
            sent = (await self.house.phone.line())["sent"]
            return any(
                (each["recipient"], each["text"]) == (number, text) for each in sent
            )

        await until(has_got_it, f"{number} got no text {text!r}.")


async def until(is_true: Callable[[], Awaitable[bool]], complaint: str) -> None:
    """Wait until something is true; complain if it does not become so."""
    try:
        async with asyncio.timeout(_PATIENCE):
            while not await is_true():
                await asyncio.sleep(_POLL_SECONDS)
    except TimeoutError as err:
        raise TourError(complaint) from err
