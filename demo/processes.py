"""The two processes that the demo starts, and the ports that they need."""

import asyncio
from contextlib import suppress
import errno
import os
from pathlib import Path
import signal
import socket
import sys
from typing import TYPE_CHECKING

from .errors import DemoError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

HOST = "127.0.0.1"
_TETHER = Path(__file__).with_name("tether.py")
# Home Assistant writes its stores and closes its database when it stops.
_PATIENCE_AT_STOP = 30
_POLL_SECONDS = 0.1


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def require_free(port: int, owner: str, option: str) -> None:
    """Raise `DemoError` where a port can't be had."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as err:
            why = (
                "is in use by another program"
                if err.errno == errno.EADDRINUSE
                else f"can't be used ({err.strerror})"
            )
            message = (
                f"Port {port}, which {owner} needs, {why}. Stop that program, "
                f"or choose another port: scripts/demo {option} {port + 1}"
            )
            raise DemoError(message) from err


def require_network() -> None:
    """Raise `DemoError` on a machine that has nothing but loopback.

    Home Assistant joins this group, of multicast DNS, before it asks anybody
    anything, and can't go on where there is no interface to join it on.
    """
    group = socket.inet_aton("224.0.0.251") + socket.inet_aton("0.0.0.0")  # noqa: S104
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        try:
            probe.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
        except OSError as err:
            if err.errno == errno.ENODEV:
                message = (
                    "This machine is in no network at all, and Home Assistant does not "
                    "work without one. Join any network; the internet is not needed."
                )
                raise DemoError(message) from err


class Child:
    """A process that does not outlive the demo; it speaks to a file."""

    def __init__(self, name: str, log: Path) -> None:
        """Name a process that is not started yet."""
        self.name = name
        self.log = log
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, *arguments: str, folder: Path) -> None:
        """Start a Python program in a folder."""
        environment = dict(os.environ)
        # Home Assistant imports for eight seconds, not three, without its cache,
        # which lies in the project's own environment.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        # Python tells of what is deprecated only where it is asked to.
        environment["PYTHONWARNINGS"] = "default"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                str(_TETHER),
                str(os.getpid()),
                sys.executable,
                *arguments,
                cwd=folder,
                env=environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
            )

    async def wait(self) -> int:
        """Wait for its end; return its exit code."""
        if self._process is None:
            message = f"{self.name} was not started."
            raise DemoError(message)
        return await self._process.wait()

    async def until(
        self, ready: Callable[[], Awaitable[bool]], *, within: float
    ) -> None:
        """Wait until it is ready; raise `DemoError` if it ends or takes too long."""
        try:
            async with asyncio.timeout(within):
                while not await ready():
                    self._require_alive()
                    await asyncio.sleep(_POLL_SECONDS)
        except TimeoutError as err:
            message = (
                f"{self.name} was not ready after {within:.0f} seconds. "
                "Is the machine very busy? Try again."
            )
            raise self.explained(DemoError(message)) from err

    def ended(self, code: int) -> DemoError:
        """Return what to tell of an end that nobody asked for."""
        return self.explained(
            DemoError(f"{self.name} stopped by itself (exit code {code}).")
        )

    def explained(self, err: DemoError) -> DemoError:
        """Return an error with what the process said of it."""
        return DemoError(
            f"{err}\n\n{self.name}'s last words, from {self.log}:\n{self.last_words()}"
        )

    def _require_alive(self) -> None:
        code = self._process.returncode if self._process else None
        if code is not None:
            raise self.ended(code)

    async def stop(self) -> None:
        """End it: ask, wait, and if need be make it."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            self._process.terminate()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE_AT_STOP):
                    await self._process.wait()
        finally:
            self.kill()
            self._process = None

    def kill(self) -> None:
        """End it, and all that it started, at once."""
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def words(self) -> str:
        """Return all that it said."""
        with suppress(FileNotFoundError):
            return self.log.read_text(encoding="utf-8", errors="replace")
        return ""

    def last_words(self, lines: int = 20) -> str:
        """Return the end of what it said."""
        return "\n".join(self.words().splitlines()[-lines:]) or "(none)"
