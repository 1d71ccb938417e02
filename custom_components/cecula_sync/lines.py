"""How what lies on disk is written as lines, and read again; pure."""

from dataclasses import dataclass, field
import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_VERSION: Final = 1

# What reading a damaged value may raise.
_DAMAGED: Final = (AttributeError, IndexError, KeyError, TypeError, ValueError)


def as_line(change: Sequence[Any]) -> str:
    """Return one change as a line: a key and its value, or a key that is gone."""
    return json.dumps(change)


def as_text(items: Iterable[tuple[str, Any]]) -> str:
    """Return a whole file."""
    header = json.dumps({"version": _VERSION})
    return "\n".join((header, *map(as_line, items), ""))


@dataclass(slots=True)
class Kept:
    """What a file holds; `is_whole` says whether another line may follow its last."""

    data: dict[str, Any] = field(default_factory=dict)
    lines: int = 0
    unreadable: int = 0
    is_whole: bool = False

    def follow(self, lines: Iterable[str]) -> None:
        """Follow changes; count those that can't be read."""
        for line in lines:
            self._follow(line)

    def _follow(self, line: str) -> None:
        try:
            match json.loads(line):
                case [str(key), value]:
                    self.data[key] = value
                case [str(key)]:
                    self.data.pop(key, None)
                case _:
                    raise ValueError  # noqa: TRY301 (it is told like broken JSON)
        except ValueError:
            self.unreadable += 1


def kept_in(text: str) -> Kept | None:
    """Return what a file holds, or None where a newer version wrote it."""
    kept = Kept()
    header, *lines = text.split("\n")
    if _is_too_new(header):
        return None
    # What follows the last line's end is a line that was cut short, or nothing.
    kept.is_whole = bool(lines) and not lines.pop()
    kept.lines = len(lines)
    kept.follow(lines)
    return kept


def _is_too_new(header: str) -> bool:
    try:
        version = json.loads(header)["version"]
    except ValueError, TypeError, KeyError:
        return False
    return isinstance(version, int) and version > _VERSION


def readable[T](
    data: Mapping[str, Any], prefix: str, reader: Callable[[str, Any], T]
) -> tuple[dict[str, T], list[str]]:
    """Return what the values under a prefix are, by the rest of their keys.

    And the keys, in full, of those that can't be read.
    """
    found: dict[str, T] = {}
    damaged: list[str] = []
    for key, value in data.items():
        if not key.startswith(prefix):
            continue
        rest = key.removeprefix(prefix)
        try:
            found[rest] = reader(rest, value)
        except _DAMAGED:
            damaged.append(key)
    return found, damaged
