"""Every operation with the main faults; `scripts/bench faults` tries all."""

from collections.abc import AsyncGenerator

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from benchmarks.faults.befalls import SHORT
from benchmarks.faults.ground import Ground, Stranger
from benchmarks.faults.operations import OPERATIONS, Operation
from benchmarks.faults.table import as_table
from benchmarks.faults.trial import try_all
from simulator import Line, Simulator


@pytest.fixture
async def ground(
    hass: HomeAssistant, simulator: Simulator, line: Line, loaded: MockConfigEntry
) -> AsyncGenerator[Ground]:
    """Return a house with one number, and a host that must get nothing."""
    line.credit = 1e6
    async with Stranger() as stranger:
        yield Ground(
            hass=hass, simulator=simulator, line=line, entry=loaded, stranger=stranger
        )


@pytest.mark.parametrize(
    "operation", OPERATIONS, ids=[each.name.strip("`") for each in OPERATIONS]
)
async def test_no_fault_breaks_a_promise(ground: Ground, operation: Operation) -> None:
    """Nothing goes twice, nothing is logged as a fault of ours, and all heals."""
    rows = await try_all(ground, operation, SHORT)
    assert {row.fault.name: row.wrong for row in rows if row.wrong} == {}
    assert operation.name in as_table(rows)
