"""The file of one journal: lines are put at its end, until it is written anew."""

from functools import partial
import time
from typing import TYPE_CHECKING, Any, Final

from homeassistant.util.file import WriteError

from . import files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from homeassistant.core import HomeAssistant

    from .lines import Kept

# What went wrong with a disk; `WriteError` hides an `OSError` as its cause.
DISK_ERRORS: Final = (OSError, WriteError)

# How long a disk that had no room for all is not asked again to take all.
REWRITE_PAUSE_SECONDS: Final = 60
# So many lines more than are of use, and the file is written anew.
_SLACK: Final = 256


class JournalFile:
    """A file, and what is known of it. `must_rewrite`: some of it is to be shredded.

    `is_unsynced`: a power cut may take away what was written last.
    """

    def __init__(self, hass: HomeAssistant, path: str) -> None:
        """Take where it lies; it is still to be read."""
        self._hass = hass
        self.path = path
        self.must_rewrite = False
        self.is_unsynced = False
        self._lines = 0
        self._rewrite_at = 0.0
        # Whether the file ends where another line may follow.
        self._takes_lines = False

    async def async_read(self) -> Kept | None:
        """Read it; return None if a newer version wrote it. Raises `OSError`."""
        kept = await self._hass.async_add_executor_job(files.read, self.path)
        if kept is not None:
            self._lines = kept.lines
            self._takes_lines = kept.is_whole
            # What is of no use any more may be what was to be shredded.
            is_needless = kept.lines > len(kept.data)
            self.must_rewrite = bool(kept.unreadable) or is_needless
        return kept

    async def async_write(
        self, lines: Sequence[str], data: Mapping[str, Any], *, sync: bool
    ) -> None:
        """Write what is new, or all `data` anew where much of the file is of no use.

        A disk that has no room for all may have some for a line. Raises `DISK_ERRORS`.
        """
        self._lines += len(lines)
        is_due = self.must_rewrite or self._lines > 2 * len(data) + _SLACK
        is_time = time.monotonic() >= self._rewrite_at
        if not self._takes_lines or (is_due and is_time):
            try:
                return await self._async_rewrite(list(data.items()))
            except DISK_ERRORS:
                if not self._takes_lines:
                    raise
        if lines or sync:
            await self._async_append(lines, sync=sync)
        return None

    async def _async_rewrite(self, items: list[tuple[str, Any]]) -> None:
        self.must_rewrite = False
        try:
            await self._hass.async_add_executor_job(files.rewrite, self.path, items)
        except DISK_ERRORS:
            self.must_rewrite = True
            self._rewrite_at = time.monotonic() + REWRITE_PAUSE_SECONDS
            raise
        self._takes_lines = True
        self.is_unsynced = False
        self._lines = len(items)

    async def _async_append(self, lines: Sequence[str], *, sync: bool) -> None:
        # Where it fails, half a line may be there, and another must not follow it.
        self._takes_lines = False
        self.is_unsynced = not sync
        append = partial(files.append, self.path, lines, sync=sync)
        await self._hass.async_add_executor_job(append)
        self._takes_lines = True
