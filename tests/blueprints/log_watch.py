"""Sees what automations warn of, as an owner would find it in the log."""

from collections.abc import Iterator
from contextlib import contextmanager
import logging
from typing import override

# Who speaks of automations, their triggers, conditions, actions and templates.
SPEAKERS = (
    "homeassistant.components.automation",
    "homeassistant.components.blueprint",
    "homeassistant.components.script",
    "homeassistant.helpers.condition",
    "homeassistant.helpers.script",
    "homeassistant.helpers.template",
    "homeassistant.helpers.trigger",
)


class LogWatch(logging.Handler):
    """Keeps the warnings and errors of automations."""

    def __init__(self) -> None:
        """Have seen none."""
        super().__init__(logging.WARNING)
        self.warnings: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.warnings.append(self.format(record))

    def expect(self, part: str) -> None:
        """Forget the warnings with these words, of which there must be some."""
        others = [each for each in self.warnings if part not in each]
        assert len(others) < len(self.warnings), f"nothing warned of {part!r}"
        self.warnings = others


@contextmanager
def watched_log() -> Iterator[LogWatch]:
    """Watch what automations log."""
    watch = LogWatch()
    loggers = [logging.getLogger(name) for name in SPEAKERS]
    for logger in loggers:
        logger.addHandler(watch)
    try:
        yield watch
    finally:
        for logger in loggers:
            logger.removeHandler(watch)
