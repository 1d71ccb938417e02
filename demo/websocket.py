"""A connection to Home Assistant's WebSocket API."""

import asyncio
from contextlib import suppress
from itertools import count
from typing import Any, Self

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from .errors import DemoError

type Json = dict[str, Any]

_PATIENCE = 60
_LARGEST_MESSAGE = 64 * 1024 * 1024


class RefusedError(DemoError):
    """Home Assistant refused a command."""

    def __init__(self, error: Json) -> None:
        """Take the error as it came."""
        super().__init__(str(error.get("message")))
        self.code: str = error.get("code", "")
        self.translation_key: str | None = error.get("translation_key")


class Connection:
    """Sends commands, and hands events on to their subscribers."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        """Take a socket that has been authenticated."""
        self._socket = socket
        self._ids = count(1)
        self._answers: dict[int, asyncio.Future[Json]] = {}
        self._subscribers: dict[int, asyncio.Queue[Json]] = {}
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, session: ClientSession, token: str) -> Self:
        """Connect and authenticate."""
        async with asyncio.timeout(_PATIENCE):
            socket = await session.ws_connect(
                "/api/websocket", max_msg_size=_LARGEST_MESSAGE
            )
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": token})
            answer = await socket.receive_json()
        if answer["type"] != "auth_ok":
            await socket.close()
            message = f"Home Assistant refused the demo's token: {answer}"
            raise DemoError(message)
        return cls(socket)

    async def close(self) -> None:
        """Leave nothing open."""
        self._reader.cancel()
        with suppress(asyncio.CancelledError):
            await self._reader
        await self._socket.close()

    async def command(
        self, kind: str, *, within: float = _PATIENCE, **fields: Any
    ) -> Any:
        """Return a command's result; raise `RefusedError` if it has none."""
        return await self._ask({"type": kind, **fields}, within)

    async def events(self, kind: str) -> asyncio.Queue[Json]:
        """Return a queue that all events of a kind come to from now on."""
        queue: asyncio.Queue[Json] = asyncio.Queue()
        await self._ask(
            {"type": "subscribe_events", "event_type": kind}, _PATIENCE, queue
        )
        return queue

    async def _ask(
        self,
        message: Json,
        within: float,
        subscriber: asyncio.Queue[Json] | None = None,
    ) -> Any:
        number = next(self._ids)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        if subscriber is not None:
            self._subscribers[number] = subscriber
        try:
            async with asyncio.timeout(within):
                await self._socket.send_json({"id": number, **message})
                result = await answer
        except TimeoutError as err:
            words = f"Home Assistant did not answer {message['type']} in {within:g} s."
            raise DemoError(words) from err
        finally:
            del self._answers[number]
        if not result["success"]:
            raise RefusedError(result["error"])
        return result["result"]

    async def _read(self) -> None:
        async for message in self._socket:
            if message.type is not WSMsgType.TEXT:
                break
            self._hand_on(message.json())
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(DemoError("Home Assistant closed the connection."))

    def _hand_on(self, message: Json) -> None:
        number = message["id"]
        if message["type"] == "event" and number in self._subscribers:
            self._subscribers[number].put_nowait(message["event"])
        elif message["type"] == "result" and number in self._answers:
            self._answers[number].set_result(message)
