"""What becomes of messages and calls, by the provider's clock."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest

from simulator import Line, Simulator, Switches

from . import ADA, BEN, WHEN
from .conftest import Api, House


@pytest.fixture(autouse=True)
def _slow_network(sim: Simulator, line: Line) -> None:
    sim.clock.freeze(WHEN)
    line.switches.update({"sent_after": 1, "delivered_after": 2, "ring_for": 30})


async def test_an_sms_is_queued_then_sent_then_delivered(
    api: Api, sim: Simulator, line: Line, house: House
) -> None:
    await api.send("Hi", ADA)
    seen = []
    for _ in range(4):
        seen.append(line.sent[0].status)
        sim.clock.advance(1)
        await sim.settle()

    assert seen == ["QUEUED", "SENT", "SENT", "DELIVERED"]
    assert [each["status"] for each in house.json] == ["SENT", "DELIVERED"]
    assert house.json[0]["doneTime"] == ""
    assert line.sent[0].sent_at == WHEN + timedelta(seconds=1)
    assert line.sent[0].done_at == WHEN + timedelta(seconds=3)


async def test_time_that_leaps_leaves_no_status_out(
    api: Api, sim: Simulator, line: Line, house: House
) -> None:
    await api.send("Hi", ADA)

    sim.clock.advance(3600)
    await sim.settle()

    assert [each["status"] for each in house.json] == ["SENT", "DELIVERED"]
    assert line.sent[0].done_at == WHEN + timedelta(seconds=3)


@pytest.mark.parametrize(
    ("fate", "after", "status"),
    [
        pytest.param("FAILED", 3, "FAILED", id="failed"),
        pytest.param("EXPIRED", 3, "SENT", id="not expired yet"),
        pytest.param("EXPIRED", 24 * 3600 + 1, "EXPIRED", id="expired after a day"),
        pytest.param("SENT", 7 * 24 * 3600, "SENT", id="open for ever"),
    ],
)
async def test_an_sms_meets_the_fate_of_its_phone(
    api: Api, sim: Simulator, line: Line, fate: str, after: float, status: str
) -> None:
    sim.world.set_phone(ADA, fate=fate)
    await api.send("Hi", f"{ADA},{BEN}")

    sim.clock.advance(after)
    await sim.settle()

    assert [sms.status for sms in line.sent] == [status, "DELIVERED"]


async def test_what_was_decided_by_hand_stays(
    api: Api, sim: Simulator, line: Line
) -> None:
    await api.send("Hi", f"{ADA},{BEN}")
    await line.report("16276", "FAILED")
    sim.clock.advance(1)
    await line.report("16277", "EXPIRED")

    sim.clock.advance(60)
    await sim.settle()

    assert [sms.status for sms in line.sent] == ["FAILED", "EXPIRED"]


async def test_what_was_sent_by_hand_goes_on_by_the_clock(
    api: Api, sim: Simulator, line: Line, house: House
) -> None:
    await api.send("Hi", ADA)
    await line.report("16276", "SENT")

    sim.clock.advance(60)
    await sim.settle()

    assert [each["status"] for each in house.json] == ["SENT", "DELIVERED"]


async def test_a_call_that_nobody_takes_is_given_up(
    api: Api, sim: Simulator, line: Line, house: House
) -> None:
    await api.call(ADA)
    sim.clock.advance(29)
    assert line.calls[0].ringing

    sim.clock.advance(1)
    await sim.settle()

    assert [each["status"] for each in house.json] == ["NOT ANSWERED"]


async def test_a_call_that_was_answered_is_not_given_up(
    api: Api, sim: Simulator, line: Line, house: House
) -> None:
    await api.call(ADA)
    await line.answer("2020012445", answered=True)

    sim.clock.advance(60)
    await sim.settle()

    assert [each["status"] for each in house.json] == ["ANSWERED"]


@pytest.mark.parametrize(
    ("answers", "answer_after", "status"),
    [
        pytest.param(True, None, "ANSWERED", id="takes it at once"),
        pytest.param(False, None, "NOT ANSWERED", id="declines at once"),
        pytest.param(False, 5, "RINGING", id="declines later"),
        pytest.param(None, 0, "ANSWERED", id="answered by the line's switch"),
        pytest.param(None, None, "RINGING", id="by hand"),
    ],
)
async def test_a_phone_can_answer_by_itself(
    api: Api,
    sim: Simulator,
    line: Line,
    answers: bool | None,
    answer_after: float | None,
    status: str,
) -> None:
    sim.phone(ADA).answers = answers
    line.switches.answer_after = answer_after

    await api.call(ADA)
    await sim.settle()

    assert line.calls[0].status == status


async def test_in_a_test_nothing_happens_by_itself(api: Api, line: Line) -> None:
    line.switches = Switches()
    await api.send("Hi", ADA)
    await api.call(ADA)

    line.world.clock.advance(7 * 24 * 3600)
    await line.world.poster.settle()

    assert (line.sent[0].status, line.calls[0].status) == ("QUEUED", "RINGING")


async def test_a_message_can_be_delivered_while_the_next_step_is_by_hand(
    api: Api, sim: Simulator, line: Line
) -> None:
    line.switches.delivered_after = None
    sim.world.set_phone(ADA, fate="EXPIRED")
    await api.send("Hi", ADA)

    sim.clock.advance(2 * 24 * 3600)
    await sim.settle()

    assert line.sent[0].status == "SENT"


async def test_it_follows_a_test_that_moves_the_machines_time(
    api: Api, sim: Simulator, line: Line, freezer: FrozenDateTimeFactory
) -> None:
    sim.clock.run()
    await api.send("Hi", ADA)

    freezer.tick(1)
    await sim.settle()
    assert line.sent[0].status == "SENT"
    freezer.tick(2)
    await sim.settle()
    assert line.sent[0].status == "DELIVERED"


async def test_in_real_time_too_an_sms_arrives(api: Api, sim: Simulator) -> None:
    line = sim.lines[0]
    sim.clock.run()
    line.switches.update({"sent_after": 0, "delivered_after": 0})

    await api.send("Hi", ADA)
    await sim.settle()

    assert line.sent[0].status == "DELIVERED"
