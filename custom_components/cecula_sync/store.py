"""What lies on disk: maps of which each change is a line at the end of a file.

Home Assistant's `Store` writes everything anew at each save, some time later, and
swallows what goes wrong. What comes in must lie on disk before it is answered, at a
cost that does not grow with what is kept.
"""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CALLBACK_TYPE, HassJob, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, LOGGER
from .journal_file import DISK_ERRORS, REWRITE_PAUSE_SECONDS, JournalFile
from .lines import as_line, readable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from homeassistant.core import Event, HomeAssistant

# A line that nobody waits for goes to disk with the next one, or after this time.
_UNHURRIED_SECONDS: Final = 1.0
# What the disk did not take is tried again: soon, then ever more seldom.
_LONGEST_PAUSE_SECONDS: Final = 600.0
# How long whoever sends waits for a disk that hangs: an alarm must leave.
SEND_PATIENCE_SECONDS: Final = 2

# The newest journals by their names: one that is closed hands the lines that the
# disk did not take to the next.
_DATA_NEWEST: Final[HassKey[dict[str, Journal]]] = HassKey(f"{DOMAIN}_journals")


class JournalError(Exception):
    """The disk took no line, or gave none."""


class JournalTooNewError(JournalError):
    """The file was written by a newer version, and trying again does not help."""


class Journal:
    """A map from text to JSON values, kept in a private file.

    `data` is read freely and changed by `put` and `remove` only; a value is replaced,
    never altered. A change is on disk when `async_commit` returned.
    """

    def __init__(self, hass: HomeAssistant, name: str) -> None:
        """Take the name that tells the file from others of ours."""
        self._hass = hass
        self._name = name
        self._file = JournalFile(hass, _path(hass, name))
        self.data: dict[str, Any] = {}
        self._queued: list[str] = []
        self._must_sync = False
        self._is_closed = False
        self._pause = _UNHURRIED_SECONDS
        self._lock = asyncio.Lock()
        self._next_commit: asyncio.Task[JournalError | None] | None = None
        self._cancel_later: CALLBACK_TYPE | None = None
        self._cancel_final: CALLBACK_TYPE | None = None

    async def async_load(self) -> None:
        """Read the file, if there is one, and what an earlier journal could not write.

        Raises `JournalError`, for a file of a newer version `JournalTooNewError`.
        """
        try:
            kept = await self._file.async_read()
        except OSError as err:
            raise JournalError(type(err).__name__) from err
        if kept is None:
            reason = "written by a newer version"
            raise JournalTooNewError(reason)
        self._cancel_final = self._hass.bus.async_listen_once(
            EVENT_HOMEASSISTANT_FINAL_WRITE, self._async_final_write
        )
        newest = self._hass.data.setdefault(_DATA_NEWEST, {})
        left = earlier.leave() if (earlier := newest.get(self._name)) else []
        newest[self._name] = self
        kept.follow(left)
        self.data = kept.data
        self._file.must_rewrite |= bool(left)
        self._queued = left
        self._commit_later()

    def leave(self) -> list[str]:
        """Return the lines that the disk did not take before this was closed.

        Whoever opens the file anew writes them.
        """
        if not self._is_closed:
            return []
        left, self._queued = self._queued, []
        return left

    @callback
    def read[T](self, prefix: str, reader: Callable[[str, Any], T]) -> dict[str, T]:
        """Return what the values under a prefix are, by the rest of their keys.

        One that can't be read is taken away: a damaged line must not keep the others
        from being read, and a number from working.
        """
        found, damaged = readable(self.data, prefix, reader)
        for key in damaged:
            self.remove(key)
        if damaged:
            LOGGER.warning(
                "%s values of %s can't be read", len(damaged), self._file.path
            )
        return found

    @callback
    def put(self, key: str, value: Any) -> None:
        """Set a value; it goes to disk soon, or when it is committed."""
        self.data[key] = value
        self._queue([key, value])

    @callback
    def remove(self, key: str, *, shred: bool = False) -> None:
        """Take a value out, if it is there; with `shred`, also out of the file's past.

        Else its line stays in the file until that is written anew.
        """
        if key in self.data:
            del self.data[key]
            self._queue([key])
            self._file.must_rewrite |= shred

    def _queue(self, line: list[Any]) -> None:
        if self._is_closed:
            return
        if self._file.must_rewrite and not self._queued:
            self._disarm()  # a line does not wait as long as all that is to be shredded
        self._queued.append(as_line(line))
        self._commit_later()

    def _commit_later(self) -> None:
        """Have written what is to be, unless that is arranged already.

        All that is queued while Home Assistant stops is written at its end.
        """
        if self._is_closed or self._hass.is_stopping or self._cancel_later is not None:
            return
        if self._queued or self._file.must_rewrite:
            self._cancel_later = async_call_later(
                self._hass,
                self._pause if self._queued else REWRITE_PAUSE_SECONDS,
                HassJob(self._async_later, cancel_on_shutdown=True),
            )

    def _disarm(self) -> None:
        if self._cancel_later is not None:
            self._cancel_later()
            self._cancel_later = None

    async def _async_later(self, _now: datetime) -> None:
        self._cancel_later = None
        self._pause = min(2 * self._pause, _LONGEST_PAUSE_SECONDS)
        await self._async_try_to_commit()

    async def _async_final_write(self, _event: Event) -> None:
        self._cancel_final = None
        await self._async_try_to_commit()

    async def _async_try_to_commit(self) -> None:
        try:
            await self.async_commit()
        except JournalError as err:
            LOGGER.error("%s could not be written: %s", self._file.path, err)

    async def async_commit(
        self, *, sync: bool = False, patience: float | None = None
    ) -> None:
        """Return when all changes are in the file; with `sync`, through to the disk.

        A killed process loses nothing of it, a power cut only what was not synced.
        Goes on when its caller is cancelled, or waits no longer than `patience`
        seconds. Raises `JournalError`.
        """
        self._must_sync |= sync
        if self._next_commit is None or self._next_commit.done():
            # Not at once: what else comes in this step of the loop is written with it.
            self._next_commit = self._hass.async_create_task(
                self._async_commit(), f"{DOMAIN} commit", eager_start=False
            )
        try:
            async with asyncio.timeout(patience):
                error = await asyncio.shield(self._next_commit)
        except TimeoutError:
            error = JournalError("it takes too long")
        if error is not None:
            raise error

    async def _async_commit(self) -> JournalError | None:
        """Return what went wrong; asyncio would log an error that nobody waits for.

        One writes, and all who come meanwhile wait for the next one, together.
        """
        async with self._lock:
            self._next_commit = None
            sync, self._must_sync = self._must_sync, False
            is_done = not self._queued and not (sync and self._file.is_unsynced)
            if is_done and not self._file.must_rewrite:
                return None
            lines, self._queued = self._queued, []
            try:
                await self._file.async_write(lines, self.data, sync=sync)
            except DISK_ERRORS as err:
                self._file.is_unsynced = True
                self._queued = lines + self._queued
                self._commit_later()
                return JournalError(type(err.__cause__ or err).__name__)
            if self._pause > _UNHURRIED_SECONDS:
                self._pause = _UNHURRIED_SECONDS
                self._disarm()
            self._commit_later()
            return None

    async def async_close(self) -> None:
        """Write what is left, or leave it to the next journal of that name."""
        if self._is_closed and not self._queued:
            return
        self._is_closed = True
        self._disarm()
        if self._cancel_final is not None:
            self._cancel_final()
            self._cancel_final = None
        await self._async_try_to_commit()
        newest = self._hass.data.get(_DATA_NEWEST, {})
        if not self._queued and newest.get(self._name) is self:
            del newest[self._name]


async def async_delete_journals(hass: HomeAssistant, entry_id: str) -> None:
    """Delete all files of a dedicated number, and what was to be written there."""
    newest = hass.data.get(_DATA_NEWEST, {})
    for name in [each for each in newest if each.startswith(f"{entry_id}.")]:
        del newest[name]
    folder = Path(hass.config.path(STORAGE_DIR))

    def delete() -> None:
        for path in folder.glob(f"{DOMAIN}.{entry_id}.*"):
            path.unlink(missing_ok=True)

    await hass.async_add_executor_job(delete)


def _path(hass: HomeAssistant, name: str) -> str:
    return hass.config.path(STORAGE_DIR, f"{DOMAIN}.{name}")
