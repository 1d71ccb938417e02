"""The provider's door: who asks, for what, and may they."""

from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
import json
import re
from typing import TYPE_CHECKING, Any

from aiohttp import hdrs, web

from .answers import Answer, Code, HttpError, SyncError, http_error, sync_error
from .mischief import Exchange, respond
from .operations import ENDPOINTS, ITEM, OPERATIONS, Operation
from .records import ReceivedRequest

if TYPE_CHECKING:
    from .line import Line
    from .world import World

BASE_PATH = "/sync/api"
_VERSION = "1.0"
_PATTERNS = [
    (re.compile(f"{BASE_PATH}/{operation.path}"), operation) for operation in OPERATIONS
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a path asks for; an operation of no name is none."""

    name: str
    operation: Operation | None = None
    item: str = ""


class Provider:
    """Takes every request, records it, and answers it or does worse."""

    def __init__(self, world: World) -> None:
        """Serve a world."""
        self._world = world

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Record a request as it arrives, then see what becomes of it."""
        asked = _match(request.path)
        line = self._world.line_of_key(_key_of(request))
        received = self._record(request, asked, line)
        await _read_body(request, received)
        fault = self._world.faults.take(received.operation, received.line)
        received.fault = fault.name if fault else None
        self._world.changed()
        exchange = Exchange(
            request=request,
            received=received,
            line=line,
            act=partial(_act, request, received, asked, line),
        )
        try:
            return await respond(exchange, fault)
        finally:
            self._world.changed()

    def _record(
        self, request: web.Request, asked: Asked, line: Line | None
    ) -> ReceivedRequest:
        received = ReceivedRequest(
            operation=asked.name,
            method=request.method,
            path=request.path_qs,
            headers={
                name: value
                for name, value in request.headers.items()
                if name.lower() != "authorization"
            },
            at=self._world.now(),
            line=line.msisdn if line else None,
        )
        self._world.requests.append(received)
        return received


def _match(path: str) -> Asked:
    if path == f"{BASE_PATH}/{ENDPOINTS}":
        return Asked(ENDPOINTS)
    for pattern, operation in _PATTERNS:
        if found := pattern.fullmatch(path):
            return Asked(operation.name, operation, next(iter(found.groups()), ""))
    return Asked("")


def _act(
    request: web.Request,
    received: ReceivedRequest,
    asked: Asked,
    line: Line | None,
    body: Any,
) -> Answer:
    if asked.name == ENDPOINTS:
        received.processed = True
        return Answer(_endpoint_table(f"{request.url.origin()}{BASE_PATH}/"))
    try:
        operation, caller = _admit(request, asked.operation, line)
        _check_body(request, body)
        _check_service(caller, operation)
        content = operation.act(caller, body or {}, asked.item)
    except HttpError as error:
        return http_error(error.status, error.message)
    except SyncError as error:
        status = line.switches.error_http_status if line else HTTPStatus.OK
        return sync_error(error.code, status, error.detail)
    received.processed = True
    return content if isinstance(content, Answer) else Answer(content)


def _key_of(request: web.Request) -> str:
    scheme, _, key = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    return key if scheme == "Bearer" else ""


async def _read_body(request: web.Request, received: ReceivedRequest) -> None:
    raw = await request.read()
    received.raw_body = raw.decode(errors="replace")
    try:
        received.body = json.loads(raw) if raw else None
    except ValueError:
        received.body = None


def _admit(
    request: web.Request, operation: Operation | None, line: Line | None
) -> tuple[Operation, Line]:
    if operation is None:
        raise HttpError(HTTPStatus.NOT_FOUND, "Not found")
    if request.method != operation.method:
        raise HttpError(HTTPStatus.METHOD_NOT_ALLOWED, "Method not allowed")
    if line is None:
        raise HttpError(HTTPStatus.UNAUTHORIZED, "Missing or invalid API key")
    return operation, line


def _check_body(request: web.Request, body: Any) -> None:
    if request.method == hdrs.METH_GET:
        return
    if request.content_type != "application/json":
        raise HttpError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Content type is not JSON")
    if not isinstance(body, dict):
        raise HttpError(HTTPStatus.BAD_REQUEST, "Body is not a JSON object")


def _check_service(line: Line, operation: Operation) -> None:
    expired = line.subscription.status_at(line.world.now()) != "ACTIVE"
    if expired and (operation.sends or line.switches.suspension_blocks == "everything"):
        raise SyncError(Code.SUSPENDED)
    if not operation.sends:
        return
    if line.barred:
        raise SyncError(Code.BARRED)
    if not line.app_online:
        raise SyncError(Code.APP_OFFLINE)
    if line.originator == "unregistered":
        raise SyncError(Code.ORIGINATOR_UNREGISTERED)
    if line.originator == "pending":
        raise SyncError(Code.ORIGINATOR_PENDING)


def _endpoint_table(base: str) -> dict[str, Any]:
    groups: dict[str, dict[str, Any]] = {"call": {}, "sms": {}, "account": {}}
    for operation in OPERATIONS:
        path = operation.path.removesuffix(ITEM)
        groups[operation.group][_camel(operation.name)] = {"endpoint": path}
    return {"base": base, "version": _VERSION, "endpoints": groups}


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(word.title() for word in rest)
