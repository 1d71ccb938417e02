"""The disk of a house: it can take nothing or little, and it can be slow."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
import threading
from typing import Any

import pytest

from custom_components.cecula_sync import files


class Halt:
    """A halt of the disk, under way."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._reached = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def note(self) -> None:
        """Note, from another thread, that something is to be written."""
        self._loop.call_soon_threadsafe(self._reached.set)

    async def reached_by(self, work: asyncio.Task[Any]) -> None:
        """Wait until some work waits for the disk, or is done without it."""
        reached = asyncio.create_task(self._reached.wait())
        await asyncio.wait([reached, work], return_when=asyncio.FIRST_COMPLETED)
        reached.cancel()


class Disk:
    """The disk, for what is kept: it can take nothing or little, and it can be slow."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stand before the two functions that write."""
        self._refused: set[str] = set()
        self.tried = 0
        self._goes_on = threading.Event()
        self._goes_on.set()
        self._halt: Halt | None = None
        for name in ("append", "rewrite"):
            monkeypatch.setattr(files, name, self._before(name, getattr(files, name)))

    def _before(self, name: str, write: Any) -> Any:
        def write_or_not(*args: Any, **kwargs: Any) -> None:
            if (halt := self._halt) is not None:
                halt.note()
            assert self._goes_on.wait(20)
            self.tried += 1
            if name in self._refused:
                raise OSError
            write(*args, **kwargs)

        return write_or_not

    @contextmanager
    def broken(self) -> Iterator[None]:
        """Take nothing."""
        with self._refusing("append", "rewrite"):
            yield

    @contextmanager
    def cramped(self) -> Iterator[None]:
        """Take a line, but no whole file."""
        with self._refusing("rewrite"):
            yield

    @contextmanager
    def _refusing(self, *names: str) -> Iterator[None]:
        self._refused.update(names)
        try:
            yield
        finally:
            self._refused.difference_update(names)

    @contextmanager
    def halted(self) -> Iterator[Halt]:
        """Make whoever writes wait."""
        self._halt = Halt()
        self._goes_on.clear()
        try:
            yield self._halt
        finally:
            self._halt = None
            self._goes_on.set()
