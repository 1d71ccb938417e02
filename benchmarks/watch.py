"""What a run costs its process: how long the loop was held, and memory."""

import asyncio
from dataclasses import dataclass
import gc
from pathlib import Path
import resource
import time
from typing import TYPE_CHECKING, Any, Self
from unittest.mock import patch

if TYPE_CHECKING:
    from types import TracebackType

_PAGE = resource.getpagesize()
_MS = 1000


@dataclass(frozen=True, kw_only=True)
class Hold:
    """What held the event loop longest, in milliseconds."""

    cpu: float = 0
    """Of the processor: other work on the machine does not count."""
    wall: float = 0
    what: str = ""


class LoopWatch:
    """Measures every callback and every step of a task while it is entered.

    A pause of the garbage collector is left out: it falls where it falls, and is as
    long as all of Home Assistant is large.
    """

    def __init__(self) -> None:
        """Start with nothing measured."""
        self.longest = Hold()
        self._is_on = False
        self._collected = 0.0
        self._collecting = 0.0

    def __enter__(self) -> Self:
        """Begin; the garbage of what came before is not counted."""
        gc.collect()
        run = asyncio.Handle._run

        def measured(handle: asyncio.Handle) -> None:
            cpu = time.thread_time() - self._collected
            wall = time.perf_counter()
            run(handle)
            cpu = time.thread_time() - self._collected - cpu
            wall = time.perf_counter() - wall
            # The step in which the watch ends goes on after it, and is not counted.
            if self._is_on and cpu * _MS > self.longest.cpu:
                what = _name_of(handle)
                self.longest = Hold(cpu=cpu * _MS, wall=wall * _MS, what=what)

        self._patch = patch.object(asyncio.Handle, "_run", measured)
        self._patch.start()
        gc.callbacks.append(self._collect)
        self._is_on = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Measure no more."""
        self._is_on = False
        gc.callbacks.remove(self._collect)
        self._patch.stop()

    def _collect(self, phase: str, _info: dict[str, Any]) -> None:
        if phase == "start":
            self._collecting = time.thread_time()
        else:
            self._collected += time.thread_time() - self._collecting


def _name_of(handle: asyncio.Handle) -> str:
    """Return what a handle ran: of a task, the coroutine."""
    owner = getattr(handle._callback, "__self__", None)  # type: ignore[attr-defined]
    if isinstance(owner, asyncio.Task):
        return str(getattr(owner.get_coro(), "__qualname__", owner))
    return repr(handle)


def memory() -> float:
    """Return what the process holds in memory, in MB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * _PAGE / 1e6
