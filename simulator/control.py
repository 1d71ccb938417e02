"""Control over HTTP: what the Python API does, for other processes and the page."""

import asyncio
from collections.abc import Awaitable, Callable
import contextlib
from datetime import datetime
import json
from types import NoneType
from typing import TYPE_CHECKING, Any

from aiohttp import hdrs, web

from . import snapshot

if TYPE_CHECKING:
    from .line import Line
    from .world import World

type Json = dict[str, Any]
type Action = Callable[[Json], Awaitable[Json]]

# The page needs no more often than this to be told that something changed.
_CALM = 0.05


class Control:
    """The routes below /control."""

    def __init__(self, world: World) -> None:
        """Control a world."""
        self._world = world
        self._closing = False
        self._actions: dict[str, Action] = {
            "add_line": self._add_line,
            "receive_sms": self._receive_sms,
            "receive_call": self._receive_call,
            "report": self._report,
            "answer": self._answer,
            "post_webhook": self._post_webhook,
            "set_line": self._set_line,
            "set_webhooks": self._set_webhooks,
            "set_switches": self._set_switches,
            "set_phone": self._set_phone,
            "arm": self._arm,
            "disarm": self._disarm,
            "clock": self._clock,
            "settle": self._settle,
            "forget_requests": self._forget_requests,
        }

    def add_routes(self, application: web.Application) -> None:
        """Serve the control, until the application shuts down."""
        router = application.router
        router.add_get("/control/state", self._get_state)
        router.add_get("/control/requests", self._get_requests)
        router.add_get("/control/choices", self._get_choices)
        router.add_get("/control/changes", self._get_changes)
        router.add_post("/control/{action}", self._post_action)
        application.on_startup.append(self._open)
        application.on_shutdown.append(self._close)

    async def _open(self, _: web.Application) -> None:
        self._closing = False

    async def _close(self, _: web.Application) -> None:
        self._closing = True
        self._world.changed()

    async def _get_state(self, request: web.Request) -> web.Response:
        limit = _newest(request)
        world = self._world
        return web.json_response(
            {
                "change": world.version,
                "now": world.now().isoformat(),
                "frozen": world.clock.frozen,
                "lines": [snapshot.of_line(line, limit) for line in world.lines],
                "phones": [snapshot.of_record(each) for each in world.phones.values()],
                "faults": [snapshot.of_record(each) for each in world.faults.armed],
            }
        )

    async def _get_requests(self, request: web.Request) -> web.Response:
        operation = request.query.get("operation")
        asked = [
            snapshot.of_record(each) | {"authorised": each.authorised}
            for each in self._world.requests
            if operation in (None, each.operation)
        ]
        return web.json_response(asked[-(_newest(request) or 0) :])

    async def _get_choices(self, _: web.Request) -> web.Response:
        return web.json_response(snapshot.of_choices())

    async def _get_changes(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={hdrs.CACHE_CONTROL: "no-store"})
        response.content_type = "text/event-stream"
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            while not self._closing:
                changed = self._world.watch()
                await response.write(b"data: %d\n\n" % self._world.version)
                await changed.wait()
                await asyncio.sleep(_CALM)
        return response

    async def _post_action(self, request: web.Request) -> web.Response:
        action = self._actions.get(request.match_info["action"])
        if action is None:
            return web.json_response({"error": "There is no such action"}, status=404)
        if request.content_type != "application/json":
            return web.json_response({"error": "Send JSON"}, status=415)
        try:
            return web.json_response(await action(await _body_of(request)))
        except (ValueError, TypeError, LookupError) as error:
            return web.json_response({"error": _words_of(error)}, status=400)

    def _line(self, body: Json) -> Line:
        if "line" in body:
            return self._world.line(str(body.pop("line")))
        if len(self._world.lines) != 1:
            message = "Name the line by its number"
            raise ValueError(message)
        return self._world.lines[0]

    async def _add_line(self, body: Json) -> Json:
        given = _given(body, api_key=str, msisdn=str, credit=(int, float), webhook=str)
        return snapshot.of_line(self._world.add_line(**given))

    async def _receive_sms(self, body: Json) -> Json:
        line = self._line(body)
        given = _given(body, sender=(str, NoneType), text=str)
        return {"webhook": await line.receive_sms(**given)}

    async def _receive_call(self, body: Json) -> Json:
        line = self._line(body)
        given = _given(body, caller=(str, NoneType), duration_seconds=int)
        return {"webhook": await line.receive_call(**given)}

    async def _report(self, body: Json) -> Json:
        line = self._line(body)
        given = _given(body, tracking_id=str, status=str)
        return {"webhook": await line.report(**given)}

    async def _answer(self, body: Json) -> Json:
        line = self._line(body)
        given = _given(body, call_id=str, answered=bool)
        return {"webhook": await line.answer(**given)}

    async def _post_webhook(self, body: Json) -> Json:
        line = self._line(body)
        given = _given(body, kind=str, body=dict)
        return {"webhook": await line.post_webhook(**given)}

    async def _set_line(self, body: Json) -> Json:
        line = self._line(body)
        line.update(body)
        return snapshot.of_line(line)

    async def _set_webhooks(self, body: Json) -> Json:
        line = self._line(body)
        given = _given(body, url=(str, NoneType), kinds=list)
        line.webhooks.set(given.get("url"), *given.get("kinds", ()))
        return {"webhooks": line.webhooks.urls}

    async def _set_switches(self, body: Json) -> Json:
        line = self._line(body)
        line.switches.update(body)
        self._world.changed()
        return line.switches.as_dict()

    async def _set_phone(self, body: Json) -> Json:
        answers = (bool, NoneType)
        given = _given(body, number=str, name=str, fate=str, answers=answers)
        return snapshot.of_record(self._world.set_phone(**given))

    async def _arm(self, body: Json) -> Json:
        return snapshot.of_record(self._world.arm(**body))

    async def _disarm(self, body: Json) -> Json:
        self._world.disarm(**_given(body, fault=(str, NoneType)))
        return {}

    async def _clock(self, body: Json) -> Json:
        clock = self._world.clock
        match next(iter(body.items()), ("", None)):
            case "set", str(moment):
                clock.set(datetime.fromisoformat(moment))
            case "advance", int(seconds) | float(seconds):
                clock.advance(seconds)
            case "freeze", bool():
                clock.freeze()
            case "run", bool():
                clock.run()
            case _:
                message = "Say set, advance, freeze or run"
                raise ValueError(message)
        self._world.changed()
        return {"now": clock.now().isoformat(), "frozen": clock.frozen}

    async def _settle(self, _body: Json) -> Json:
        await self._world.poster.settle()
        return {}

    async def _forget_requests(self, _body: Json) -> Json:
        self._world.requests.clear()
        return {}


def _newest(request: web.Request) -> int | None:
    text = request.query.get("newest", "")
    return int(text) if text.isdecimal() else None


async def _body_of(request: web.Request) -> Json:
    body = json.loads(await request.read() or b"{}")
    if not isinstance(body, dict):
        message = "Send a JSON object"
        raise TypeError(message)
    return body


def _given(body: Json, /, **kinds: type | tuple[type, ...]) -> Json:
    """Return the fields of a body, or refuse a wrong one."""
    for name, value in body.items():
        if name not in kinds:
            message = f"Unknown field {name!r}"
            raise ValueError(message)
        if not isinstance(value, kinds[name]):
            message = f"Wrong type: {name!r}"
            raise TypeError(message)
    return body


def _words_of(error: Exception) -> str:
    return str(error.args[0]) if error.args else type(error).__name__
