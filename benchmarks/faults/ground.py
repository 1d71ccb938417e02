"""Where an operation meets a fault: a house, its provider, and a stranger's server."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web
from homeassistant.helpers import issue_registry as ir

from custom_components.cecula_sync.const import DOMAIN
from demo.processes import HOST

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from simulator import Line, Simulator


class Stranger:
    """Another host, to which a provider may redirect; it keeps what it is sent."""

    url = ""

    def __init__(self) -> None:
        """Listen to nothing yet."""
        self.heard: list[dict[str, str]] = []
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._hear)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, 0)
        await site.start()
        self.url = f"http://{HOST}:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _hear(self, request: web.Request) -> web.Response:
        self.heard.append(dict(request.headers))
        return web.json_response({})


@dataclass(frozen=True, kw_only=True)
class Ground:
    """All that a trial needs."""

    hass: HomeAssistant
    simulator: Simulator
    line: Line
    entry: ConfigEntry[Any]
    stranger: Stranger

    @property
    def left(self) -> int:
        """Return how many texts and calls left the provider, ever."""
        return len(self.line.sent) + len(self.line.calls)

    def forms(self) -> list[Any]:
        """Return the dialogs that ask for another key."""
        flows = self.hass.config_entries.flow
        return [
            flow
            for flow in flows.async_progress_by_handler(DOMAIN)
            if flow["context"]["source"] == "reauth"
        ]

    def issues(self) -> list[str]:
        """Return the keys of our open repair issues."""
        return sorted(
            str(issue.translation_key)
            for (domain, _), issue in ir.async_get(self.hass).issues.items()
            if domain == DOMAIN and issue.active
        )
