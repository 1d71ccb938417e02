"""Home Assistant's own HTTP and WebSocket API, as a browser uses it."""

from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aiohttp import ClientError, ClientSession, ClientTimeout, FormData, hdrs

from .errors import DemoError
from .processes import HOST
from .websocket import Connection, Json

if TYPE_CHECKING:
    from collections.abc import Mapping

_PATIENCE = ClientTimeout(total=60)
_PATIENCE_AT_CLOSE = ClientTimeout(total=5)


class Home:
    """One Home Assistant, seen by one user."""

    def __init__(self, port: int) -> None:
        """Take where it listens."""
        self.url = f"http://{HOST}:{port}"
        self._session = ClientSession(self.url, timeout=_PATIENCE)
        self._connection: Connection | None = None
        self._token = ""
        self._refresh_token = ""

    async def close(self) -> None:
        """Leave nothing open, and no login behind."""
        if self._connection is not None:
            await self._connection.close()
            with suppress(ClientError, TimeoutError):
                await self._revoke()
        await self._session.close()

    async def _revoke(self) -> None:
        """Give the login back; every start of the demo makes a new one."""
        form = FormData({"token": self._refresh_token})
        async with self._session.post(
            "/auth/revoke", data=form, timeout=_PATIENCE_AT_CLOSE
        ):
            pass

    async def listens(self) -> bool:
        """Tell whether it answers at all."""
        try:
            await self.get_text("/manifest.json")
        except ClientError, DemoError, TimeoutError:
            return False
        return True

    async def runs(self) -> bool:
        """Tell whether it has started altogether."""
        config = await self.command("get_config")
        return bool(config["state"] == "RUNNING")

    async def enter(self, auth_code: str) -> None:
        """Become the user who got this code."""
        form = {
            "grant_type": "authorization_code",
            "code": auth_code,
            "client_id": self.client_id,
        }
        tokens = await self._request(hdrs.METH_POST, "/auth/token", data=FormData(form))
        self._token = tokens["access_token"]
        self._refresh_token = tokens["refresh_token"]
        self._connection = await Connection.open(self._session, self._token)

    @property
    def client_id(self) -> str:
        """Return what the demo calls itself where it asks to be let in."""
        return f"{self.url}/"

    @property
    def connection(self) -> Connection:
        """Return the WebSocket connection of the user."""
        if self._connection is None:
            message = "Nobody has entered Home Assistant yet."
            raise DemoError(message)
        return self._connection

    async def command(self, kind: str, **fields: Any) -> Any:
        """Return the result of a WebSocket command."""
        return await self.connection.command(kind, **fields)

    async def perform(self, action: str, data: Mapping[str, Any]) -> None:
        """Perform an action."""
        await self._call(action, data, return_response=False)

    async def ask(self, action: str, data: Mapping[str, Any]) -> Json:
        """Perform an action; return its response data."""
        result = await self._call(action, data, return_response=True)
        response: Json = result["response"]
        return response

    async def _call(
        self, action: str, data: Mapping[str, Any], *, return_response: bool
    ) -> Any:
        domain, _, name = action.partition(".")
        return await self.command(
            "call_service",
            domain=domain,
            service=name,
            service_data=data,
            return_response=return_response,
        )

    async def state(self, entity_id: str) -> Json | None:
        """Return an entity's state with its attributes, if there is one."""
        try:
            state: Json = await self.get(f"/api/states/{entity_id}")
        except MissingError:
            return None
        return state

    async def get(self, path: str) -> Any:
        """Read."""
        return await self._request(hdrs.METH_GET, path)

    async def get_text(self, path: str) -> str:
        """Read a page."""
        async with self._session.get(path, raise_for_status=True) as response:
            return await response.text()

    async def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Post JSON."""
        return await self._request(hdrs.METH_POST, path, json=body or {})

    async def delete(self, path: str) -> Any:
        """Delete."""
        return await self._request(hdrs.METH_DELETE, path)

    async def post_raw(self, url: str, body: bytes) -> int:
        """Post as a stranger; return the HTTP status."""
        async with (
            ClientSession(timeout=_PATIENCE) as session,
            session.post(url, data=body) as response,
        ):
            return response.status

    async def _request(self, method: str, path: str, **content: Any) -> Any:
        headers = {hdrs.AUTHORIZATION: f"Bearer {self._token}"} if self._token else {}
        async with self._session.request(
            method, path, headers=headers, **content
        ) as response:
            if response.status == HTTPStatus.NOT_FOUND:
                raise MissingError(path)
            if response.status >= HTTPStatus.BAD_REQUEST:
                words = (await response.text())[:500]
                message = f"Home Assistant refused {path} ({response.status}): {words}"
                raise DemoError(message)
            return await response.json()


class MissingError(DemoError):
    """Home Assistant has no such thing."""
