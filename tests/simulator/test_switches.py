"""What the documents leave open: both ways are played."""

from datetime import UTC, datetime
from typing import Any

import pytest

from simulator import Line

from . import ADA, BEN, NUMBER
from .conftest import Api, House

SEND = ("POST", "send-sms", {"text": "Hi", "recipients": ADA})
CALL = ("POST", "flash-number", {"receiver": ADA})
QUIET = ("PATCH", "set-sms-autoresponse", {"text": ""})


def get(path: str) -> tuple[str, str, None]:
    """Return a reading request."""
    return ("GET", path, None)


@pytest.mark.parametrize(
    ("switch", "value", "request_", "found"),
    [
        pytest.param("code_field", "code", SEND, {"code": "1801"}, id="code"),
        pytest.param(
            "code_field", "statusCode", SEND, {"statusCode": "1801"}, id="statusCode"
        ),
        pytest.param("codes_as", "number", SEND, {"status": 1801}, id="code number"),
        pytest.param(
            "reports_field",
            "report",
            SEND,
            {"report": [{"recipient": ADA, "trackingId": "16277"}]},
            id="report",
        ),
        pytest.param(
            "sent_id_field",
            "messageId",
            SEND,
            {"reports": [{"recipient": ADA, "messageId": "16277"}]},
            id="messageId",
        ),
        pytest.param(
            "ids_as",
            "number",
            SEND,
            {"reports": [{"recipient": ADA, "trackingId": 16277}]},
            id="sent id number",
        ),
        pytest.param(
            "recipient_spelling",
            "bare",
            SEND,
            {"reports": [{"recipient": ADA[1:], "trackingId": "16277"}]},
            id="bare recipient",
        ),
        pytest.param("ids_as", "number", CALL, {"callId": 2020012446}, id="call id"),
        pytest.param(
            "call_id_field",
            "trackingId",
            CALL,
            {"trackingId": "2020012446"},
            id="call trackingId",
        ),
        pytest.param(
            "report_id_field",
            "trackingId",
            get("sent-sms-status/16276"),
            {"trackingId": "16276"},
            id="status trackingId",
        ),
        pytest.param(
            "ids_as",
            "number",
            get("sent-sms-status/16276"),
            {"messageId": 16276},
            id="status id number",
        ),
        pytest.param(
            "report_receiver_field",
            "recipient",
            get("sent-sms-status/16276"),
            {"recipient": ADA[1:]},
            id="status recipient",
        ),
        pytest.param(
            "open_done_time",
            "empty",
            get("sent-sms-status/16276"),
            {"doneTime": ""},
            id="empty doneTime",
        ),
        pytest.param(
            "open_done_time",
            "null",
            get("sent-sms-status/16276"),
            {"doneTime": None},
            id="null doneTime",
        ),
        pytest.param(
            "ringing_status",
            "DIALLING",
            get("dialled-call-status/2020012445"),
            {"status": "DIALLING"},
            id="ringing",
        ),
        pytest.param(
            "sim_status_field",
            "simStatus",
            get("management/sim-status"),
            {"simStatus": "READY"},
            id="simStatus",
        ),
        pytest.param(
            "balance_as",
            "string",
            get("cecula-balance"),
            {"balance": "95.0"},
            id="balance text",
        ),
        pytest.param(
            "msisdn_spelling",
            "international",
            get("number"),
            {"msisdn": NUMBER},
            id="international number",
        ),
        pytest.param(
            "msisdn_spelling",
            "national",
            get("number"),
            {"msisdn": "08176470634"},
            id="national number",
        ),
        pytest.param(
            "expiry_format",
            "%d-%m-%Y",
            get("subscription-status"),
            {"expiryDate": "31-12-2099"},
            id="expiry",
        ),
        pytest.param(
            "utc_offset_minutes",
            0,
            get("subscription-status"),
            {"expiryDate": "2099/12/31 22:59"},
            id="zone",
        ),
        pytest.param("done_answer", "status", QUIET, {"status": "Successful"}, id="ok"),
    ],
)
async def test_answers_follow_their_switch(
    api: Api,
    line: Line,
    switch: str,
    value: Any,
    request_: tuple[str, str, Any],
    found: dict[str, Any],
) -> None:
    await api.send("Hi", ADA)
    await api.call(ADA)
    line.switches.update({switch: value})
    method, path, body = request_

    reply = await api.ask(method, path, json=body)

    assert reply.status == 200
    assert reply.json.items() >= found.items()


async def test_an_open_done_time_can_be_absent(api: Api, line: Line) -> None:
    line.switches.open_done_time = "absent"
    await api.send("Hi", ADA)

    assert "doneTime" not in (await api.get("sent-sms-status/16276")).json


@pytest.mark.parametrize(
    ("answer", "body"), [("empty_object", "{}"), ("empty_body", "")]
)
async def test_what_is_not_documented_may_be_empty(
    api: Api, line: Line, answer: Any, body: str
) -> None:
    line.switches.done_answer = answer

    reply = await api.ask("PATCH", "set-sms-autoresponse", json={"text": "Hi"})

    assert (reply.status, reply.text) == (200, body)
    assert line.sms_auto_reply == "Hi"


async def test_lists_may_be_handed_out_again(api: Api, line: Line) -> None:
    line.switches.sms_list_empties = False
    line.switches.call_list_empties = False
    await line.receive_sms(ADA, "Hi")
    await line.receive_call(ADA)

    for path in ("get-new-sms", "new-missed-calls"):
        first, second = await api.get(path), await api.get(path)
        assert first.json == second.json
        assert len(first.json) == 1


async def test_sync_errors_may_come_with_400(api: Api, line: Line) -> None:
    line.switches.error_http_status = 400

    reply = await api.send("", ADA)

    assert (reply.status, reply.json["code"]) == (400, "CE1000")


async def test_a_server_may_not_know_the_number(api: Api, line: Line) -> None:
    line.switches.number_missing = True

    reply = await api.get("number")

    assert (reply.status, reply.json["errorCode"]) == (404, 404)


async def test_invalid_recipients_may_be_skipped(api: Api, line: Line) -> None:
    line.switches.invalid_recipients = "skip"

    some = await api.send("Hi", f"08183172770,{BEN}")
    none = await api.send("Hi", "nobody")

    assert [each["recipient"] for each in some.json["reports"]] == [BEN]
    assert none.json["code"] == "CE1802"
    assert len(line.sent) == 1


async def test_more_than_ten_pages_may_be_refused(api: Api, line: Line) -> None:
    eleven = "ẹ" * (10 * 67 + 1)
    assert (await api.send(eleven, ADA)).json["status"] == "1801"
    line.switches.over_ten_pages = "refuse"

    assert (await api.send(eleven, ADA)).json["code"] == "CE1005"
    assert (await api.send(eleven[1:], ADA)).json["status"] == "1801"


async def test_low_credit_has_two_codes(api: Api, line: Line) -> None:
    line.credit = 0
    line.switches.low_credit_code = "CE1804"

    assert (await api.send("Hi", ADA)).json["code"] == "CE1804"


async def test_a_suspension_may_block_everything(api: Api, line: Line) -> None:
    line.subscription.status = "INACTIVE"
    assert (await api.get("number")).json == {"msisdn": NUMBER[1:]}
    line.switches.suspension_blocks = "everything"

    assert (await api.get("number")).json["code"] == "CE2000"


async def test_times_may_be_of_another_zone(line: Line, house: House) -> None:
    line.world.clock.freeze(datetime(2020, 2, 1, 23, 59, tzinfo=UTC))
    line.switches.utc_offset_minutes = -300

    await line.receive_sms(ADA, "Hi")

    assert house.json[0]["timeReceived"] == "2020/02/01 18:59"
