"""How each fault befalls a request."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
import socket
import struct
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .answers import Answer, http_error, sync_error
from .faults import WRONG_JSON, Fault

if TYPE_CHECKING:
    from .line import Line
    from .records import ReceivedRequest

_RESET = struct.pack("ii", 1, 0)
_HTML = b"<!DOCTYPE html><html><body><h1>Sorry, something is wrong.</h1></body></html>"
_MISSING_BYTES = 512

type Work = Callable[[Exchange, Fault], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request, and what it takes to answer it."""

    request: web.Request
    received: ReceivedRequest
    line: Line | None
    act: Callable[[Any], Answer]
    """Does with a body what the request asks."""

    def process(self) -> Answer:
        """Do what the request asks."""
        return self.act(self.received.body)

    def reply(self, answer: Answer) -> web.Response:
        """Answer it."""
        self.received.answered = answer.status
        return web.Response(
            body=answer.body,
            status=answer.status,
            headers=answer.headers,
            content_type=answer.content_type,
        )

    def hang_up(self, *, reset: bool) -> web.Response:
        """Close the connection without an answer."""
        transport = self.request.transport
        if transport is None:
            return web.Response()
        if reset:
            connection: socket.socket = transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        transport.close()
        return web.Response()


async def respond(exchange: Exchange, fault: Fault | None) -> web.StreamResponse:
    """Answer a request, or let its fault do so."""
    if fault is None:
        return exchange.reply(exchange.process())
    return await _WORKS[fault.name](exchange, fault)


def _instead(make: Callable[[Fault], Answer]) -> Work:
    """Answer something else, whether or not the request was processed."""

    async def work(exchange: Exchange, fault: Fault) -> web.StreamResponse:
        if fault.params.get("processed"):
            exchange.process()
        return exchange.reply(make(fault))

    return work


def _distorted(change: Callable[[Exchange, Any, Fault], Any]) -> Work:
    """Process the request, then change what an accepted answer says."""

    async def work(exchange: Exchange, fault: Fault) -> web.StreamResponse:
        answer = exchange.process()
        if not exchange.received.processed or not isinstance(answer.content, dict):
            return exchange.reply(answer)
        return exchange.reply(Answer(change(exchange, answer.content, fault)))

    return work


async def _truncated(exchange: Exchange, fault: Fault) -> web.StreamResponse:
    answer = exchange.process() if fault.params["processed"] else Answer({})
    response = web.StreamResponse(headers={"Content-Type": answer.content_type})
    response.content_length = len(answer.body) + _MISSING_BYTES
    await response.prepare(exchange.request)
    await response.write(answer.body)
    exchange.received.answered = HTTPStatus.OK
    exchange.hang_up(reset=False)
    return response


async def _accept_then_drop(exchange: Exchange, fault: Fault) -> web.StreamResponse:
    exchange.process()
    return exchange.hang_up(reset=fault.params["reset"])


async def _drop(exchange: Exchange, fault: Fault) -> web.StreamResponse:
    return exchange.hang_up(reset=fault.params["reset"])


async def _slow(exchange: Exchange, fault: Fault) -> web.StreamResponse:
    answer = exchange.process()
    await asyncio.sleep(fault.params["seconds"])
    return exchange.reply(answer)


async def _slow_before(exchange: Exchange, fault: Fault) -> web.StreamResponse:
    await asyncio.sleep(fault.params["seconds"])
    return exchange.reply(exchange.process())


def _http_error(error_code: int, status: int | None) -> Answer:
    answer = http_error(error_code, "Refused")
    return answer if status is None else replace(answer, status=status)


async def _code(exchange: Exchange, fault: Fault) -> web.StreamResponse:
    status = fault.params["status"]
    if status is None:
        line = exchange.line
        status = line.switches.error_http_status if line else HTTPStatus.OK
    code, error = fault.params["code"], fault.params["error"]
    return exchange.reply(sync_error(code, status, error))


async def _partial(exchange: Exchange, fault: Fault) -> web.StreamResponse:
    if not fault.params["send_rest"]:
        body = _shortened(exchange.received.body, fault.params["keep"])
        act = exchange.act
        exchange = replace(exchange, act=lambda _: act(body))
    return await _distorted(_keep_some)(exchange, fault)


def _shortened(body: Any, keep: int) -> Any:
    if not isinstance(body, dict):
        return body
    recipients = str(body.get("recipients", "")).split(",")
    return body | {"recipients": ",".join(recipients[:keep])}


def _keep_some(exchange: Exchange, content: Any, fault: Fault) -> Any:
    field = _reports_field(exchange)
    if field not in content:
        return content
    return content | {field: content[field][: fault.params["keep"]]}


def _without_ids(exchange: Exchange, content: Any, _fault: Fault) -> Any:
    ids = {_reports_field(exchange), "callId", "trackingId"}
    return {key: value for key, value in content.items() if key not in ids}


def _with_one_id(exchange: Exchange, content: Any, _fault: Fault) -> Any:
    """Give all recipients the id of the line's first SMS."""
    field = _reports_field(exchange)
    if exchange.line is None or field not in content:
        return content
    name = exchange.line.switches.sent_id_field
    first = exchange.line.sent[0].tracking_id
    return content | {field: [each | {name: first} for each in content[field]]}


def _reports_field(exchange: Exchange) -> str:
    return exchange.line.switches.reports_field if exchange.line else ""


_WORKS: dict[str, Work] = {
    "http_500": _instead(lambda _: http_error(500, "Internal server error")),
    "http_503_html": _instead(
        lambda _: Answer(status=503, raw=_HTML, content_type="text/html")
    ),
    "html_200": _instead(lambda _: Answer(raw=_HTML, content_type="text/html")),
    "empty_200": _instead(lambda _: Answer(raw=b"")),
    "broken_json": _instead(lambda _: Answer(raw=b'{"status": "1801", "reports": [')),
    "wrong_json_type": _instead(lambda f: Answer(WRONG_JSON[f.params["kind"]])),
    "truncated": _truncated,
    "accept_then_drop": _accept_then_drop,
    "drop": _drop,
    "slow": _slow,
    "slow_before": _slow_before,
    "redirect": _instead(
        lambda f: Answer(
            status=f.params["status"], headers={"Location": f.params["location"]}
        )
    ),
    "unauthorized": _instead(lambda _: http_error(401, "Missing or invalid API key")),
    "rate_limited": _instead(
        lambda f: http_error(
            429, "Too many requests", {"Retry-After": str(f.params["retry_after"])}
        )
    ),
    "http_error": _instead(lambda f: _http_error(**f.params)),
    "code": _code,
    "partial": _partial,
    "no_ids": _distorted(_without_ids),
    "duplicate_id": _distorted(_with_one_id),
}
