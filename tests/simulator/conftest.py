"""A simulator, someone who asks it, and a house that listens to it."""

from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
import json
from typing import Any

import aiohttp
from aiohttp import web
import pytest

from simulator import Line, Simulator

from . import KEY, NUMBER


@pytest.fixture(autouse=True)
def _custom_integrations(socket_enabled: None) -> None:
    """Talk to this machine, and leave Home Assistant out of these tests."""


@pytest.fixture
async def sim() -> AsyncGenerator[Simulator]:
    """Run the provider."""
    async with Simulator() as running:
        yield running


@pytest.fixture
def line(sim: Simulator) -> Line:
    """Have one dedicated number."""
    return sim.add_line(api_key=KEY, msisdn=NUMBER, credit=100)


@dataclass(slots=True)
class Reply:
    """What came back."""

    status: int
    text: str
    headers: Any

    @property
    def json(self) -> Any:
        """Return it parsed."""
        return json.loads(self.text)


class Api:
    """Someone who asks, with a key or without."""

    def __init__(
        self, session: aiohttp.ClientSession, sim: Simulator, key: str
    ) -> None:
        """Ask one provider, with a key."""
        self.session = session
        self._sim = sim
        self.headers = {"Authorization": f"Bearer {key}"}

    async def ask(self, method: str, path: str, **how: Any) -> Reply:
        """Ask for an operation; a path with a leading slash is the server's."""
        root = str(self._sim.url)[:-1] if path[0] == "/" else f"{self._sim.base_url}/"
        headers = self.headers | how.pop("headers", {})
        async with self.session.request(
            method, f"{root}{path}", headers=headers, allow_redirects=False, **how
        ) as response:
            return Reply(response.status, await response.text(), response.headers)

    async def get(self, path: str) -> Reply:
        """Read."""
        return await self.ask("GET", path)

    async def send(self, text: Any, recipients: Any) -> Reply:
        """Send an SMS."""
        body = {"text": text, "recipients": recipients}
        return await self.ask("POST", "send-sms", json=body)

    async def call(self, receiver: Any) -> Reply:
        """Place a call."""
        return await self.ask("POST", "flash-number", json={"receiver": receiver})

    async def control(self, action: str, **body: Any) -> Reply:
        """Control the simulator."""
        return await self.ask("POST", f"/control/{action}", json=body)


@pytest.fixture
async def api(sim: Simulator, line: Line) -> AsyncGenerator[Api]:
    """Ask with the key of the line."""
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:
        yield Api(session, sim, line.api_key)


@dataclass(slots=True)
class House:
    """Where the webhooks arrive."""

    url: str = ""
    bodies: list[bytes] = field(default_factory=list)
    headers: list[Any] = field(default_factory=list)
    statuses: deque[int] = field(default_factory=deque)
    """What to answer next; 200 once there is nothing left."""

    @property
    def json(self) -> list[Any]:
        """Return what arrived, parsed."""
        return [json.loads(body) for body in self.bodies]

    async def take(self, request: web.Request) -> web.Response:
        """Take one post."""
        self.bodies.append(await request.read())
        self.headers.append(request.headers)
        return web.Response(status=self.statuses.popleft() if self.statuses else 200)


@pytest.fixture
async def house(line: Line) -> AsyncGenerator[House]:
    """Listen to all four webhooks of the line."""
    house = House()
    application = web.Application()
    application.router.add_post("/hook", house.take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    house.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    line.webhooks.set(house.url)
    yield house
    await runner.cleanup()
