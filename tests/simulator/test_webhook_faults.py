"""Webhooks get lost, come twice, late, or in the wrong order."""

from collections.abc import Awaitable, Callable

import pytest

from simulator import Line, Simulator

from . import ADA, BEN
from .conftest import Api, House

type Happening = Callable[[Line], Awaitable[list[int]]]


async def _sms(line: Line) -> list[int]:
    return await line.receive_sms(ADA, "Hi")


async def _call(line: Line) -> list[int]:
    return await line.receive_call(ADA)


async def _report(line: Line) -> list[int]:
    return await line.report(line.outbox.send([ADA], "Hi")[0].tracking_id, "SENT")


async def _answer(line: Line) -> list[int]:
    return await line.answer(line.outbox.place_call(ADA).call_id, answered=True)


@pytest.mark.parametrize(
    ("fault", "happening", "posted"),
    [
        pytest.param("lost_inbound", _sms, [], id="lost SMS"),
        pytest.param("lost_inbound", _call, [], id="lost call"),
        pytest.param("duplicate_inbound", _sms, [200, 200], id="SMS twice"),
        pytest.param("lost_report", _report, [], id="lost report"),
        pytest.param("lost_report", _answer, [], id="lost call status"),
        pytest.param("duplicate_report", _report, [200, 200], id="report twice"),
        pytest.param("lost_report", _sms, [200], id="reports only"),
        pytest.param("lost_inbound", _report, [200], id="inbound only"),
    ],
)
async def test_webhooks_get_lost_or_come_twice(
    line: Line, house: House, fault: str, happening: Happening, posted: list[int]
) -> None:
    line.world.arm(fault)

    assert await happening(line) == posted
    assert len(house.bodies) == len(posted)


async def test_a_lost_inbound_sms_still_is_in_the_list(line: Line) -> None:
    line.world.arm("lost_inbound", operation="sms")

    await line.receive_sms(ADA, "Hi")

    assert [sms.text for sms in line.inbox] == ["Hi"]


async def test_a_late_report_comes_by_the_clock(
    api: Api, sim: Simulator, line: Line, house: House
) -> None:
    sim.arm("late_report", seconds=90)
    await api.send("Hi", ADA)

    assert await line.report("16276", "DELIVERED") == []
    sim.clock.advance(89)
    await sim.settle()
    assert house.bodies == []
    sim.clock.advance(1)
    await sim.settle()
    assert [each["status"] for each in house.json] == ["DELIVERED"]


async def test_a_report_can_overtake_another_of_its_message(
    api: Api, sim: Simulator, line: Line, house: House
) -> None:
    sim.arm("out_of_order_reports")
    await api.send("Hi", f"{ADA},{BEN}")

    assert await line.report("16276", "SENT") == []
    assert await line.report("16277", "SENT") == [200]
    assert await line.report("16276", "DELIVERED") == [200, 200]
    assert [(each["messageId"], each["status"]) for each in house.json] == [
        ("16277", "SENT"),
        ("16276", "DELIVERED"),
        ("16276", "SENT"),
    ]
