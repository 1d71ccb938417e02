"""A journal on its own, for the tests of what lies on disk."""

from collections.abc import AsyncGenerator, Awaitable, Callable

from homeassistant.core import HomeAssistant
import pytest

from custom_components.cecula_sync.store import Journal

from .doors import kept_files

NAME = "line.test"
HEADER = '{"version": 1}\n'
TEXT = "The gate code is 4711"

type Load = Callable[[], Awaitable[Journal]]


@pytest.fixture
async def load(hass: HomeAssistant) -> AsyncGenerator[Load]:
    """Return a way to read the file as the next run of the house would."""
    opened = []

    async def read() -> Journal:
        journal = Journal(hass, NAME)
        opened.append(journal)
        await journal.async_load()
        return journal

    yield read
    for journal in opened:
        await journal.async_close()


def lines(hass: HomeAssistant) -> list[str]:
    """Return the lines of the file."""
    return kept_files(hass)[NAME].splitlines()
