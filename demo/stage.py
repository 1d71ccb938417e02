"""Puts the two processes up, and takes them down on every way out."""

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, NoReturn, Self

from . import owner, scenery
from .errors import DemoError
from .folder import ROOT, Folder, Note
from .home import Home
from .line import Line, have_line, have_people
from .phone import Phone
from .processes import Child, require_free, require_network

if TYPE_CHECKING:
    from pathlib import Path

    from .progress import Progress

# A machine that compiles Home Assistant's modules for the first time is slow.
_PATIENCE_AT_START = 180
_RESTART = 100


class Stage:
    """The simulator and Home Assistant, side by side, set up in a folder."""

    home: Home
    phone: Phone
    line: Line
    entities: scenery.Entities

    def __init__(
        self, path: Path, progress: Progress, *, port: int, phone_port: int
    ) -> None:
        """Take where the demo lives; nothing is started yet."""
        self.path = path
        self.progress = progress
        self._ports = (port, phone_port)
        self._phone_process = Child("The simulator", path / "simulator.log")
        self.home_process = Child("Home Assistant", path / "hass.log")
        self._exits = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start both, and set up what is missing."""
        try:
            await self._open()
        except BaseException:
            await self._exits.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop both."""
        await self._exits.aclose()

    def kill(self) -> None:
        """Stop both at once."""
        for child in (self._phone_process, self.home_process):
            child.kill()

    async def run(self) -> NoReturn:
        """Go on until something ends; Home Assistant may be restarted by its user."""
        ends = {
            asyncio.create_task(child.wait()): child
            for child in (self._phone_process, self.home_process)
        }
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
        ended = next(end for end in ends if end.done() and not end.cancelled())
        if ends[ended] is not self.home_process or ended.result() != _RESTART:
            raise ends[ended].ended(ended.result())
        async with self.progress.step("Restarting Home Assistant"):
            await self._start_home()
        await self.run()

    async def _open(self) -> None:
        port, phone_port = self._ports
        if port == phone_port:
            message = f"Home Assistant and the simulator can't share port {port}."
            raise DemoError(message)
        folder = self._exits.enter_context(Folder(self.path))
        require_free(port, "Home Assistant", "--port")
        require_free(phone_port, "the simulator", "--phone-port")
        require_network()
        folder.furnish(port)
        self.home, self.phone = Home(port), Phone(phone_port)
        self._exits.push_async_callback(self._stop)
        async with self.progress.step("Starting the simulator and Home Assistant"):
            # Home Assistant looks for the provider as soon as it is up.
            await self._start_phone()
            await self._start_home()
        async with self.progress.step("Setting up the house"):
            try:
                await self._furnish(folder)
            except DemoError as err:
                raise self.home_process.explained(err) from err

    async def _furnish(self, folder: Folder) -> None:
        """Set up what is missing, and make the two know each other."""
        port, phone_port = self._ports
        await owner.enter(self.home)
        await self.home_process.until(self.home.runs, within=_PATIENCE_AT_START)
        await owner.find_place(self.home)
        note = folder.read_note()
        self.line = await have_line(self.home, self.phone, note)
        folder.write_note(
            Note(
                port=port,
                phone_port=phone_port,
                entry_id=self.line.entry_id,
                webhook_url=self.line.webhook_url,
            )
        )
        await self.phone.act("set_webhooks", url=self.line.webhook_url)
        await have_people(self.home, self.line)
        self.entities = await scenery.find_entities(self.home, self.line)
        anew = note is None or note.entry_id != self.line.entry_id
        self.entities |= await scenery.put_up(
            self.home, self.phone, self.entities, anew=anew
        )

    async def _start_phone(self) -> None:
        await self._phone_process.start(
            "-m",
            "simulator",
            "--port",
            str(self._ports[1]),
            "--state",
            str(self.path / "simulator.json"),
            folder=ROOT,
        )
        await self._phone_process.until(self.phone.listens, within=_PATIENCE_AT_START)

    async def _start_home(self) -> None:
        await self.home_process.start(
            "-m",
            "homeassistant",
            "--config",
            str(self.path),
            "--log-no-color",
            folder=self.path,
        )
        await self.home_process.until(self.home.listens, within=_PATIENCE_AT_START)

    async def _stop(self) -> None:
        async with self.progress.step("Stopping"):
            await asyncio.gather(self.home.close(), self.phone.close())
            await asyncio.gather(self._phone_process.stop(), self.home_process.stop())
