"""A Home Assistant to be killed and started again, beside a provider that goes on."""

import asyncio
from contextlib import AsyncExitStack, suppress
from pathlib import Path
import signal
import time
from typing import TYPE_CHECKING, Self

from demo import owner
from demo.checks.log import complaints
from demo.errors import DemoError
from demo.folder import ROOT, Folder
from demo.home import Home
from demo.line import have_line
from demo.phone import Phone
from demo.processes import Child, free_port, require_network

from .evidence import Run
from .notes import STARTED, Note, Notes

if TYPE_CHECKING:
    from collections.abc import Callable

_WITNESS = Path(__file__).with_name("witness")
_PATIENCE_AT_START = 180
# Short against the time that passes between telling an item and noting that it was.
_LOOK_SECONDS = 0.001
SENT_AFTER = 0.3
DELIVERED_AFTER = 0.5
_CONFIGURATION = """
automation: !include automations.yaml
witness:
logger:
  default: warning
  logs:
    custom_components.cecula_sync: debug
"""
_SIMULATOR = (
    *("--credit", "1000000"),
    *("--switch", f"sent_after={SENT_AFTER}"),
    *("--switch", f"delivered_after={DELIVERED_AFTER}"),
    # Long enough that a second or third try meets a house that is up again.
    *("--switch", "webhook_retry_delay=4"),
    *("--switch", "webhook_timeout=4"),
)


class House:
    """One Home Assistant and one provider, in a folder of their own."""

    home: Home
    phone: Phone
    token = ""
    """Lets its owner in, however often it is started."""

    def __init__(self, path: Path, *, automations: str = "[]") -> None:
        """Take where it lives and what it does by itself; nothing is started yet."""
        self.path = path
        self.notes = Notes(path / "witness.jsonl")
        self._automations = automations
        self._ports = free_port(), free_port()
        self._simulator = Child("The simulator", path / "simulator.log")
        self._process: Child | None = None
        self._starts = 0
        self._began = 0.0
        self._exits = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Set it up with one number and its first contact, and stop it again."""
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
        self._furnish(port)
        self.home, self.phone = Home(port), Phone(phone_port)
        self._exits.push_async_callback(self.phone.close)
        self._exits.push_async_callback(self._simulator.stop)
        where = ("--port", str(phone_port))
        await self._simulator.start("-m", "simulator", *where, *_SIMULATOR, folder=ROOT)
        await self._simulator.until(self.phone.listens, within=_PATIENCE_AT_START)
        self._exits.push_async_callback(self._stop_process)
        await self.start()
        try:
            await self._set_up()
        except DemoError as err:
            raise self.process.explained(err) from err
        finally:
            await self.home.close()
        await self.stop()

    def _furnish(self, port: int) -> None:
        Folder(self.path).furnish(port)
        (self.path / "configuration.yaml").write_text(_CONFIGURATION)
        (self.path / "automations.yaml").write_text(self._automations)
        link = self.path / "custom_components" / "witness"
        link.symlink_to(_WITNESS, target_is_directory=True)

    async def _set_up(self) -> None:
        await self.process.until(self.home.listens, within=_PATIENCE_AT_START)
        await owner.enter(self.home)
        await self.until_started()
        await owner.find_place(self.home)
        line = await have_line(self.home, self.phone, None)
        await self.phone.act("set_webhooks", url=line.webhook_url)
        self.token = await self.home.command(
            "auth/long_lived_access_token", client_name="trials", lifespan=1
        )

    @property
    def process(self) -> Child:
        """Return the Home Assistant that was started last."""
        if self._process is None:
            message = "Home Assistant was not started."
            raise DemoError(message)
        return self._process

    async def start(self) -> None:
        """Start Home Assistant; each start has a log of its own."""
        self._starts += 1
        log = self.path / "logs" / f"{self._starts:03}.log"
        self._process = Child("Home Assistant", log)
        self._began = time.time()
        await self._process.start(
            *("-m", "homeassistant", "--log-no-color"),
            *("--config", str(self.path)),
            folder=self.path,
        )

    async def until_started(self) -> None:
        """Wait until it has started altogether."""

        async def has_started() -> bool:
            return self._started() is not None

        await self.process.until(has_started, within=_PATIENCE_AT_START)

    async def until_noted(
        self, wanted: Callable[[Note], bool], *, within: float
    ) -> bool:
        """Wait for a note from now on, and act on it at once; tell whether it came."""
        seen = len(self.notes.read())
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while not any(map(wanted, self.notes.read()[seen:])):
                    await asyncio.sleep(_LOOK_SECONDS)
                return True
        return False

    async def kill(self) -> Run:
        """Kill Home Assistant, and all that it started."""
        ending = time.time()
        self.process.kill()
        code = await self.process.wait()
        if code != -signal.SIGKILL:
            raise self.process.ended(code)
        return self._run(ending)

    async def stop(self) -> Run:
        """Let Home Assistant end in order."""
        ending = time.time()
        await self.process.stop()
        return self._run(ending)

    def complaints(self) -> list[str]:
        """Return what the integration did wrong, by the logs of all starts."""
        logs = sorted((self.path / "logs").iterdir())
        return [
            complaint
            for log in logs
            for complaint in complaints(log.read_text("utf-8", errors="replace"))
        ]

    def _run(self, ending: float) -> Run:
        return Run(
            began=self._began,
            started=self._started(),
            ending=ending,
            ended=time.time(),
        )

    def _started(self) -> float | None:
        for note in reversed(self.notes.read()):
            if note.at < self._began:
                break
            if note.kind == STARTED:
                return note.at
        return None

    async def _stop_process(self) -> None:
        await self.process.stop()
