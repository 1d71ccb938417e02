"""The simulator: the provider as an HTTP server of this machine."""

import asyncio
import socket
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web
from yarl import URL

from .control import Control
from .faults import ANY, Fault
from .hygiene import Handler, refuse_strangers
from .page import add_page
from .provider import BASE_PATH, Provider
from .world import Phone, World

if TYPE_CHECKING:
    from .clock import Clock
    from .line import Line
    from .records import ReceivedRequest

HOST = "127.0.0.1"
_PATIENCE_AT_SHUTDOWN = 0.1


class Simulator:
    """The provider, played on 127.0.0.1."""

    _socket: socket.socket

    def __init__(self, world: World | None = None) -> None:
        """Play a world; without one, an empty world."""
        self.world = world or World()
        self._runner: web.AppRunner | None = None
        self._port = 0
        self._at_work: set[asyncio.Task[Any] | None] = set()

    async def start(self, port: int = 0) -> None:
        """Listen; 0 picks a free port."""
        runner = web.AppRunner(
            self._application(),
            access_log=None,
            shutdown_timeout=_PATIENCE_AT_SHUTDOWN,
        )
        try:
            self._socket = socket.create_server((HOST, port))
        except OSError:
            await self.stop()
            raise
        await runner.setup()
        self._runner = runner
        await web.SockSite(runner, self._socket).start()
        self._port = self._socket.getsockname()[1]

    async def stop(self) -> None:
        """Stop listening, and leave nothing running."""
        self.world.clock.stop()
        await self.world.poster.close()
        if self._runner is not None:
            # Whoever is just coming in comes in first: asyncio fails where
            # accepting meets closing.
            asyncio.get_running_loop().remove_reader(self._socket)
            await asyncio.sleep(0)
            await self._runner.cleanup()
            self._runner = None
        await self._break_off()

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    @property
    def url(self) -> URL:
        """Return the address of the phone's page."""
        return URL.build(scheme="http", host=HOST, port=self._port, path="/")

    @property
    def base_url(self) -> str:
        """Return the base URL of the provider's API."""
        return str(self.url.with_path(BASE_PATH))

    @property
    def port(self) -> int:
        """Return the port, once it listens."""
        return self._port

    @property
    def at_work(self) -> int:
        """Return how many requests are being answered."""
        return len(self._at_work)

    @property
    def clock(self) -> Clock:
        """Return the provider's clock."""
        return self.world.clock

    @property
    def lines(self) -> list[Line]:
        """Return all lines."""
        return self.world.lines

    @property
    def requests(self) -> list[ReceivedRequest]:
        """Return all requests to the API, the oldest first."""
        return list(self.world.requests)

    def requests_to(self, operation: str) -> list[ReceivedRequest]:
        """Return the requests for one operation of the provider's table."""
        return [each for each in self.world.requests if each.operation == operation]

    def add_line(self, *, api_key: str, msisdn: str, **state: Any) -> Line:
        """Add a dedicated number."""
        return self.world.add_line(api_key=api_key, msisdn=msisdn, **state)

    def phone(self, number: str) -> Phone:
        """Return a phone outside, to be changed at will."""
        return self.world.phone(number)

    def arm(
        self,
        fault: str,
        *,
        operation: str = ANY,
        times: int = 1,
        line: str | None = None,
        **params: Any,
    ) -> Fault:
        """Let a fault befall an operation, or a kind of webhook, so many times."""
        return self.world.arm(
            fault, operation=operation, times=times, line=line, **params
        )

    def disarm(self, fault: str | None = None) -> None:
        """Call off all faults, or those of one name."""
        self.world.disarm(fault)

    async def settle(self) -> None:
        """Wait until all that is due has been done and posted."""
        await self.world.poster.settle()

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[refuse_strangers, self._watch_over])
        Control(self.world).add_routes(application)
        add_page(application)
        application.router.add_route("*", "/{path:.*}", Provider(self.world).handle)
        return application

    @web.middleware
    async def _watch_over(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        # The server forgets the work of a connection that its client closed.
        task = asyncio.current_task()
        self._at_work.add(task)
        try:
            return await handler(request)
        finally:
            self._at_work.discard(task)

    async def _break_off(self) -> None:
        for task in (tasks := [each for each in self._at_work if each]):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
