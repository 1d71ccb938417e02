"""Every operation of the provider's table, and what it answers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from simulator import Line, Simulator

from . import ADA, BEN, GRACE, NUMBER, WHEN
from .conftest import Api


async def test_an_accepted_sms_is_answered_with_an_id_for_each_recipient(
    api: Api, line: Line
) -> None:
    reply = await api.send("The gate is open", f"{ADA},{GRACE}")

    assert reply.status == 200
    assert reply.json["status"] == "1801"
    assert reply.json["reports"] == [
        {"recipient": ADA, "trackingId": "16276"},
        {"recipient": GRACE, "trackingId": "16277"},
    ]
    assert [(sms.recipient, sms.text, sms.status) for sms in line.sent] == [
        (ADA, "The gate is open", "QUEUED"),
        (GRACE, "The gate is open", "QUEUED"),
    ]


@pytest.mark.parametrize(
    ("text", "recipients", "left"),
    [
        pytest.param("Hi", ADA, 97.5, id="one page"),
        pytest.param("Hi", f"{ADA},{BEN}", 95, id="for each recipient"),
        pytest.param("x" * 161, ADA, 95, id="for each page"),
        pytest.param("ẹ" * 71, f"{ADA},{BEN}", 90, id="and both"),
    ],
)
async def test_credit_sinks_by_pages_and_recipients(
    api: Api, text: str, recipients: str, left: float
) -> None:
    await api.send(text, recipients)

    assert (await api.get("cecula-balance")).json == {"balance": left}


async def test_an_sms_that_costs_too_much_is_not_sent_to_anyone(
    api: Api, line: Line
) -> None:
    line.credit = 4.9

    reply = await api.send("Hi", f"{ADA},{BEN}")

    assert reply.json["code"] == "CE3001"
    assert (line.sent, line.credit) == ([], 4.9)


async def test_the_status_of_an_sms_can_be_asked_for(api: Api, sim: Simulator) -> None:
    sim.clock.freeze(WHEN)
    await api.send("Hi", ADA)
    sim.clock.advance(60)
    await sim.lines[0].report("16276", "DELIVERED")

    assert (await api.get("sent-sms-status/16276")).json == {
        "messageId": "16276",
        "originator": "08176470634",
        "receiver": "2348183172770",
        "status": "DELIVERED",
        "sendTime": "2020/02/01 07:38",
        "doneTime": "2020/02/01 07:38",
    }


async def test_a_call_rings_until_it_is_decided(api: Api, line: Line) -> None:
    line.world.clock.freeze(WHEN)
    reply = await api.call(ADA)
    assert reply.json == {"callId": "2020012445"}
    ringing = (await api.get("dialled-call-status/2020012445")).json
    await line.answer("2020012445", answered=False)
    decided = (await api.get("dialled-call-status/2020012445")).json

    assert ringing == {
        "callId": "2020012445",
        "originator": "08176470634",
        "receiver": ADA,
        "status": "RINGING",
        "callTime": "2020/02/01 07:37",
    }
    assert decided == ringing | {"status": "NOT ANSWERED"}
    assert line.credit == 97.5


async def test_unread_sms_are_handed_out_once(api: Api, line: Line) -> None:
    line.world.clock.freeze(WHEN)
    await line.receive_sms(ADA, "One love")

    assert (await api.get("get-new-sms")).json == [
        {
            "originator": ADA,
            "receiver": "08176470634",
            "message": "One love",
            "timeReceived": "2020/02/01 07:37",
        }
    ]
    assert (await api.get("get-new-sms")).json == []
    assert [sms.text for sms in line.received] == ["One love"]


async def test_only_missed_calls_are_handed_out(api: Api, line: Line) -> None:
    line.world.clock.freeze(WHEN)
    await line.receive_call(ADA, 12)
    await line.receive_call(BEN)

    assert (await api.get("new-missed-calls")).json == [
        {
            "originator": "08031234567",
            "receiver": "08176470634",
            "callDuration": "0",
            "callTime": "2020/02/01 07:37",
        }
    ]
    assert (await api.get("new-missed-calls")).json == []


async def test_a_call_cannot_last_less_than_nothing(line: Line) -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        await line.receive_call(ADA, -1)


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        pytest.param("cecula-balance", {"balance": 100}, id="balance"),
        pytest.param("number", {"msisdn": NUMBER[1:]}, id="number"),
        pytest.param(
            "subscription-status",
            {
                "subscriptionStatus": "ACTIVE",
                "subscriptionPlan": "Cecula Sync Cloud Monthly",
                "expiryDate": "2099/12/31 23:59",
            },
            id="subscription",
        ),
        pytest.param("management/sim-status", {"status": "READY"}, id="sim"),
        pytest.param("management/refresh-sim", {"status": "Successful"}, id="refresh"),
    ],
)
async def test_the_account_tells_its_state(api: Api, path: str, answer: Any) -> None:
    reply = await api.get(path)

    assert (reply.status, reply.json) == (200, answer)


async def test_a_subscription_ends_with_its_expiry(api: Api, line: Line) -> None:
    line.subscription.expires = line.world.now() + timedelta(days=1)
    line.world.clock.advance(24 * 60 * 60)

    reply = await api.get("subscription-status")

    assert reply.json["subscriptionStatus"] == "INACTIVE"


async def test_refreshing_the_sim_frees_frozen_messages(
    api: Api, line: Line, sim: Simulator
) -> None:
    line.switches.sent_after = 0
    line.frozen = True
    await api.send("Hi", ADA)
    await sim.settle()
    assert line.sent[0].status == "QUEUED"

    await api.get("management/refresh-sim")
    await sim.settle()

    assert line.sent[0].status == "SENT"


@pytest.mark.parametrize("kind", ["sms", "call"])
async def test_whoever_texts_or_calls_is_answered_and_it_costs(
    api: Api, line: Line, kind: str
) -> None:
    path = f"set-{kind}-autoresponse"
    await api.ask("PATCH", path, json={"text": "Nobody is home"})
    if kind == "sms":
        await line.receive_sms(ADA, "Hello?")
    else:
        await line.receive_call(ADA)

    (reply,) = line.sent
    assert (reply.recipient, reply.text) == (ADA, "Nobody is home")
    assert reply.origin == f"{kind}_auto_reply"
    assert line.credit == 97.5


async def test_an_empty_text_ends_the_auto_reply(api: Api, line: Line) -> None:
    line.call_auto_reply = "Nobody is home"

    await api.ask("PATCH", "set-call-autoresponse", json={"text": ""})
    await line.receive_call(ADA)

    assert line.sent == []


@pytest.mark.parametrize("caller", ["MTN", "55019", None])
async def test_who_has_no_number_gets_no_auto_reply(
    line: Line, caller: str | None
) -> None:
    line.call_auto_reply = "Nobody is home"

    await line.receive_call(caller)

    assert line.sent == []


async def test_without_credit_the_auto_reply_is_left_out(line: Line) -> None:
    line.sms_auto_reply = "Nobody is home"
    line.credit = 1

    await line.receive_sms(ADA, "Hello?")

    assert (line.sent, len(line.inbox)) == ([], 1)


async def test_the_endpoint_table_needs_no_key(api: Api, sim: Simulator) -> None:
    api.headers = {}
    table = (await api.get("endpoints.json")).json

    assert table["base"] == f"{sim.base_url}/"
    assert set(table) == {"base", "version", "endpoints"}
    assert table["endpoints"]["sms"]["sendSms"] == {"endpoint": "send-sms"}
    assert table["endpoints"]["account"]["simStatus"] == {
        "endpoint": "management/sim-status"
    }
    assert [len(group) for group in table["endpoints"].values()] == [4, 4, 6]


async def test_every_request_is_recorded_without_its_key(
    api: Api, sim: Simulator, line: Line
) -> None:
    sim.clock.freeze(WHEN)
    await api.send("Hi", ADA)
    await api.get("nowhere?really=1")
    api.headers = {"Authorization": "Bearer CCL.wrong.key"}
    await api.get("number")

    sent, nowhere, foreign = sim.requests
    assert (sent.operation, sent.method, sent.path) == (
        "send-sms",
        "POST",
        "/sync/api/send-sms",
    )
    assert sent.body == {"text": "Hi", "recipients": ADA}
    assert (sent.processed, sent.authorised, sent.answered) == (True, True, 200)
    assert sent.at == datetime(2020, 2, 1, 6, 37, tzinfo=UTC)
    assert (nowhere.operation, nowhere.path) == ("", "/sync/api/nowhere?really=1")
    assert (nowhere.processed, nowhere.answered) == (False, 404)
    assert (foreign.authorised, foreign.answered) == (False, 401)
    assert "secret" not in repr(sim.requests)
    assert (sim.requests_to("send-sms"), line.requests) == ([sent], [sent, nowhere])
