"""A newcomer sets up a number: the key, what proves it, and what may go wrong."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.config_entries import ConfigEntryState, FlowType
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync.api.client import CLOUD_URL, CeculaSyncClient
from custom_components.cecula_sync.const import DOMAIN
from simulator import Line, Simulator

from .conftest import ADA, API_KEY, NUMBER
from .flows import (
    assert_aborted,
    assert_form,
    key_form,
    start,
    submit,
    submit_all,
    suggested,
)

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

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


async def test_a_proven_key_becomes_an_entry_that_is_loaded(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    shown = await submit(hass, await start(hass), key_form(simulator))
    assert_form(shown, "no_webhook")
    assert sorted(each.operation for each in line.requests) == [
        "cecula-balance",
        "number",
        "subscription-status",
    ]

    result = await submit(hass, shown, {})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "+234 817 647 0634"
    entry = result["result"]
    assert entry.unique_id == NUMBER
    assert entry.state is ConfigEntryState.LOADED
    webhook_id = result["data"]["webhook_id"]
    assert len(webhook_id) == 64
    assert result["data"] == {
        "api_key": API_KEY,
        "base_url": simulator.base_url,
        "verify_ssl": True,
        "number": NUMBER,
        "webhook_id": webhook_id,
    }


async def test_the_set_up_leads_on_to_the_first_contact(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    result = await submit_all(hass, await start(hass), key_form(simulator), {})

    flow_type, flow_id = result["next_flow"]
    assert flow_type is FlowType.CONFIG_SUBENTRIES_FLOW
    contact = await hass.config_entries.subentries.async_configure(
        flow_id, {"name": "Ada", "number": ADA}
    )
    assert contact["type"] is FlowResultType.CREATE_ENTRY
    titles = [each.title for each in result["result"].subentries.values()]
    assert titles == ["Ada"]


async def test_the_form_offers_the_cloud_and_hides_the_rest(
    hass: HomeAssistant,
) -> None:
    schema = (await start(hass))["data_schema"]
    assert schema({"api_key": "CCL.x", "server": {}})["server"] == {
        "base_url": CLOUD_URL,
        "verify_ssl": True,
    }
    assert schema.schema["server"].options == {"collapsed": True}
    assert schema.schema["api_key"].config["type"] == "password"


async def test_what_was_pasted_is_tidied_up(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    typed = key_form(
        simulator, api_key=f" {API_KEY}\n", base_url=f" {simulator.base_url}/ "
    )
    result = await submit_all(hass, await start(hass), typed, {})
    assert result["data"]["api_key"] == API_KEY
    assert result["data"]["base_url"] == simulator.base_url


async def test_a_certificate_need_not_be_checked(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    typed = key_form(simulator, verify_ssl=False)
    result = await submit_all(hass, await start(hass), typed, {})
    assert result["data"]["verify_ssl"] is False


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
    simulator.arm(fault, operation=operation, times=0)
    shown = await submit(hass, await start(hass), key_form(simulator))
    assert_form(shown, "user", error)
    assert suggested(shown, "server", "base_url") == simulator.base_url

    simulator.disarm()
    result = await submit_all(hass, shown, key_form(simulator), {})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_wrong_key_is_told_and_overcome(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    typed = key_form(simulator, api_key="CCL.somebody.else")
    shown = await submit(hass, await start(hass), typed)
    assert_form(shown, "user", {"api_key": "invalid_auth"})

    result = await submit_all(hass, shown, key_form(simulator), {})
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
    typed = key_form(simulator, api_key=api_key)
    shown = await submit(hass, await start(hass), typed)
    assert_form(shown, "user", {"api_key": "invalid_auth"})
    assert simulator.requests == []

    result = await submit_all(hass, shown, key_form(simulator), {})
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
    ],
)
async def test_what_is_no_web_address_is_told_and_overcome(
    hass: HomeAssistant, simulator: Simulator, line: Line, base_url: str
) -> None:
    typed = key_form(simulator, base_url=base_url)
    shown = await submit(hass, await start(hass), typed)
    assert_form(shown, "user", {"base": "invalid_url"})
    assert simulator.requests == []

    result = await submit_all(hass, shown, key_form(simulator), {})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_server_that_is_not_there_is_told_and_overcome(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    typed = key_form(simulator)
    await simulator.stop()
    shown = await submit(hass, await start(hass), typed)
    assert_form(shown, "user", {"base": "cannot_connect"})

    await simulator.start(simulator.port)
    result = await submit_all(hass, shown, typed, {})
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
    application = web.Application()
    if handler is not None:
        application.router.add_get("/{path:.*}", handler)
    typed = key_form(simulator, base_url=await serve(application))
    shown = await submit(hass, await start(hass), typed)
    assert_form(shown, "user", {"base": "not_cecula_sync"})

    result = await submit_all(hass, shown, key_form(simulator), {})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_number_that_is_none_is_told(
    hass: HomeAssistant, simulator: Simulator, serve: Serve
) -> None:
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
    with patch.object(CeculaSyncClient, "balance", side_effect=RuntimeError("oh")):
        shown = await submit(hass, await start(hass), key_form(simulator))
    assert_form(shown, "user", {"base": "unknown"})
    assert "RuntimeError: oh" in caplog.text
    assert API_KEY not in caplog.text

    result = await submit_all(hass, shown, key_form(simulator), {})
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        pytest.param("", "number_empty", id="nothing"),
        pytest.param("hello", "number_not_a_number", id="a word"),
        pytest.param("0800123456", "number_not_valid", id="nobody's number"),
        pytest.param("80078000937", "number_ambiguous", id="two readings"),
        pytest.param("55019", "number_short_code", id="a short code"),
        pytest.param("112", "number_emergency", id="an emergency number"),
    ],
)
async def test_a_server_without_a_number_makes_the_form_ask_for_it(
    hass: HomeAssistant, simulator: Simulator, line: Line, typed: str, reason: str
) -> None:
    hass.config.country = "NG"
    line.switches.number_missing = True
    shown = await submit(hass, await start(hass), key_form(simulator))
    assert_form(shown, "number")

    shown = await submit(hass, shown, {"number": typed})
    assert_form(shown, "number", {"number": reason})
    assert suggested(shown, "number") == typed

    result = await submit_all(hass, shown, {"number": "0817 647 0634"}, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "+234 817 647 0634"
    assert result["result"].unique_id == NUMBER
    assert result["data"]["number"] == NUMBER


@pytest.mark.parametrize(
    ("country", "typed", "number"),
    [
        pytest.param(None, "08176470634", NUMBER, id="the provider's"),
        pytest.param("GB", "07911 123456", "+447911123456", id="the house's"),
        pytest.param("GB", "+234 817 647 0634", NUMBER, id="none needed"),
    ],
)
async def test_a_national_number_is_read_in_a_country(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    country: str | None,
    typed: str,
    number: str,
) -> None:
    hass.config.country = country
    line.switches.number_missing = True
    forms = (key_form(simulator), {"number": typed}, {})
    result = await submit_all(hass, await start(hass), *forms)
    assert result["result"].unique_id == number


async def test_a_suspended_service_is_told_and_set_up_all_the_same(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    line.subscription.expires = LONG_AGO
    shown = await submit(hass, await start(hass), key_form(simulator))
    assert_form(shown, "suspended")

    result = await submit_all(hass, shown, {}, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].state is ConfigEntryState.LOADED


@pytest.mark.parametrize("http_status", [200, 400])
async def test_a_service_that_refuses_every_question_is_set_up_all_the_same(
    hass: HomeAssistant, simulator: Simulator, line: Line, http_status: Any
) -> None:
    line.subscription.expires = LONG_AGO
    line.switches.suspension_blocks = "everything"
    line.switches.error_http_status = http_status
    shown = await submit(hass, await start(hass), key_form(simulator))
    assert_form(shown, "number")
    shown = await submit(hass, shown, {"number": NUMBER})
    assert_form(shown, "suspended")

    result = await submit_all(hass, shown, {}, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].state is ConfigEntryState.LOADED


async def test_a_second_key_of_the_same_number_aborts(
    hass: HomeAssistant, simulator: Simulator, line: Line, entry: MockConfigEntry
) -> None:
    line.api_key = "CCL.another.key"
    typed = key_form(simulator, api_key="CCL.another.key")
    result = await submit(hass, await start(hass), typed)
    assert_aborted(result, "already_configured")
    assert hass.config_entries.async_entries(DOMAIN) == [entry]
    assert entry.data["api_key"] == API_KEY


async def test_the_number_that_is_typed_may_not_be_set_up_either(
    hass: HomeAssistant, simulator: Simulator, line: Line, entry: MockConfigEntry
) -> None:
    line.switches.number_missing = True
    forms = (key_form(simulator), {"number": NUMBER})
    result = await submit_all(hass, await start(hass), *forms)
    assert_aborted(result, "already_configured")


async def test_one_number_is_not_set_up_twice_at_once(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    first, second = await start(hass), await start(hass)
    first = await submit(hass, first, key_form(simulator))
    assert_aborted(
        await submit(hass, second, key_form(simulator)), "already_in_progress"
    )
    result = await submit(hass, first, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_two_numbers_are_set_up_side_by_side(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    simulator.add_line(api_key="CCL.second", msisdn="+2348091112222")
    results = [
        await submit_all(
            hass, await start(hass), key_form(simulator, api_key=api_key), {}
        )
        for api_key in (API_KEY, "CCL.second")
    ]
    assert [each["title"] for each in results] == [
        "+234 817 647 0634",
        "+234 809 111 2222",
    ]
    assert len({each["data"]["webhook_id"] for each in results}) == 2
    states = {each["result"].state for each in results}
    assert states == {ConfigEntryState.LOADED}
