"""What the demo says while it works."""

import asyncio
from contextlib import asynccontextmanager, suppress
import itertools
import os
import sys
import time
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_FRAME_SECONDS = 0.1
_CLEAR = "\r\x1b[K"


class Progress:
    """Short lines; what takes time has a spinner, where somebody can see it."""

    def __init__(self, out: TextIO | None = None) -> None:
        """Speak to a stream; without one, to standard output."""
        self._out = out or sys.stdout
        self._live = self._out.isatty() and not os.environ.get("CI")

    def say(self, words: str = "") -> None:
        """Say one line."""
        self._write(f"{words}\n")

    @asynccontextmanager
    async def step(self, words: str) -> AsyncIterator[None]:
        """Say what is being done, and how long it took."""
        started = time.monotonic()
        if not self._live:
            self._write(f"{words} ...")
        spinner = asyncio.create_task(self._spin(words))
        done = False
        try:
            yield
            done = True
        finally:
            spinner.cancel()
            with suppress(asyncio.CancelledError):
                await spinner
            self._finish(words, time.monotonic() - started, done=done)

    def _finish(self, words: str, seconds: float, *, done: bool) -> None:
        ending = f"{seconds:.1f} s" if done else "not done"
        mark = "✓" if done else "✗"
        self._write(
            f"{_CLEAR}{mark} {words} ({ending})\n" if self._live else f" {ending}\n"
        )

    async def _spin(self, words: str) -> None:
        if not self._live:
            return
        for frame in itertools.cycle(_FRAMES):
            self._write(f"{_CLEAR}{frame} {words}")
            await asyncio.sleep(_FRAME_SECONDS)

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
