"""What may go wrong while a key is proven is told, and overcome in the same flow."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any
from unittest.mock import patch

from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from custom_components.cecula_sync.api.client import CeculaSyncClient
from simulator import Line, Simulator

from .conftest import API_KEY
from .flows import assert_form, key_form, start, submit, suggested

type Serve = Callable[[web.Application], Awaitable[str]]


@pytest.fixture
async def serve(socket_enabled: None) -> AsyncGenerator[Serve]:
    """Return a way to run a server that is something else."""
    servers: list[TestServer] = []

    async def run(application: web.Application) -> str:
        servers.append(TestServer(application, host="127.0.0.1"))
        await servers[-1].start_server()
        return str(servers[-1].make_url("/sync/api"))

    yield run
    for server in servers:
        await server.close()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        pytest.param("drop", {"base": "cannot_connect"}, id="dropped"),
        pytest.param("http_500", {"base": "cannot_connect"}, id="broken"),
        pytest.param("http_503_html", {"base": "cannot_connect"}, id="overloaded"),
        pytest.param("rate_limited", {"base": "cannot_connect"}, id="rate limited"),
        pytest.param("redirect", {"base": "cannot_connect"}, id="redirected"),
        pytest.param("truncated", {"base": "cannot_connect"}, id="truncated"),
        pytest.param("html_200", {"base": "not_cecula_sync"}, id="a page"),
        pytest.param("empty_200", {"base": "not_cecula_sync"}, id="nothing"),
        pytest.param("broken_json", {"base": "not_cecula_sync"}, id="half JSON"),
        pytest.param("wrong_json_type", {"base": "not_cecula_sync"}, id="a list"),
        pytest.param("unauthorized", {"api_key": "invalid_auth"}, id="refused"),
    ],
)
@pytest.mark.parametrize(
    "operation", ["*", "number", "cecula-balance", "subscription-status"]
)
async def test_a_fault_is_told_and_overcome(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    fault: str,
    operation: str,
    error: dict[str, str],
) -> None:
    """Let every read fail, or one of them, then none."""
    simulator.arm(fault, operation=operation, times=0)
    shown = await submit(hass, await start(hass), key_form(simulator))
    assert_form(shown, "user", error)
    assert suggested(shown, "server", "base_url") == simulator.base_url

    simulator.disarm()
    result = await submit(hass, shown, key_form(simulator))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_wrong_key_is_told_and_overcome(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """Enter somebody else's key first."""
    typed = key_form(simulator, api_key="CCL.somebody.else")
    shown = await submit(hass, await start(hass), typed)
    assert_form(shown, "user", {"api_key": "invalid_auth"})

    result = await submit(hass, shown, key_form(simulator))
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    "api_key",
    [
        pytest.param("", id="empty"),
        pytest.param("  ", id="blank"),
        pytest.param("CCL.test secret", id="with a blank"),
        pytest.param("CCL.test\r\nX-Evil: 1", id="with a line"),
        pytest.param("CCL.test\0secret", id="with NUL"),
        pytest.param("CCL.tést.secret", id="with an accent"),
        pytest.param("CCL.test.\N{ZERO WIDTH SPACE}secret", id="with a hidden blank"),
    ],
)
async def test_what_can_be_no_key_is_not_even_tried(
    hass: HomeAssistant, simulator: Simulator, line: Line, api_key: str
) -> None:
    """Enter what no header may carry, or what was copied badly."""
    typed = key_form(simulator, api_key=api_key)
    shown = await submit(hass, await start(hass), typed)
    assert_form(shown, "user", {"api_key": "invalid_auth"})
    assert simulator.requests == []

    result = await submit(hass, shown, key_form(simulator))
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    "base_url",
    [
        pytest.param("", id="empty"),
        pytest.param("cecula.com/sync/api", id="no scheme"),
        pytest.param("ftp://cecula.com", id="another scheme"),
        pytest.param("https://", id="no host"),
        pytest.param("https://ada@cecula.com", id="a user"),
        pytest.param("https://:secret@cecula.com", id="a password"),
        pytest.param("https://cecula.com:99999", id="no such port"),
        pytest.param("https://cecula .com", id="a blank"),
        pytest.param("https://[cecula.com", id="half an IPv6 address"),
        pytest.param("http://xn--a/", id="a name that is none"),
        pytest.param("https://cecula.com/api?v=2", id="a query"),
        pytest.param("https://cecula.com/api#top", id="a fragment"),
    ],
)
async def test_what_is_no_web_address_is_told_and_overcome(
    hass: HomeAssistant, simulator: Simulator, line: Line, base_url: str
) -> None:
    """Enter an address that nobody can be asked at."""
    typed = key_form(simulator, base_url=base_url)
    shown = await submit(hass, await start(hass), typed)
    assert_form(shown, "user", {"base": "invalid_url"})
    assert simulator.requests == []

    result = await submit(hass, shown, key_form(simulator))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_server_that_is_not_there_is_told_and_overcome(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """Stop the provider, and start it again."""
    typed = key_form(simulator)
    await simulator.stop()
    shown = await submit(hass, await start(hass), typed)
    assert_form(shown, "user", {"base": "cannot_connect"})

    await simulator.start(simulator.port)
    result = await submit(hass, shown, typed)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def _method_not_allowed(_: web.Request) -> web.Response:
    return web.Response(status=405)


async def _hello(_: web.Request) -> web.Response:
    return web.json_response({"hello": "world", "status": "ok"})


@pytest.mark.parametrize(
    "handler",
    [
        pytest.param(None, id="that has no such page"),
        pytest.param(_method_not_allowed, id="that refuses the method"),
        pytest.param(_hello, id="that answers with other JSON"),
    ],
)
async def test_a_server_that_is_something_else_is_told_and_overcome(
    hass: HomeAssistant, simulator: Simulator, line: Line, serve: Serve, handler: Any
) -> None:
    """Enter the address of another server first."""
    application = web.Application()
    if handler is not None:
        application.router.add_get("/{path:.*}", handler)
    typed = key_form(simulator, base_url=await serve(application))
    shown = await submit(hass, await start(hass), typed)
    assert_form(shown, "user", {"base": "not_cecula_sync"})

    result = await submit(hass, shown, key_form(simulator))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_number_that_is_none_is_told(
    hass: HomeAssistant, simulator: Simulator, serve: Serve
) -> None:
    """Ask a server that calls its number hello."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response(
            {"msisdn": "hello", "balance": 1, "subscriptionStatus": "ACTIVE"}
        )

    application = web.Application()
    application.router.add_get("/{path:.*}", answer)
    typed = key_form(simulator, base_url=await serve(application))
    shown = await submit(hass, await start(hass), typed)
    assert_form(shown, "user", {"base": "not_cecula_sync"})


async def test_what_nobody_expected_is_told_logged_and_overcome(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Let our own code fail; the log tells of it without the key."""
    with patch.object(CeculaSyncClient, "balance", side_effect=RuntimeError("oh")):
        shown = await submit(hass, await start(hass), key_form(simulator))
    assert_form(shown, "user", {"base": "unknown"})
    assert "RuntimeError: oh" in caplog.text
    assert API_KEY not in caplog.text

    result = await submit(hass, shown, key_form(simulator))
    assert result["type"] is FlowResultType.CREATE_ENTRY
