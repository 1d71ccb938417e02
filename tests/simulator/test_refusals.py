"""What the provider refuses, and how it says so."""

from collections.abc import Callable
from typing import Any

import pytest

from simulator import Line

from . import ADA, BEN
from .conftest import Api


async def test_without_a_key_or_with_a_wrong_one_nothing_is_told(api: Api) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic x"}):
        api.headers = headers
        reply = await api.get("cecula-balance")

        assert reply.status == 401
        assert reply.json["errorCode"] == 401
        assert reply.json["errorMessage"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("GET", "nowhere", 404, id="unknown path"),
        pytest.param("GET", "number/", 404, id="trailing slash"),
        pytest.param("GET", "sent-sms-status", 404, id="no id"),
        pytest.param("GET", "/elsewhere", 404, id="outside the API"),
        pytest.param("POST", "number", 405, id="wrong method"),
        pytest.param("GET", "send-sms", 405, id="reading what sends"),
        pytest.param("POST", "set-sms-autoresponse", 405, id="post for patch"),
    ],
)
async def test_a_wrong_address_or_method_is_an_http_error(
    api: Api, method: str, path: str, status: int
) -> None:
    reply = await api.ask(method, path)

    assert (reply.status, reply.json["errorCode"]) == (status, status)


@pytest.mark.parametrize(
    ("how", "status"),
    [
        pytest.param(
            {"data": b"{}", "headers": {"Content-Type": "text/plain"}}, 415, id="plain"
        ),
        pytest.param({}, 415, id="no content type"),
        pytest.param({"json": ["Hi"]}, 400, id="no object"),
        pytest.param(
            {"data": b"{", "headers": {"Content-Type": "application/json"}},
            400,
            id="no JSON",
        ),
    ],
)
async def test_a_body_that_is_no_json_object_is_an_http_error(
    api: Api, line: Line, how: dict[str, Any], status: int
) -> None:
    reply = await api.ask("POST", "send-sms", **how)

    assert (reply.status, reply.json["errorCode"]) == (status, status)
    assert line.requests[0].body in (None, ["Hi"], {})


@pytest.mark.parametrize(
    ("text", "recipients", "code"),
    [
        pytest.param(None, ADA, "CE1000", id="no text"),
        pytest.param("", ADA, "CE1000", id="empty text"),
        pytest.param("Hi", "", "CE1000", id="no recipients"),
        pytest.param("Hi", f"{ADA},", "CE1000", id="an empty recipient"),
        pytest.param(7, ADA, "CE1100", id="a number for a text"),
        pytest.param("Hi", [ADA], "CE1100", id="a list of recipients"),
        pytest.param("x" * 1531, ADA, "CE1102", id="too long a text"),
        pytest.param("Hi", "08183172770", "CE1001", id="a national recipient"),
        pytest.param("Hi", "2348183172770", "CE1001", id="no plus"),
        pytest.param("Hi", f"{ADA}, {BEN}", "CE1001", id="a space"),
    ],
)
async def test_an_invalid_sms_is_refused_and_not_sent(
    api: Api, line: Line, text: Any, recipients: Any, code: str
) -> None:
    reply = await api.send(text, recipients)

    assert (reply.status, reply.json["code"]) == (200, code)
    assert reply.json["error"]
    assert (line.sent, line.credit) == ([], 100)
    assert not line.requests[0].processed


async def test_1530_characters_are_taken(api: Api, line: Line) -> None:
    await api.send("x" * 1530, ADA)

    assert line.sent[0].pages == 10


@pytest.mark.parametrize(
    ("receiver", "code"),
    [
        pytest.param("", "CE1000", id="nobody"),
        pytest.param(f"{ADA},{BEN}", "CE1001", id="two"),
        pytest.param("08183172770", "CE1001", id="national"),
        pytest.param(7, "CE1100", id="no text"),
    ],
)
async def test_an_invalid_call_is_refused_and_not_placed(
    api: Api, line: Line, receiver: Any, code: str
) -> None:
    reply = await api.call(receiver)

    assert reply.json["code"] == code
    assert (line.calls, line.credit) == ([], 100)


async def test_a_call_without_credit_is_not_placed(api: Api, line: Line) -> None:
    line.credit = 2

    assert (await api.call(ADA)).json["code"] == "CE3001"
    assert (line.calls, line.credit) == ([], 2)


@pytest.mark.parametrize("path", ["sent-sms-status/1", "dialled-call-status/1"])
async def test_an_unknown_id_is_an_invalid_field(api: Api, path: str) -> None:
    assert (await api.get(path)).json["code"] == "CE1001"


def _expire(line: Line) -> None:
    line.subscription.status = "INACTIVE"


def _bar(line: Line) -> None:
    line.barred = True


def _go_offline(line: Line) -> None:
    line.app_online = False


def _await_approval(line: Line) -> None:
    line.originator = "pending"


def _unregister(line: Line) -> None:
    line.originator = "unregistered"


@pytest.mark.parametrize(
    ("happen", "code"),
    [
        pytest.param(_expire, "CE2000", id="expired"),
        pytest.param(_bar, "CE2001", id="barred"),
        pytest.param(_go_offline, "CE1013", id="offline"),
        pytest.param(_await_approval, "CE1104", id="not approved"),
        pytest.param(_unregister, "CE1103", id="not registered"),
    ],
)
async def test_a_line_that_may_not_send_still_tells_its_state(
    api: Api, line: Line, happen: Callable[[Line], None], code: str
) -> None:
    happen(line)

    assert (await api.send("Hi", ADA)).json["code"] == code
    assert (await api.call(ADA)).json["code"] == code
    assert (await api.get("cecula-balance")).json == {"balance": 100}
    assert (line.sent, line.calls) == ([], [])


@pytest.mark.parametrize(
    ("change", "error"),
    [
        pytest.param({"validityPeriod": "soon"}, "CE1100", id="no seconds"),
        pytest.param({"validityPeriod": 0}, "CE1100", id="no time"),
        pytest.param({"trafficType": "FAX"}, "CE1001", id="no traffic"),
        pytest.param({"url": ""}, "CE1000", id="no url"),
    ],
)
async def test_a_dynamic_webhook_needs_all_its_fields(
    api: Api, change: dict[str, Any], error: str
) -> None:
    body = {
        "url": "http://127.0.0.1:1/",
        "originMsisdn": ADA,
        "trafficType": "SMS",
        "validityPeriod": 60,
    }

    reply = await api.ask("POST", "set-dynamic-webhook", json=body | change)

    assert reply.json["code"] == error
