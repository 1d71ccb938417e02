"""The part of a journal that is one room's own."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .store import Journal


class Section:
    """The values of a journal under a prefix, by the rest of their keys."""

    def __init__(self, journal: Journal, prefix: str) -> None:
        """Take the journal, and a prefix that no other room has."""
        self._journal = journal
        self._prefix = prefix

    def __contains__(self, key: str) -> bool:
        """Return whether there is a value."""
        return f"{self._prefix}{key}" in self._journal.data

    def __iter__(self) -> Iterator[str]:
        """Yield the keys, the oldest first."""
        for key in list(self._journal.data):
            if key.startswith(self._prefix):
                yield key.removeprefix(self._prefix)

    def get(self, key: str) -> Any:
        """Return a value, or None."""
        return self._journal.data.get(f"{self._prefix}{key}")

    def read[T](self, reader: Callable[[str, Any], T]) -> dict[str, T]:
        """Return what the values are, as `Journal.read` does."""
        return self._journal.read(self._prefix, reader)

    def put(self, key: str, value: Any) -> None:
        """Set a value, as `Journal.put` does."""
        self._journal.put(f"{self._prefix}{key}", value)

    def remove(self, key: str, *, shred: bool = False) -> None:
        """Take a value out, as `Journal.remove` does."""
        self._journal.remove(f"{self._prefix}{key}", shred=shred)
