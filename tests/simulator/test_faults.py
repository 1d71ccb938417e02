"""Each fault by name: what the client sees, and what was really sent."""

import asyncio
from typing import Any

import aiohttp
from aiohttp.test_utils import make_mocked_request
import pytest

from simulator import Line, ReceivedRequest, Simulator
from simulator.answers import Answer
from simulator.faults import REQUEST_FAULTS
from simulator.mischief import Exchange

from . import ADA, BEN, WHEN
from .conftest import Api


def test_every_fault_of_a_request_is_tested_below() -> None:
    tested = {*ANSWERED, "truncated", "accept_then_drop", "drop", "slow", "slow_before"}
    assert tested | {"code", "partial", "no_ids", "duplicate_id"} == set(REQUEST_FAULTS)


ANSWERED = {
    "http_500": (500, "application/json", '"errorCode": 500', 0),
    "http_503_html": (503, "text/html", "<html>", 0),
    "html_200": (200, "text/html", "<html>", 0),
    "empty_200": (200, "application/json", "", 1),
    "broken_json": (200, "application/json", "[", 1),
    "wrong_json_type": (200, "application/json", "[]", 1),
    "redirect": (302, "application/json", "", 0),
    "unauthorized": (401, "application/json", '"errorCode": 401', 0),
    "rate_limited": (429, "application/json", '"errorCode": 429', 0),
    "http_error": (404, "application/json", '"errorCode": 404', 0),
}


@pytest.mark.parametrize("fault", ANSWERED)
async def test_a_fault_answers_in_the_providers_place(
    api: Api, sim: Simulator, line: Line, fault: str
) -> None:
    status, content_type, part, sent = ANSWERED[fault]
    sim.arm(fault, operation="send-sms")

    reply = await api.send("Hi", ADA)

    assert (reply.status, len(line.sent)) == (status, sent)
    assert reply.headers["Content-Type"].startswith(content_type)
    assert part in reply.text
    (received,) = sim.requests
    assert (received.fault, received.answered) == (fault, status)
    assert received.processed is bool(sent)
    assert (await api.send("Hi", ADA)).json["status"] == "1801"


@pytest.mark.parametrize(
    ("fault", "processed"),
    [("http_500", True), ("html_200", True), ("empty_200", False)],
)
async def test_whether_it_was_processed_can_be_chosen(
    api: Api, sim: Simulator, line: Line, fault: str, processed: bool
) -> None:
    sim.arm(fault, processed=processed)

    await api.send("Hi", ADA)

    assert bool(line.sent) is processed


async def test_an_http_error_can_be_carried_by_another_status(
    api: Api, sim: Simulator, line: Line
) -> None:
    sim.arm("http_error", error_code=405, status=200)

    reply = await api.send("Hi", ADA)

    assert (reply.status, reply.json["errorCode"]) == (200, 405)
    assert line.sent == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [("string", '"OK"'), ("number", "1801"), ("null", "null"), ("object", "{}")],
)
async def test_json_can_be_of_any_wrong_type(
    api: Api, sim: Simulator, kind: str, text: str
) -> None:
    sim.arm("wrong_json_type", kind=kind)

    assert (await api.get("get-new-sms")).text == text


async def test_a_redirect_names_its_location(api: Api, sim: Simulator) -> None:
    sim.arm("redirect", location="https://elsewhere.example/", status=307)

    reply = await api.get("number")

    assert reply.status == 307
    assert reply.headers["Location"] == "https://elsewhere.example/"


async def test_too_many_requests_say_when_to_come_back(
    api: Api, sim: Simulator
) -> None:
    sim.arm("rate_limited", retry_after=7)

    assert (await api.get("number")).headers["Retry-After"] == "7"


@pytest.mark.parametrize("processed", [True, False])
async def test_a_truncated_answer_ends_before_its_length(
    api: Api, sim: Simulator, line: Line, processed: bool
) -> None:
    sim.arm("truncated", processed=processed)

    with pytest.raises(aiohttp.ClientPayloadError):
        await api.send("Hi", ADA)
    assert bool(line.sent) is processed


@pytest.mark.parametrize("reset", [True, False])
@pytest.mark.parametrize(("fault", "sent"), [("accept_then_drop", 1), ("drop", 0)])
async def test_a_dropped_connection_does_not_tell_whether_it_was_sent(
    api: Api, sim: Simulator, line: Line, fault: str, sent: int, reset: bool
) -> None:
    sim.arm(fault, reset=reset)

    with pytest.raises(
        aiohttp.ClientOSError if reset else aiohttp.ServerDisconnectedError
    ):
        await api.send("Hi", ADA)
    assert len(line.sent) == sent
    (received,) = sim.requests
    assert (received.processed, received.answered) == (bool(sent), None)


def test_a_client_that_has_gone_cannot_be_hung_up_on() -> None:
    request = make_mocked_request("GET", "/")
    request.protocol.transport = None
    received = ReceivedRequest(
        operation="number", method="GET", path="/", headers={}, at=WHEN
    )
    exchange = Exchange(
        request=request, received=received, line=None, act=lambda _: Answer()
    )

    assert exchange.hang_up(reset=True).status == 200


@pytest.mark.parametrize(("fault", "sent"), [("slow", 1), ("slow_before", 0)])
async def test_a_slow_answer_outlasts_the_clients_patience(
    api: Api, sim: Simulator, line: Line, fault: str, sent: int
) -> None:
    sim.arm(fault, seconds=600)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(api.send("Hi", ADA), 0.2)
    assert len(line.sent) == sent
    await sim.stop()
    assert len(line.sent) == sent


@pytest.mark.parametrize("fault", ["slow", "slow_before"])
async def test_a_slow_answer_comes_in_the_end(
    api: Api, sim: Simulator, fault: str
) -> None:
    sim.arm(fault, seconds=0.05)

    assert (await api.send("Hi", ADA)).json["status"] == "1801"


@pytest.mark.parametrize(
    ("params", "status", "answer"),
    [
        pytest.param(
            {"code": "CE1013"},
            200,
            {"code": "CE1013", "error": "Sync App is offline"},
            id="as the line's switch",
        ),
        pytest.param(
            {"code": "CE9999", "status": 400},
            400,
            {"code": "CE9999", "error": "Unknown error"},
            id="unheard of",
        ),
        pytest.param(
            {"error": "No"}, 200, {"code": "CE1001", "error": "No"}, id="in own words"
        ),
    ],
)
async def test_any_code_can_be_answered(
    api: Api, sim: Simulator, params: dict[str, Any], status: int, answer: Any
) -> None:
    sim.arm("code", **params)

    reply = await api.send("Hi", ADA)

    assert (reply.status, reply.json) == (status, answer)
    assert not sim.requests[0].processed


async def test_a_code_needs_no_line(api: Api, sim: Simulator) -> None:
    api.headers = {}
    sim.arm("code", code="CE2000")

    reply = await api.get("number")

    assert (reply.status, reply.json["code"]) == (200, "CE2000")


@pytest.mark.parametrize(("send_rest", "sent"), [(True, [ADA, BEN]), (False, [ADA])])
async def test_an_answer_can_be_partial(
    api: Api, sim: Simulator, line: Line, send_rest: bool, sent: list[str]
) -> None:
    sim.arm("partial", operation="send-sms", keep=1, send_rest=send_rest)

    reply = await api.send("Hi", f"{ADA},{BEN}")

    assert [each["recipient"] for each in reply.json["reports"]] == [ADA]
    assert [sms.recipient for sms in line.sent] == sent
    assert sim.requests[0].body["recipients"] == f"{ADA},{BEN}"


async def test_an_answer_can_lack_all_ids(api: Api, sim: Simulator, line: Line) -> None:
    sim.arm("no_ids", times=2)

    assert set((await api.send("Hi", ADA)).json) == {"status", "message"}
    assert (await api.call(ADA)).json == {}
    assert (len(line.sent), len(line.calls)) == (1, 1)


async def test_an_id_can_come_twice(api: Api, sim: Simulator, line: Line) -> None:
    await api.send("First", ADA)
    sim.arm("duplicate_id")

    reply = await api.send("Second", f"{ADA},{BEN}")

    ids = [each["trackingId"] for each in reply.json["reports"]]
    assert ids == ["16276", "16276"]
    assert len({sms.tracking_id for sms in line.sent}) == 3


@pytest.mark.parametrize("fault", ["partial", "no_ids", "duplicate_id"])
async def test_what_was_refused_is_not_distorted(
    api: Api, sim: Simulator, fault: str
) -> None:
    sim.arm(fault)

    assert (await api.send("", ADA)).json["code"] == "CE1000"


@pytest.mark.parametrize("fault", ["partial", "duplicate_id"])
async def test_an_answer_without_reports_is_not_distorted(
    api: Api, sim: Simulator, fault: str
) -> None:
    sim.arm(fault)

    assert (await api.call(ADA)).json == {"callId": "2020012445"}


async def test_a_partial_send_of_no_object_is_refused(api: Api, sim: Simulator) -> None:
    sim.arm("partial", send_rest=False)

    assert (await api.ask("POST", "send-sms", json=[])).status == 400


async def test_the_endpoint_table_has_no_ids_to_lose(api: Api, sim: Simulator) -> None:
    api.headers = {}
    sim.arm("duplicate_id", operation="endpoints.json")

    assert set((await api.get("endpoints.json")).json) >= {"base", "endpoints"}
