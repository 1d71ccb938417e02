"""The simulator: the phones outside the house, and what the provider saw."""

from typing import TYPE_CHECKING, Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from .errors import DemoError
from .processes import HOST

if TYPE_CHECKING:
    from .websocket import Json

_PATIENCE = ClientTimeout(total=30)


class Phone:
    """The simulator's page and control."""

    def __init__(self, port: int) -> None:
        """Take where it listens."""
        self.url = f"http://{HOST}:{port}"
        self.api_url = f"{self.url}/sync/api"
        self._session = ClientSession(self.url, timeout=_PATIENCE)

    async def close(self) -> None:
        """Leave nothing open."""
        await self._session.close()

    async def listens(self) -> bool:
        """Tell whether it answers."""
        try:
            await self.line()
        except ClientError, DemoError, TimeoutError:
            return False
        return True

    async def line(self) -> Json:
        """Return the state of its first dedicated number."""
        state = await self._get("/control/state")
        line: Json = state["lines"][0]
        return line

    async def requests(self, operation: str) -> list[Json]:
        """Return all requests for one of the provider's operations."""
        found: list[Json] = await self._get(f"/control/requests?operation={operation}")
        return found

    async def act(self, action: str, **body: Any) -> Json:
        """Let something happen outside the house."""
        async with self._session.post(f"/control/{action}", json=body) as response:
            answer: Json = await response.json()
            if not response.ok:
                message = f"The simulator refused {action}: {answer.get('error')}"
                raise DemoError(message)
            return answer

    async def _get(self, path: str) -> Any:
        async with self._session.get(path) as response:
            if not response.ok:
                message = f"The simulator refused {path} ({response.status})."
                raise DemoError(message)
            return await response.json()
