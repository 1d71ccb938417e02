"""A house with people who have phones, in which ready-made automations run."""

from collections.abc import AsyncGenerator, Iterator

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator
from tests.conftest import ADA, BEN, contact, group

from .house import House, NewClient, lay_out_blueprints
from .log_watch import LogWatch, watched_log
from .rests import Rests, watched_rests


@pytest.fixture(autouse=True)
def _blueprints(hass: HomeAssistant) -> None:
    """Have the blueprints of this repository where Home Assistant looks for them."""
    lay_out_blueprints(hass)


@pytest.fixture(autouse=True)
def log_watch() -> Iterator[LogWatch]:
    """Fail a test in which an automation logs a warning that it does not expect."""
    with watched_log() as watch:
        yield watch
    assert not watch.warnings, "\n".join(watch.warnings)


@pytest.fixture
def contacts() -> list[ConfigSubentryDataWithId]:
    """Return who lives here: Ada may give commands, Ben may not."""
    return [
        contact("Ada", ADA, "ada", allow_commands=True),
        contact("Ben", BEN, "ben"),
        group("Family", ["ada", "ben"], "family"),
    ]


@pytest.fixture
def rests() -> Iterator[Rests]:
    """Count the automations that wait for time or for somebody."""
    with watched_rests() as counted:
        yield counted


@pytest.fixture
async def house(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    hass_client_no_auth: NewClient,
    rests: Rests,
) -> AsyncGenerator[House]:
    """Return the house at noon, not set up yet."""
    built = House(hass, entry, line, simulator, freezer, hass_client_no_auth, rests)
    yield built
    await built.close()
