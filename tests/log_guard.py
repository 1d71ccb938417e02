"""Sees what Home Assistant says of the integration's code in any phase of a test.

caplog would not do: it keeps the phases apart, and a test may clear it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
import logging
from typing import override

COMPLAINT = "Detected that custom integration"


class LogGuard(logging.Handler):
    """Keeps the complaints among all that is logged."""

    def __init__(self) -> None:
        """Have seen none."""
        super().__init__()
        self.complaints: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record that complains, or tells of an error that does."""
        if COMPLAINT in (text := self.format(record)):
            self.complaints.append(text)


@contextmanager
def guarded_log() -> Iterator[LogGuard]:
    """Watch what reaches the root logger."""
    guard = LogGuard()
    root = logging.getLogger()
    root.addHandler(guard)
    try:
        yield guard
    finally:
        root.removeHandler(guard)
