"""The files of journals. A disk is slow: all of this is for a thread of its own.

Raises `OSError`, and `rewrite` what Home Assistant's helper raises, `WriteError`.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeassistant.util.file import write_utf8_file_atomic

from .const import LOGGER
from .lines import Kept, as_text, kept_in

if TYPE_CHECKING:
    from collections.abc import Iterable


def read(path: str) -> Kept | None:
    """Read a file; return None if a newer version wrote it."""
    try:
        text = Path(path).read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return Kept()
    kept = kept_in(text)
    if kept is not None and kept.unreadable:
        LOGGER.warning("%s lines of %s can't be read", kept.unreadable, path)
    return kept


def append(path: str, lines: Iterable[str], *, sync: bool) -> None:
    """Put lines at a file's end; with `sync`, through to the disk."""
    text = "".join(f"{line}\n" for line in lines)
    file = os.open(path, os.O_WRONLY | os.O_APPEND)
    try:
        _write_all(file, text.encode())
        if sync:
            os.fsync(file)
    finally:
        os.close(file)


def _write_all(file: int, content: bytes) -> None:
    while content:
        content = content[os.write(file, content) :]


def rewrite(path: str, items: list[tuple[str, Any]]) -> None:
    """Write a file anew, which is there whole or as it was."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    write_utf8_file_atomic(path, as_text(items), private=True)
