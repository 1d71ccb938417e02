"""Starting, stopping, and several lines side by side."""

import asyncio

import aiohttp
import pytest

from simulator import Line, Simulator, Subscription, Switches

from . import ADA, BEN, KEY, NUMBER, WHEN
from .conftest import Api, House


async def test_stopped_it_leaves_nothing_behind(
    api: Api, sim: Simulator, line: Line, unused_tcp_port: int
) -> None:
    line.switches.update({"sent_after": 60, "webhook_retries": 5})
    line.webhooks.set(f"http://127.0.0.1:{unused_tcp_port}/")
    before = asyncio.all_tasks()
    await api.send("Hi", ADA)
    sim.world.poster.spawn(line.receive_sms(ADA, "Hi"))
    await asyncio.sleep(0)

    await sim.stop()

    assert asyncio.all_tasks() <= before
    assert not sim.clock.overdue


async def test_it_can_be_stopped_and_started_again_on_its_port(
    api: Api, sim: Simulator
) -> None:
    await sim.stop()
    with pytest.raises(aiohttp.ClientConnectorError):
        await api.get("number")

    await sim.start(sim.port)

    assert (await api.get("number")).json == {"msisdn": NUMBER[1:]}


async def test_settled_means_that_what_was_due_is_done(sim: Simulator) -> None:
    done = asyncio.Event()
    sim.clock.call_later(0, done.set)

    await sim.settle()

    assert done.is_set()


async def test_a_port_in_use_is_refused_and_leaves_nothing(sim: Simulator) -> None:
    other = Simulator()

    with pytest.raises(OSError, match="in use"):
        await other.start(sim.port)
    await other.stop()


async def test_two_lines_do_not_hear_each_other(
    api: Api, sim: Simulator, line: Line, house: House
) -> None:
    other = sim.add_line(api_key="CCL.other.key", msisdn=BEN, credit=5)
    await other.receive_sms(ADA, "For the other")
    await api.send("Hi", ADA)

    assert (house.bodies, line.inbox) == ([], [])
    assert (len(line.sent), other.sent, other.credit) == (1, [], 5)
    assert (len(line.requests), other.requests) == (1, [])


@pytest.mark.parametrize(("key", "number"), [(KEY, BEN), ("CCL.other.key", NUMBER)])
async def test_a_key_and_a_number_belong_to_one_line(
    sim: Simulator, line: Line, key: str, number: str
) -> None:
    with pytest.raises(ValueError, match="exists"):
        sim.add_line(api_key=key, msisdn=number)
    assert sim.lines == [line]


async def test_a_line_can_be_furnished_at_once(sim: Simulator) -> None:
    line = sim.add_line(
        api_key=KEY,
        msisdn=NUMBER,
        switches=Switches(ids_as="number"),
        subscription=Subscription(plan="Gold", expires=WHEN),
        webhook="http://127.0.0.1/hook",
    )

    assert line.switches.ids_as == "number"
    assert line.subscription.plan == "Gold"
    assert len(line.webhooks.urls) == 4


async def test_a_report_can_come_before_the_answer_to_its_send(
    api: Api, sim: Simulator, line: Line, house: House
) -> None:
    line.switches.update({"sent_after": 0, "delivered_after": 0})
    sim.arm("slow", operation="send-sms", seconds=0.2)

    sending = asyncio.create_task(api.send("Hi", ADA))
    while len(house.bodies) < 2:  # noqa: ASYNC110
        await asyncio.sleep(0.01)

    assert not sending.done()
    assert (await sending).json["reports"][0]["trackingId"] == "16276"
