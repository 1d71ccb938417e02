"""The house on a clock, and its disk."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .disk import Disk
from .house import House, NewClient


@pytest.fixture
def house(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    hass_client_no_auth: NewClient,
) -> House:
    """Return a house on a clock, whose line is not set up."""
    return House(hass, entry, line, simulator, freezer, hass_client_no_auth)


@pytest.fixture
def disk(house: House, monkeypatch: pytest.MonkeyPatch) -> Disk:
    """Return the disk of that house."""
    return Disk(monkeypatch)
