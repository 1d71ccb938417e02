"""The gate that opens for those who ring."""

from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from tests.conftest import ADA

from .house import House

OPEN = [{"action": "cover.open_cover", "target": {"entity_id": "cover.gate"}}]
BOTH = ["event.ada", "event.ben"]


@pytest.fixture
def opened(hass: HomeAssistant) -> list[ServiceCall]:
    """Return how often the gate was opened."""
    return async_mock_service(hass, "cover", "open_cover")


async def set_up(house: House, **inputs: Any) -> None:
    """Have a gate for Ada and Ben, all day."""
    callers = {"callers": BOTH, "gate": OPEN, "after": "00:00:00"}
    await house.set_up(
        "gate_by_missed_call", **(callers | {"before": "00:00:00"} | inputs)
    )


async def test_a_missed_call_opens_the_gate_and_costs_nothing(
    house: House, opened: list[ServiceCall]
) -> None:
    await set_up(house)
    await house.ring(ADA)
    assert [call.data["entity_id"] for call in opened] == [["cover.gate"]]
    assert (house.texts(), house.rung()) == ([], [])
