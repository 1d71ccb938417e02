"""Control over HTTP does what the Python API does."""

import asyncio
from typing import Any

import pytest

from simulator import Line, Simulator

from . import ADA, BEN, NUMBER, WHEN
from .conftest import Api


@pytest.mark.usefixtures("house")
async def test_the_state_tells_everything(api: Api, sim: Simulator, line: Line) -> None:
    sim.clock.freeze(WHEN)
    sim.world.set_phone(ADA, name="Ada")
    await api.send("Hi", ADA)
    await api.call(ADA)
    await line.receive_sms(ADA, "Hello")
    await line.receive_call(ADA)
    sim.arm("drop", operation="number")

    state = (await api.ask("GET", "/control/state")).json

    assert (state["now"], state["frozen"]) == (WHEN.isoformat(), True)
    assert [phone["name"] for phone in state["phones"]] == ["Ada"]
    assert [fault["name"] for fault in state["faults"]] == ["drop"]
    (told,) = state["lines"]
    assert (told["msisdn"], told["credit"]) == (NUMBER, 95)
    assert told["sent"][0]["status"] == "QUEUED"
    assert told["calls"][0]["status"] == "RINGING"
    assert told["received"][0]["text"] == "Hello"
    assert told["received_calls"][0]["duration"] == 0
    assert set(told["webhooks"]) == {"sms", "call", "sms_status", "call_status"}


async def test_the_state_can_be_kept_short(api: Api, line: Line) -> None:
    for text in ("first", "second", "third"):
        await line.receive_sms(ADA, text)

    state = (await api.ask("GET", "/control/state?newest=2")).json

    assert [sms["text"] for sms in state["lines"][0]["received"]] == ["second", "third"]


async def test_the_requests_can_be_counted(api: Api) -> None:
    await api.send("Hi", ADA)
    await api.get("number")
    await api.get("cecula-balance")

    every = (await api.ask("GET", "/control/requests")).json
    sent = (await api.ask("GET", "/control/requests?operation=send-sms")).json
    newest = (await api.ask("GET", "/control/requests?newest=1")).json
    await api.control("forget_requests")

    assert [each["operation"] for each in every][:2] == ["send-sms", "number"]
    assert [(each["authorised"], each["processed"]) for each in sent] == [(True, True)]
    assert [each["operation"] for each in newest] == ["cecula-balance"]
    assert (await api.ask("GET", "/control/requests")).json == []


async def test_the_choices_are_listed(api: Api) -> None:
    listed = (await api.ask("GET", "/control/choices")).json

    assert "send-sms" in listed["operations"]
    assert listed["request_faults"]["slow"] == {"seconds": 5.0}
    assert "lost_report" in listed["webhook_faults"]
    assert listed["webhooks"] == ["sms", "call", "sms_status", "call_status"]
    assert listed["switches"]["error_http_status"]["values"] == [200, 400]


@pytest.mark.usefixtures("house")
async def test_people_outside_text_call_and_answer(api: Api, line: Line) -> None:
    await api.send("Hi", ADA)
    await api.call(ADA)

    replies = [
        await api.control("receive_sms", sender=ADA, text="Hello"),
        await api.control("receive_call", line=NUMBER, caller=None, duration_seconds=5),
        await api.control("report", tracking_id="16276", status="SENT"),
        await api.control("answer", call_id="2020012445", answered=False),
        await api.control("post_webhook", kind="sms", body={"any": "thing"}),
    ]

    assert [reply.json for reply in replies] == [{"webhook": [200]}] * 5
    assert [sms.text for sms in line.received] == ["Hello"]
    assert line.received_calls[0].duration == 5
    assert (line.sent[0].status, line.calls[0].status) == ("SENT", "NOT ANSWERED")


async def test_the_line_can_be_changed(api: Api, line: Line) -> None:
    subscription = {"status": "EXPIRED", "expires": WHEN.isoformat(), "plan": "Gold"}

    reply = await api.control(
        "set_line", credit=7, barred=True, sim_status="X", subscription=subscription
    )

    assert (line.credit, line.barred, line.sim_status) == (7, True, "X")
    assert (line.subscription.status, line.subscription.expires) == ("EXPIRED", WHEN)
    assert reply.json["subscription"] == subscription


async def test_switches_webhooks_and_phones_can_be_set(
    api: Api, sim: Simulator, line: Line
) -> None:
    await api.control("set_switches", ids_as="number")
    await api.control("set_webhooks", url="http://127.0.0.1/a")
    await api.control("set_webhooks", url="http://127.0.0.1/b", kinds=["call"])
    await api.control("set_webhooks", url=None, kinds=["sms"])
    await api.control("set_phone", number=ADA, name="Ada", fate="FAILED", answers=True)

    assert line.switches.ids_as == "number"
    assert line.webhooks.urls == {
        "call": "http://127.0.0.1/b",
        "sms_status": "http://127.0.0.1/a",
        "call_status": "http://127.0.0.1/a",
    }
    assert (sim.phone(ADA).name, sim.phone(ADA).fate) == ("Ada", "FAILED")
    assert sim.phone(ADA).answers is True


async def test_faults_can_be_armed_and_called_off(api: Api, sim: Simulator) -> None:
    await api.control("arm", fault="code", operation="number", code="CE2000", times=0)
    assert (await api.get("number")).json["code"] == "CE2000"

    await api.control("disarm", fault="drop")
    assert (await api.get("number")).json["code"] == "CE2000"
    await api.control("disarm")
    assert (await api.get("number")).json == {"msisdn": NUMBER[1:]}


async def test_the_clock_can_be_moved(api: Api, sim: Simulator) -> None:
    await api.control("clock", freeze=True)
    await api.control("clock", set=WHEN.isoformat())
    reply = await api.control("clock", advance=60)
    assert reply.json == {"now": "2020-02-01T06:38:00+00:00", "frozen": True}

    assert (await api.control("clock", run=True)).json["frozen"] is False
    assert sim.clock.now().year == 2020


async def test_a_second_line_must_be_named(api: Api, sim: Simulator) -> None:
    added = await api.control("add_line", api_key="b", msisdn=BEN, credit=5)
    unnamed = await api.control("receive_sms", sender=ADA, text="Hi")
    named = await api.control("receive_sms", line=BEN, sender=ADA, text="Hi")

    assert (added.json["msisdn"], added.json["credit"]) == (BEN, 5)
    assert (unnamed.status, named.status) == (400, 200)
    assert unnamed.json == {"error": "Name the line by its number"}
    assert [len(line.received) for line in sim.lines] == [0, 1]


async def test_it_can_be_waited_for(api: Api, line: Line) -> None:
    line.switches.update({"sent_after": 0, "delivered_after": 0})
    await api.send("Hi", ADA)

    await api.control("settle")

    assert line.sent[0].status == "DELIVERED"


@pytest.mark.parametrize(
    ("action", "body", "words"),
    [
        pytest.param("receive_sms", {"sender": ADA}, "text", id="missing"),
        pytest.param("receive_sms", {"text": 1}, "Wrong type: 'text'", id="type"),
        pytest.param("receive_sms", {"x": 1}, "Unknown field 'x'", id="unknown"),
        pytest.param("receive_sms", {"line": "+1"}, "no line '+1'", id="no line"),
        pytest.param("report", {"tracking_id": "1", "status": "X"}, "no SMS", id="id"),
        pytest.param("set_line", {"credit": "much"}, "'credit'", id="credit"),
        pytest.param("set_line", {"credit": True}, "'credit'", id="credit flag"),
        pytest.param("set_line", {"originator": "me"}, "'originator'", id="originator"),
        pytest.param("set_line", {"msisdn": ADA}, "'msisdn'", id="number"),
        pytest.param("set_line", {"barred": 1}, "'barred'", id="barred"),
        pytest.param(
            "set_line", {"subscription": {"price": 1}}, "'price'", id="subscription"
        ),
        pytest.param(
            "set_line",
            {"credit": 1, "subscription": {"expires": "2020-02-02T02:02:02"}},
            "with a zone",
            id="expiry without zone",
        ),
        pytest.param("set_switches", {"ids_as": 7}, "ids_as", id="switch"),
        pytest.param("set_webhooks", {"url": "nonsense"}, "no http", id="url"),
        pytest.param("set_phone", {"number": "1"}, "spelt", id="phone"),
        pytest.param("set_phone", {"number": ADA, "fate": "X"}, "fate 'X'", id="fate"),
        pytest.param("arm", {"fault": "gremlins"}, "gremlins", id="fault"),
        pytest.param("arm", {"fault": "drop", "times": "x"}, "so many", id="times"),
        pytest.param("clock", {}, "set, advance, freeze or run", id="clock"),
        pytest.param("clock", {"set": "2020-02-02"}, "with a zone", id="zone"),
        pytest.param(
            "add_line", {"api_key": "b", "msisdn": NUMBER}, "exists", id="twice"
        ),
        pytest.param("add_line", {"api_key": "b", "msisdn": "1"}, "spelt", id="msisdn"),
    ],
)
async def test_a_wrong_action_is_told_plainly_and_changes_nothing(
    api: Api, line: Line, action: str, body: dict[str, Any], words: str
) -> None:
    reply = await api.control(action, **body)

    assert reply.status == 400
    assert words in reply.json["error"]
    assert (line.credit, line.barred, line.received) == (100, False, [])


@pytest.mark.parametrize(
    ("path", "how", "status"),
    [
        pytest.param("dance", {"json": {}}, 404, id="no action"),
        pytest.param("settle", {"data": b"{}"}, 415, id="no JSON type"),
        pytest.param("settle", {"json": []}, 400, id="no object"),
        pytest.param(
            "settle",
            {"data": b"{", "headers": {"Content-Type": "application/json"}},
            400,
            id="no JSON",
        ),
    ],
)
async def test_a_wrong_request_is_told_plainly(
    api: Api, path: str, how: dict[str, Any], status: int
) -> None:
    reply = await api.ask("POST", f"/control/{path}", **how)

    assert reply.status == status
    assert reply.json["error"]


async def test_an_empty_body_is_an_empty_object(api: Api) -> None:
    headers = {"Content-Type": "application/json"}

    assert (await api.ask("POST", "/control/settle", headers=headers)).status == 200


async def test_changes_are_told_as_they_happen(
    api: Api, sim: Simulator, line: Line
) -> None:
    async with api.session.get(sim.url.with_path("/control/changes")) as response:
        assert response.content_type == "text/event-stream"
        first = await response.content.readuntil(b"\n\n")
        await line.receive_sms(ADA, "Hi")
        second = await response.content.readuntil(b"\n\n")

    assert int(second.removeprefix(b"data: ")) > int(first.removeprefix(b"data: "))


async def test_who_watches_changes_does_not_keep_the_simulator_alive(
    api: Api, sim: Simulator
) -> None:
    async with api.session.get(sim.url.with_path("/control/changes")) as response:
        await response.content.readuntil(b"\n\n")
        await sim.stop()
        assert await response.content.read() == b""


async def test_a_watcher_that_has_gone_is_forgotten(
    api: Api, sim: Simulator, line: Line
) -> None:
    async with api.session.get(sim.url.with_path("/control/changes")) as response:
        await response.content.readuntil(b"\n\n")
    for _ in range(3):
        await line.receive_sms(ADA, "Hi")
        await asyncio.sleep(0.06)

    assert sim.at_work == 0
