"""A new Home Assistant beside the simulator; nothing of ours is set up in it yet."""

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Self

from demo import owner
from demo.errors import DemoError
from demo.folder import ROOT, Folder
from demo.home import Home
from demo.phone import Phone
from demo.processes import Child, free_port, require_network

if TYPE_CHECKING:
    from pathlib import Path

_PATIENCE_AT_START = 180
PUBLIC_URL = "https://home.example.org"


class House:
    """One Home Assistant that its owner has moved into, and one provider."""

    token: str
    """Lets its owner in."""

    def __init__(self, path: Path) -> None:
        """Take where it lives; nothing is started yet."""
        self._path = path
        self._ports = free_port(), free_port()
        self._simulator = Child("The simulator", path / "simulator.log")
        self.process = Child("Home Assistant", path / "hass.log")
        self._exits = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start both, and move in."""
        try:
            await self._open()
        except BaseException:
            await self._exits.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop both."""
        await self._exits.aclose()

    async def _open(self) -> None:
        require_network()
        port, phone_port = self._ports
        folder = self._exits.enter_context(Folder(self._path))
        folder.furnish(port)
        self.home, self.phone = Home(port), Phone(phone_port)
        self._exits.push_async_callback(self._stop)
        await self._simulator.start(
            *("-m", "simulator", "--port", str(phone_port)),
            *("--switch", "sent_after=0.3", "--switch", "delivered_after=0.6"),
            folder=ROOT,
        )
        await self.process.start(
            *("-m", "homeassistant", "--log-no-color", "--config", str(self._path)),
            folder=self._path,
        )
        await self._simulator.until(self.phone.listens, within=_PATIENCE_AT_START)
        await self.process.until(self.home.listens, within=_PATIENCE_AT_START)
        try:
            await self._move_in()
        except DemoError as err:
            raise self.process.explained(err) from err

    async def _move_in(self) -> None:
        await owner.enter(self.home)
        await self.process.until(self.home.runs, within=_PATIENCE_AT_START)
        await owner.find_place(self.home)
        await self.home.command("config/core/update", external_url=PUBLIC_URL)
        self.token = await self.home.command(
            "auth/long_lived_access_token", client_name="tour", lifespan=1
        )

    async def _stop(self) -> None:
        await asyncio.gather(self.home.close(), self.phone.close())
        await asyncio.gather(self._simulator.stop(), self.process.stop())
