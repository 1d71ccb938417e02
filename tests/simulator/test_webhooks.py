"""The four webhooks, byte for byte as published, and what can go wrong with them."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from simulator import Line, Simulator

from . import ADA, BEN, GRACE, WHEN
from .conftest import Api, House

PUBLISHED = Path(__file__).parents[1] / "fixtures" / "webhooks"


def published(name: str) -> bytes:
    """Return a published example."""
    return (PUBLISHED / f"{name}.json").read_bytes()


async def test_an_inbound_sms_is_posted_as_published(line: Line, house: House) -> None:
    line.world.clock.freeze(WHEN)

    assert await line.receive_sms(ADA, "One love") == [200]
    assert house.bodies == [published("inbound_sms")]


async def test_an_inbound_call_is_posted_as_published(line: Line, house: House) -> None:
    line.world.clock.freeze(WHEN + timedelta(hours=17, minutes=31))

    assert await line.receive_call(ADA) == [200]
    assert house.bodies == [published("inbound_call")]


async def test_a_report_is_posted_as_published(
    api: Api, line: Line, house: House
) -> None:
    line.world.clock.freeze(WHEN)
    await api.send("Hi", ADA)

    assert await line.report("16276", "DELIVERED") == [200]
    assert house.bodies == [published("sms_report")]


async def test_a_call_status_is_posted_as_published(
    api: Api, line: Line, house: House
) -> None:
    line.world.clock.freeze(WHEN + timedelta(minutes=24))
    await api.call(ADA)

    assert await line.answer("2020012445", answered=True) == [200]
    assert house.bodies == [published("call_status")]


async def test_only_the_sims_own_country_is_spelt_nationally(
    api: Api, line: Line, house: House
) -> None:
    await line.receive_sms(GRACE, "Hi")
    await line.receive_call(GRACE)
    await api.send("Hi", GRACE)
    await line.report("16276", "SENT")

    sms, call, report = house.json
    assert (sms["originator"], call["originator"]) == (GRACE, GRACE)
    assert (report["originator"], report["receiver"]) == ("08176470634", GRACE[1:])


async def test_a_sim_of_another_country_spells_its_own(
    sim: Simulator, house: House
) -> None:
    sim.add_line(api_key="uk", msisdn="+447700900123", webhook=house.url)
    await sim.world.line("+447700900123").receive_call(GRACE)
    await sim.world.line("07700900123").receive_call(ADA, 9)

    own, foreign = house.json
    assert (own["originator"], own["receiver"]) == ("07911123456", "07700900123")
    assert (foreign["originator"], foreign["callDuration"]) == (ADA, "9")


@pytest.mark.parametrize(
    ("sender", "spelt"),
    [
        pytest.param("MTN", "MTN", id="name"),
        pytest.param("55019", "55019", id="short code"),
        pytest.param(None, "", id="withheld"),
        pytest.param("0818 317 2770", ADA, id="national"),
        pytest.param("00447911123456", GRACE, id="two zeros"),
    ],
)
async def test_senders_pass_through_or_become_international(
    line: Line, house: House, sender: str | None, spelt: str
) -> None:
    await line.receive_sms(sender, "Hi")

    assert house.json[0]["originator"] == spelt


async def test_all_values_are_strings(api: Api, line: Line, house: House) -> None:
    line.switches.ids_as = "number"
    await api.send("Hi", ADA)
    await line.report("16276", "SENT")
    await line.receive_call(ADA, 3)

    values = [value for body in house.json for value in body.values()]
    assert all(isinstance(value, str) for value in values)


async def test_without_a_url_nothing_is_posted(line: Line) -> None:
    assert await line.receive_sms(ADA, "Hi") == []


async def test_each_kind_has_its_own_url(line: Line, house: House) -> None:
    line.webhooks.set(None)
    line.webhooks.set(house.url, "call")

    assert await line.receive_sms(ADA, "Hi") == []
    assert await line.receive_call(ADA) == [200]
    assert line.webhooks.urls == {"call": house.url}


@pytest.mark.parametrize(
    ("url", "kinds"),
    [
        pytest.param("ftp://127.0.0.1/", (), id="no http"),
        pytest.param("http://127.0.0.1/", ("fax",), id="no such kind"),
    ],
)
async def test_a_wrong_webhook_is_refused_whole(
    line: Line, url: str, kinds: tuple[Any, ...]
) -> None:
    with pytest.raises(ValueError, match=r"no http address|no webhook"):
        line.webhooks.set(url, *kinds)
    assert line.webhooks.urls == {}


async def test_nobody_there_is_told_as_zero(
    line: Line, caplog: pytest.LogCaptureFixture, unused_tcp_port: int
) -> None:
    line.webhooks.set(f"http://127.0.0.1:{unused_tcp_port}/")

    assert await line.receive_sms(ADA, "Hi") == [0]
    assert "did not answer" in caplog.text


async def test_a_post_that_was_not_taken_is_tried_again(
    line: Line, house: House
) -> None:
    line.switches.webhook_retries = 3
    line.switches.webhook_retry_delay = 0
    house.statuses.extend([500, 302, 200])

    assert await line.receive_sms(ADA, "Hi") == [500, 302, 200]
    assert len(set(house.bodies)) == 1


async def test_the_provider_gives_up_in_the_end(line: Line, house: House) -> None:
    line.switches.webhook_retries = 1
    line.switches.webhook_retry_delay = 0
    house.statuses.extend([500, 500, 500])

    assert await line.receive_sms(ADA, "Hi") == [500, 500]


@pytest.mark.parametrize(
    ("switch", "sent"),
    [
        ("application/json", "application/json"),
        ("text/plain", "text/plain"),
        ("", None),
    ],
)
async def test_the_content_type_is_a_switch(
    line: Line, house: House, switch: str, sent: str | None
) -> None:
    line.switches.webhook_content_type = switch

    await line.receive_sms(ADA, "Hi")

    assert house.headers[0].get("Content-Type") == sent


async def test_anything_at_all_can_be_posted(line: Line, house: House) -> None:
    assert await line.post_webhook("sms", b"\xff not JSON") == [200]
    assert await line.post_webhook("call", {"unheard": "of"}) == [200]
    assert house.bodies == [b"\xff not JSON", b'{"unheard":"of"}']


async def test_what_a_webhook_took_can_leave_the_list(line: Line, house: House) -> None:
    line.switches.unread_after_webhook = False
    house.statuses.extend([500, 200])

    await line.receive_sms(ADA, "Refused")
    await line.receive_sms(ADA, "Taken")

    assert [sms.text for sms in line.inbox] == ["Refused"]


async def test_a_dynamic_webhook_hears_one_number_for_a_while(
    api: Api, line: Line, house: House
) -> None:
    line.webhooks.set(None)
    body = {
        "url": house.url,
        "originMsisdn": ADA,
        "trafficType": "SMS",
        "validityPeriod": 60,
    }
    reply = await api.ask("POST", "set-dynamic-webhook", json=body)
    assert reply.json == {"status": "Successful"}

    assert await line.receive_sms(BEN, "Another number") == []
    assert await line.receive_call(ADA) == []
    assert await line.receive_sms(ADA, "Heard") == [200]
    line.world.clock.advance(60)
    assert await line.receive_sms(ADA, "Too late") == []
    assert [each["message"] for each in house.json] == ["Heard"]


async def test_reports_of_one_message_leave_in_their_order(
    api: Api, sim: Simulator, line: Line, house: House
) -> None:
    line.switches.sent_after = 0
    line.switches.delivered_after = 0
    line.switches.report_queued = True
    line.switches.webhook_retries = 1
    line.switches.webhook_retry_delay = 0
    house.statuses.append(500)

    await api.send("Hi", ADA)
    await sim.settle()

    assert [each["status"] for each in house.json] == [
        "QUEUED",
        "QUEUED",
        "SENT",
        "DELIVERED",
    ]


async def test_a_report_for_an_unknown_message_is_a_mistake_of_the_test(
    line: Line,
) -> None:
    with pytest.raises(LookupError, match="no SMS '1'"):
        await line.report("1", "SENT")
    with pytest.raises(LookupError, match="no call '1'"):
        await line.answer("1", answered=True)


async def test_work_in_the_background_that_fails_is_told(
    sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        await asyncio.sleep(0)
        raise RuntimeError

    sim.world.poster.spawn(fail())
    await sim.settle()

    assert "Background work failed" in caplog.text
