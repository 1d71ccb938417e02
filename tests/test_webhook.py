"""What the webhook answers to whom, and what never leaves it."""

import asyncio
from collections.abc import AsyncIterator
import json
import logging
from typing import Any
from unittest.mock import AsyncMock

from aiohttp import web
from homeassistant.components.webhook import async_handle_webhook
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.json import json_bytes
from homeassistant.setup import async_setup_component
from homeassistant.util.aiohttp import MockRequest
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.cecula_sync import webhook as webhook_module
from custom_components.cecula_sync.const import DOMAIN

from .conftest import NUMBER, WEBHOOK_ID, WEBHOOKS, Post, captured
from .doors import SECOND_NUMBER, entity_id, kept_files, state_of

LIMIT = 64 * 1024
SMS = entity_id("event", "sms")
EVENTS = ("sms_received", "call_received", "sms_status", "call_status")


def sms(**changes: Any) -> bytes:
    """Return an inbound SMS as the provider posts it."""
    published = json.loads((WEBHOOKS / "inbound_sms.json").read_bytes())
    return json.dumps(published | changes).encode()


DURATIONS: list[Any] = ["NaN", "inf", "-1", "1e30", "9" * 400, "soon", "", None, True]


def call(**changes: Any) -> bytes:
    """Return an inbound call as the provider posts it."""
    published = json.loads((WEBHOOKS / "inbound_call.json").read_bytes())
    return json.dumps(published | changes).encode()


UNREADABLE = [
    pytest.param(b"", id="empty"),
    pytest.param(b" \n", id="blank"),
    pytest.param(b"One love", id="no JSON"),
    pytest.param(b"originator=0818&receiver=0817&message=Hi", id="a form"),
    pytest.param(b"\xff\xfe\x00", id="no UTF-8"),
    pytest.param(sms().decode().encode("utf-16"), id="UTF-16"),
    pytest.param(b"\0" * 100, id="NUL"),
    pytest.param(sms() + sms(), id="two objects"),
    pytest.param(sms()[:-1], id="half an object"),
    pytest.param(b"[" + sms() + b"]", id="array"),
    *(
        pytest.param(body, id=body.decode())
        for body in (b'"Hi"', b"1", b"null", b"true")
    ),
    pytest.param(b"{}", id="empty object"),
    pytest.param(b'{"\\ud800": "\\udfff"}', id="lone surrogates as a field"),
    pytest.param(b'{"originator":"08183172770"}', id="of no kind"),
    pytest.param(b"[" * 60_000, id="deep array"),
    pytest.param(b'{"a":' * 12_000, id="deep object"),
    pytest.param(b'{"callDuration":' + b"9" * 60_000 + b"}", id="huge integer"),
    pytest.param(b'{"callDuration":1e999}', id="infinite float"),
    pytest.param(b'{"callDuration":NaN}', id="not a number"),
    pytest.param(b'{"callDuration":Infinity}', id="infinity"),
    *(
        pytest.param(call(callDuration=duration), id=f"duration {duration!r}"[:40])
        for duration in DURATIONS
    ),
    *(
        pytest.param(sms(message=message), id=f"message {message!r}")
        for message in (None, True, False, ["Hi"], {"text": "Hi"})
    ),
    pytest.param(b'{"messageId":"1"}', id="report without status"),
    pytest.param(b'{"callId":"1","status":true}', id="status of another type"),
    pytest.param(b'{"callId":["1"],"status":"ANSWERED"}', id="id of another type"),
]


@pytest.mark.parametrize("body", UNREADABLE)
async def test_what_cannot_be_read_is_refused(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    post: Post,
    caplog: pytest.LogCaptureFixture,
    body: bytes,
) -> None:
    """It is answered with 400, fires nothing, and is not worth a line in the log."""
    events = [captured(hass, kind) for kind in EVENTS]
    caplog.clear()
    assert await post(body) == 400
    assert events == [[], [], [], []]
    logged = [item for item in caplog.records if item.levelno > logging.INFO]
    assert [item for item in logged if item.name != "asyncio"] == []


ODD = [
    pytest.param(
        sms(message="\ud800 and \udfff"), "\ufffd and \ufffd", id="surrogates"
    ),
    pytest.param(sms(message="a\0b"), "a\ufffdb", id="NUL"),
    pytest.param(sms(message=""), "", id="empty"),
    pytest.param(sms(message=1234), "1234", id="a number"),
    pytest.param(b"\xef\xbb\xbf" + sms(), "One love", id="byte order mark"),
    pytest.param(sms(message="\U0001f44b ẹ́\r\n"), "\U0001f44b ẹ́\r\n", id="any text"),
    pytest.param(sms(originator="\ud800\0", extra={"a": [1]}), "One love", id="sender"),
    pytest.param(sms(timeReceived="9999-12-31T23:59:59Z"), "One love", id="far future"),
    pytest.param(sms(timeReceived="0001-01-01T00:00"), "One love", id="far past"),
    pytest.param(sms(timeReceived={"at": "noon"}), "One love", id="no time"),
]


@pytest.mark.parametrize(("body", "message"), ODD)
async def test_what_can_be_read_is_taken_and_can_be_stored(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    post: Post,
    body: bytes,
    message: str,
) -> None:
    """No database and no JSON writer chokes on it."""
    events = captured(hass, "sms_received")
    assert await post(body) == 200
    (event,) = events
    assert event.data["message"] == message
    assert event.data["received_at"]
    assert json.loads(json_bytes(event.data))["message"] == message
    assert state_of(hass, SMS).attributes["message"] == message


async def test_text_from_outside_is_data(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    post: Post,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is not rendered, and no log above debug shows it or who sent it."""
    hostile = "{{ 6 * 7 }} {% set x = states %}\n<script>secret</script>"
    forward = {
        "triggers": {"trigger": "event", "event_type": "cecula_sync_sms_received"},
        "actions": {
            "event": "forwarded",
            "event_data": {"text": "{{ trigger.event.data.message }}"},
        },
    }
    assert await async_setup_component(hass, "automation", {"automation": forward})
    await hass.async_block_till_done()
    forwarded = async_capture_events(hass, "forwarded")
    caplog.clear()
    assert await post(sms(message=hostile, originator="{{ 6 * 7 }}")) == 200
    assert [event.data["text"] for event in forwarded] == [hostile]
    state = state_of(hass, SMS)
    assert (state.attributes["message"], state.attributes["sender"]) == (
        hostile,
        "{{ 6 * 7 }}",
    )
    logged = [item for item in caplog.records if item.levelno >= logging.INFO]
    assert not any("secret" in item.getMessage() for item in logged)
    assert not any("6 * 7" in item.getMessage() for item in logged)


OWN = ["receiver", "receiver", "originator", "originator"]
FILES = ["inbound_sms", "inbound_call", "sms_report", "call_status"]


@pytest.mark.parametrize(("file", "own"), zip(FILES, OWN, strict=True))
async def test_what_is_for_another_number_is_refused(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    post: Post,
    caplog: pytest.LogCaptureFixture,
    file: str,
    own: str,
) -> None:
    """An issue tells of it, names no number but ours, and closes itself."""
    events = [captured(hass, kind) for kind in EVENTS]
    published = json.loads((WEBHOOKS / f"{file}.json").read_bytes())
    body = json.dumps(published | {own: SECOND_NUMBER})
    assert await post(body.encode()) == 403
    assert events == [[], [], [], []]
    issues = ir.async_get(hass)
    assert issues.async_get_issue(DOMAIN, f"another_number_{loaded.entry_id}")
    warnings = [item for item in caplog.records if item.levelno >= logging.WARNING]
    assert not any(SECOND_NUMBER[4:] in item.getMessage() for item in warnings)

    assert await post((WEBHOOKS / f"{file}.json").read_bytes()) == 200
    assert not issues.async_get_issue(DOMAIN, f"another_number_{loaded.entry_id}")


@pytest.mark.parametrize(
    "receiver",
    [NUMBER, NUMBER[1:], "08176470634", "0817 647 0634", "2340" + NUMBER[4:], "", None],
)
async def test_the_own_number_is_known_however_it_is_spelt(
    hass: HomeAssistant, loaded: MockConfigEntry, post: Post, receiver: str | None
) -> None:
    """And where it is left out, the webhook's secret address is enough."""
    assert await post(sms(receiver=receiver)) == 200


def padded(size: int) -> bytes:
    """Return an SMS of so many bytes."""
    return sms().ljust(size)


@pytest.mark.parametrize(
    ("size", "status"),
    [
        pytest.param(LIMIT, 200, id="exactly 64 KiB"),
        pytest.param(LIMIT + 1, 413, id="a byte more"),
        pytest.param(1_000_000, 413, id="far more"),
    ],
)
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_that_is_too_large_is_refused(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_client_no_auth: Any,
    size: int,
    status: int,
    chunked: bool,
) -> None:
    """Whether or not its length is told beforehand."""

    async def in_chunks() -> AsyncIterator[bytes]:
        body = padded(size)
        for start in range(0, size, 10_000):
            yield body[start : start + 10_000]

    events = captured(hass, "sms_received")
    client = await hass_client_no_auth()
    data = in_chunks() if chunked else padded(size)
    async with client.post(f"/api/webhook/{WEBHOOK_ID}", data=data) as response:
        assert response.status == status
    assert len(events) == (1 if status == 200 else 0)


async def test_a_post_that_breaks_off_is_for_nobody(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_client_no_auth: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What is there by then may be a whole text, or half of one; it comes again."""
    asked, ended = asyncio.Event(), asyncio.Event()
    read = webhook_module._read_capped

    async def read_in_the_open(request: web.Request) -> bytes | None:
        asked.set()
        try:
            return await read(request)
        finally:
            ended.set()

    monkeypatch.setattr(webhook_module, "_read_capped", read_in_the_open)
    events = captured(hass, "sms_received")
    client = await hass_client_no_auth()
    url = client.make_url(f"/api/webhook/{WEBHOOK_ID}")
    _, writer = await asyncio.open_connection(url.host, url.port)
    body = sms()
    head = f"POST {url.path} HTTP/1.1\r\nHost: house\r\nTransfer-Encoding: chunked\r\n"
    writer.write(b"%b\r\n%x\r\n%b\r\n" % (head.encode(), len(body), body))
    await asked.wait()
    writer.close()
    await ended.wait()
    await hass.async_block_till_done()
    assert events == []
    assert WEBHOOK_ID not in caplog.text
    async with client.post(url.path, data=sms()) as response:
        assert response.status == 200
    assert len(events) == 1


async def test_a_stream_that_fails_is_answered_and_tells_no_id(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Home Assistant Cloud's may raise what aiohttp's does not."""
    stream = AsyncMock(read=AsyncMock(side_effect=ConnectionError))
    monkeypatch.setattr(MockRequest, "content", stream)
    events = captured(hass, "sms_received")
    request = MockRequest(sms(), "cloud", method="POST")
    response = await async_handle_webhook(hass, WEBHOOK_ID, request)
    assert response.status == 400
    assert events == []
    assert WEBHOOK_ID not in caplog.text


@pytest.mark.parametrize(("method", "status"), [("GET", 405), ("PUT", 405)])
async def test_only_posts_are_taken(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_client_no_auth: Any,
    method: str,
    status: int,
) -> None:
    """The published webhooks are posts."""
    events = captured(hass, "sms_received")
    client = await hass_client_no_auth()
    async with client.request(
        method, f"/api/webhook/{WEBHOOK_ID}", data=sms()
    ) as response:
        assert response.status == status
    assert events == []


@pytest.mark.parametrize(
    ("body", "status", "count"),
    [
        pytest.param(sms(), 200, 1, id="published"),
        pytest.param(padded(LIMIT), 200, 1, id="exactly 64 KiB"),
        pytest.param(padded(LIMIT + 1), 413, 0, id="too large"),
        pytest.param(b"", 400, 0, id="empty"),
        pytest.param(b"\xff", 400, 0, id="no UTF-8"),
        pytest.param(sms(receiver=SECOND_NUMBER), 403, 0, id="another number"),
    ],
)
async def test_what_comes_through_home_assistant_cloud_is_answered_alike(
    hass: HomeAssistant, loaded: MockConfigEntry, body: bytes, status: int, count: int
) -> None:
    """Such a request can do less than one that came directly."""
    events = captured(hass, "sms_received")
    request = MockRequest(body, "cloud", method="POST")
    response = await async_handle_webhook(hass, WEBHOOK_ID, request)
    assert response.status == status
    assert len(events) == count


@pytest.mark.parametrize(
    ("end", "expected", "parked"),
    [
        pytest.param("async_unload", 200, 1, id="unloaded"),
        pytest.param("async_remove", 503, 0, id="removed"),
    ],
)
async def test_a_post_that_outlives_its_line_is_parked_or_refused(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_client_no_auth: Any,
    monkeypatch: pytest.MonkeyPatch,
    end: str,
    expected: int,
    parked: int,
) -> None:
    """The provider hears whether anybody took it; nothing fires for now."""
    begun, read = asyncio.Event(), webhook_module._read_capped

    async def read_and_tell(request: web.Request) -> bytes | None:
        begun.set()
        return await read(request)

    monkeypatch.setattr(webhook_module, "_read_capped", read_and_tell)
    events = captured(hass, "sms_received")
    client = await hass_client_no_auth()
    published = (WEBHOOKS / "inbound_sms.json").read_bytes()

    async def slowly() -> AsyncIterator[bytes]:
        yield published[:-1]
        await begun.wait()
        await getattr(hass.config_entries, end)(loaded.entry_id)
        yield published[-1:]

    async with client.post(f"/api/webhook/{WEBHOOK_ID}", data=slowly()) as response:
        assert response.status == expected
    await hass.async_block_till_done()
    assert events == []
    kept = kept_files(hass).values()
    assert sum("One love" in content for content in kept) == parked
