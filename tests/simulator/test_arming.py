"""When a fault befalls a request, and which one."""

from typing import Any

import pytest

from simulator import Simulator

from . import NUMBER
from .conftest import Api

OTHER = "+2348176470635"


async def test_a_fault_happens_as_often_as_it_was_armed(
    api: Api, sim: Simulator
) -> None:
    sim.arm("http_500", times=2)
    sim.arm("unauthorized", operation="number")

    statuses = [(await api.get("number")).status for _ in range(4)]

    assert statuses == [500, 500, 401, 200]
    assert sim.world.faults.armed == []


async def test_a_fault_lasts_until_it_is_disarmed(api: Api, sim: Simulator) -> None:
    sim.arm("http_500", times=0)
    sim.arm("http_503_html", times=0, operation="cecula-balance")
    assert [(await api.get("number")).status for _ in range(3)] == [500] * 3

    sim.disarm("http_500")
    assert (await api.get("number")).status == 200
    assert (await api.get("cecula-balance")).status == 503
    sim.disarm()
    assert (await api.get("cecula-balance")).status == 200


async def test_a_fault_can_be_one_lines_own(api: Api, sim: Simulator) -> None:
    sim.add_line(api_key="other", msisdn=OTHER)
    sim.arm("http_500", line=OTHER, times=0)

    assert (await api.get("number")).status == 200
    api.headers = {"Authorization": "Bearer other"}
    assert (await api.get("number")).status == 500


@pytest.mark.parametrize(
    ("fault", "how", "words"),
    [
        pytest.param("gremlins", {}, "no fault 'gremlins'", id="no fault"),
        pytest.param("drop", {"speed": 1}, "no parameter 'speed'", id="no parameter"),
        pytest.param("slow", {"seconds": "1"}, "no 'seconds'", id="no number"),
        pytest.param("wrong_json_type", {"kind": "fish"}, "no 'kind'", id="no type"),
        pytest.param("drop", {"times": -1}, "so many times", id="no count"),
        pytest.param("drop", {"operation": "fly"}, "no operation 'fly'", id="nowhere"),
    ],
)
async def test_a_fault_that_cannot_be_is_not_armed(
    sim: Simulator, fault: str, how: dict[str, Any], words: str
) -> None:
    with pytest.raises((ValueError, TypeError), match=words):
        sim.arm(fault, **how)


async def test_a_fault_of_no_line_is_not_armed(sim: Simulator) -> None:
    with pytest.raises(LookupError, match="no line"):
        sim.arm("drop", line=NUMBER)
