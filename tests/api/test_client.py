"""The client, against the simulator."""

from collections.abc import AsyncGenerator, Awaitable, Callable
import socket
from typing import Any

import aiohttp
import pytest

from custom_components.cecula_sync.api.client import CeculaSyncClient
from custom_components.cecula_sync.api.exceptions import (
    CeculaAuthenticationError,
    CeculaConnectionError,
    CeculaError,
    CeculaNotFoundError,
    CeculaOutcomeUnknownError,
    CeculaRejectedError,
    CeculaUnavailableError,
    CeculaUnreadableError,
)
from custom_components.cecula_sync.api.models import InboundCall, InboundSms
from simulator import Line, Simulator
from tests.conftest import ADA, API_KEY, BEN

type Call = Callable[[CeculaSyncClient], Awaitable[Any]]


@pytest.fixture
async def session(socket_enabled: None) -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session like Home Assistant's: one pool of connections for all."""
    async with aiohttp.ClientSession() as shared:
        yield shared


@pytest.fixture
def client(
    session: aiohttp.ClientSession, simulator: Simulator, line: Line
) -> CeculaSyncClient:
    """Return a client of the simulator's line."""
    return CeculaSyncClient(session, API_KEY, base_url=simulator.base_url)


async def _journal(_body: bytes) -> None:
    """Keep nothing."""


SENDS = [
    pytest.param("send-sms", lambda client: client.send_sms("Hi", [ADA]), id="sms"),
    pytest.param("flash-number", lambda client: client.place_call(ADA), id="call"),
]
CHANGES = [
    pytest.param(
        "set-sms-autoresponse", lambda client: client.set_sms_auto_response("Away")
    ),
    pytest.param(
        "set-call-autoresponse", lambda client: client.set_call_auto_response("Away")
    ),
    pytest.param("refresh-sim", lambda client: client.refresh_sim()),
]
TAKES = [
    pytest.param("get-new-sms", lambda client: client.take_new_sms(_journal)),
    pytest.param("new-missed-calls", lambda client: client.take_missed_calls(_journal)),
]
READS = [
    pytest.param("cecula-balance", lambda client: client.balance()),
    pytest.param("number", lambda client: client.number()),
    pytest.param("subscription-status", lambda client: client.subscription()),
    pytest.param("sim-status", lambda client: client.sim_status()),
    pytest.param("sent-sms-status", lambda client: client.sms_status("1")),
    pytest.param("dialled-call-status", lambda client: client.call_status("1")),
]

# Of these a send surely did not happen.
CERTAIN_FAULTS = [
    pytest.param("unauthorized", {}, CeculaAuthenticationError, id="401"),
    pytest.param("code", {"code": "CE3001"}, CeculaRejectedError, id="CE in a 200"),
    pytest.param(
        "code",
        {"code": "CE2000", "status": 400},
        CeculaRejectedError,
        id="CE in a 400",
    ),
    pytest.param(
        "code", {"code": "CE2001", "status": 500}, CeculaRejectedError, id="CE in a 500"
    ),
]
# Of these nobody knows.
UNKNOWN_FAULTS = [
    "http_500",
    "http_503_html",
    "html_200",
    "empty_200",
    "broken_json",
    "wrong_json_type",
    "truncated",
    "accept_then_drop",
    "drop",
    "rate_limited",
]


@pytest.mark.parametrize(("operation", "call"), SENDS)
@pytest.mark.parametrize("fault", UNKNOWN_FAULTS)
async def test_a_send_without_a_certain_end_is_unknown_and_arrives_once(
    simulator: Simulator,
    client: CeculaSyncClient,
    fault: str,
    operation: str,
    call: Call,
) -> None:
    """Every ending that is not certain is unknown, and nothing is sent again."""
    simulator.arm(fault, operation=operation, times=0)
    with pytest.raises(CeculaOutcomeUnknownError):
        await call(client)
    assert len(simulator.requests_to(operation)) == 1


@pytest.mark.parametrize(("operation", "call"), SENDS)
@pytest.mark.parametrize(("fault", "params", "error"), CERTAIN_FAULTS)
async def test_a_refused_send_is_certain_and_arrives_once(
    simulator: Simulator,
    line: Line,
    client: CeculaSyncClient,
    fault: str,
    params: dict[str, Any],
    error: type[CeculaError],
    operation: str,
    call: Call,
) -> None:
    """A refusal is certain: nothing was sent, and nothing is tried again."""
    simulator.arm(fault, operation=operation, times=0, **params)
    with pytest.raises(error):
        await call(client)
    assert len(simulator.requests_to(operation)) == 1
    assert (line.sent, line.calls) == ([], [])


@pytest.mark.parametrize(("operation", "call"), SENDS)
async def test_a_send_is_not_redirected(
    simulator: Simulator, client: CeculaSyncClient, operation: str, call: Call
) -> None:
    """A redirect could carry the key to another host."""
    simulator.arm(
        "redirect", operation=operation, location=f"{simulator.base_url}/elsewhere"
    )
    with pytest.raises(CeculaOutcomeUnknownError):
        await call(client)
    assert len(simulator.requests) == 1


@pytest.mark.parametrize(("operation", "call"), [*READS, *CHANGES, *TAKES])
async def test_no_other_request_is_redirected_either(
    simulator: Simulator, client: CeculaSyncClient, operation: str, call: Call
) -> None:
    """Whatever is asked, the key goes out with it."""
    elsewhere = f"{simulator.base_url}/elsewhere"
    simulator.arm("redirect", operation=operation, location=elsewhere, times=0)
    with pytest.raises(CeculaUnavailableError):
        await call(client)
    assert {request.operation for request in simulator.requests} == {operation}


@pytest.mark.parametrize(("operation", "call"), [*SENDS, *READS, *CHANGES, *TAKES])
async def test_a_refused_connection_is_certain(
    simulator: Simulator, client: CeculaSyncClient, operation: str, call: Call
) -> None:
    """Nothing went over a connection that never stood."""
    await simulator.stop()
    with pytest.raises(CeculaConnectionError):
        await call(client)


async def test_a_name_that_nobody_has_is_certain(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name failure is an end before anything left."""

    async def nobody(*_args: object, **_kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    connector = session.connector
    assert isinstance(connector, aiohttp.TCPConnector)
    monkeypatch.setattr(connector, "_resolve_host", nobody)
    client = CeculaSyncClient(session, API_KEY, base_url="https://nobody.invalid")
    with pytest.raises(CeculaConnectionError):
        await client.send_sms("Hi", [ADA])


async def test_tls_with_a_server_that_speaks_none_is_certain(
    session: aiohttp.ClientSession, simulator: Simulator
) -> None:
    """A TLS failure is an end before anything left."""
    client = CeculaSyncClient(
        session, API_KEY, base_url=simulator.base_url.replace("http:", "https:")
    )
    with pytest.raises(CeculaConnectionError):
        await client.send_sms("Hi", [ADA])
    assert simulator.requests == []


async def test_a_send_that_takes_too_long_is_unknown(
    simulator: Simulator,
    line: Line,
    client: CeculaSyncClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What timed out may have been sent."""
    monkeypatch.setattr(
        "custom_components.cecula_sync.api.client._SEND_TIMEOUT",
        aiohttp.ClientTimeout(total=0.2),
    )
    simulator.arm("slow", operation="send-sms", seconds=5)
    with pytest.raises(CeculaOutcomeUnknownError, match="timeout"):
        await client.send_sms("Hi", [ADA])
    assert len(line.sent) == 1


@pytest.mark.parametrize(("operation", "call"), [*READS, *CHANGES, *TAKES])
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        pytest.param("http_500", CeculaUnavailableError, id="500"),
        pytest.param("http_503_html", CeculaUnavailableError, id="503"),
        pytest.param("rate_limited", CeculaUnavailableError, id="429"),
        pytest.param("truncated", CeculaUnavailableError, id="truncated"),
        pytest.param("drop", CeculaUnavailableError, id="drop"),
        pytest.param("unauthorized", CeculaAuthenticationError, id="401"),
    ],
)
async def test_a_failed_request_says_what_to_do_next(
    simulator: Simulator,
    client: CeculaSyncClient,
    fault: str,
    error: type[CeculaError],
    operation: str,
    call: Call,
) -> None:
    """The kind of the exception tells what the caller does next."""
    simulator.arm(fault, operation=operation, times=0)
    with pytest.raises(error):
        await call(client)


@pytest.mark.parametrize(("operation", "call"), [*READS, *TAKES])
@pytest.mark.parametrize("fault", ["html_200", "empty_200", "broken_json"])
async def test_an_unreadable_answer_is_an_error_of_its_own(
    simulator: Simulator,
    client: CeculaSyncClient,
    fault: str,
    operation: str,
    call: Call,
) -> None:
    """An answer that can't be read is never guessed at."""
    simulator.arm(fault, operation=operation, times=0)
    with pytest.raises(CeculaUnreadableError):
        await call(client)


@pytest.mark.parametrize(("operation", "call"), READS)
async def test_an_answer_of_another_type_is_unreadable(
    simulator: Simulator, client: CeculaSyncClient, operation: str, call: Call
) -> None:
    """An object is expected, and no list is taken for one."""
    simulator.arm("wrong_json_type", operation=operation, times=0)
    with pytest.raises(CeculaUnreadableError):
        await call(client)


@pytest.mark.parametrize(("operation", "call"), [*TAKES, *CHANGES])
async def test_a_destructive_read_is_never_repeated(
    simulator: Simulator, client: CeculaSyncClient, operation: str, call: Call
) -> None:
    """Repeating it could lose what the first answer held."""
    simulator.arm("accept_then_drop", operation=operation, times=0)
    with pytest.raises(CeculaUnavailableError):
        await call(client)
    assert len(simulator.requests_to(operation)) == 1


async def test_a_send_does_not_use_a_kept_alive_connection(
    simulator: Simulator, client: CeculaSyncClient
) -> None:
    """Else a server that just closed it would leave the outcome unknown."""
    await client.balance()
    port = simulator.port
    await simulator.stop()
    await simulator.start(port=port)
    receipt = await client.send_sms("Hi", [ADA])
    assert receipt.accepted[0].recipient == ADA


async def test_an_sms_gives_each_recipient_its_id(
    line: Line, client: CeculaSyncClient
) -> None:
    """Ids are told apart by recipient."""
    receipt = await client.send_sms("Hi", [ADA, BEN])
    assert [(item.recipient, item.tracking_id) for item in receipt.accepted] == [
        (sms.recipient, str(sms.tracking_id)) for sms in line.sent
    ]
    assert receipt.unconfirmed == ()


async def test_a_recipient_that_the_answer_leaves_out_is_unconfirmed(
    simulator: Simulator, client: CeculaSyncClient
) -> None:
    """Nobody knows if it was taken."""
    simulator.arm("partial", operation="send-sms")
    receipt = await client.send_sms("Hi", [ADA, BEN])
    assert len(receipt.accepted) == len(receipt.unconfirmed) == 1


async def test_an_accepted_sms_without_ids_is_accepted(
    simulator: Simulator, client: CeculaSyncClient
) -> None:
    """Its fate can't be followed, but it was taken."""
    simulator.arm("no_ids", operation="send-sms")
    receipt = await client.send_sms("Hi", [ADA, BEN])
    assert [item.tracking_id for item in receipt.accepted] == [None, None]
    assert receipt.unconfirmed == ()


async def test_reads_tell_the_account(line: Line, client: CeculaSyncClient) -> None:
    """Balance, number, subscription and SIM are read."""
    assert await client.balance() == line.credit
    assert await client.number() == "+2348176470634"
    subscription = await client.subscription()
    assert subscription.active
    assert subscription.plan == line.subscription.plan
    assert await client.sim_status() == "ready"


async def test_the_fate_of_a_text_and_a_call_can_be_asked_for(
    line: Line, client: CeculaSyncClient
) -> None:
    """Look-ups answer like the webhooks."""
    receipt = await client.send_sms("Hi", [ADA])
    tracking_id = receipt.accepted[0].tracking_id
    assert tracking_id is not None
    await line.report(tracking_id, "DELIVERED")
    report = await client.sms_status(tracking_id)
    assert (report.tracking_id, report.status, report.recipient) == (
        tracking_id,
        "delivered",
        ADA,
    )
    call_id = await client.place_call(ADA)
    await line.answer(call_id, answered=False)
    call = await client.call_status(call_id)
    assert (call.call_id, call.status, call.recipient) == (call_id, "not_answered", ADA)


async def test_an_id_that_nobody_knows_is_not_found(
    simulator: Simulator, client: CeculaSyncClient
) -> None:
    """An id is one segment of the path, whatever it holds."""
    for unknown in ("424242", "a/b", "a?b", "ü"):
        with pytest.raises((CeculaNotFoundError, CeculaRejectedError)):
            await client.sms_status(unknown)
    assert all(
        request.path.startswith("/sync/api/sent-sms-status/")
        for request in simulator.requests
    )


async def test_new_items_are_journalled_as_they_came_and_then_read(
    line: Line, client: CeculaSyncClient
) -> None:
    """The raw answer is handed over first."""
    journal: list[bytes] = []

    async def keep(body: bytes) -> None:
        journal.append(body)

    await line.receive_sms(ADA, "One love")
    await line.receive_call(ADA, 0)
    (sms,) = await client.take_new_sms(keep)
    (call,) = await client.take_missed_calls(keep)
    assert isinstance(sms, InboundSms)
    assert (sms.sender, sms.message) == (ADA, "One love")
    assert isinstance(call, InboundCall)
    assert (call.caller, call.answered) == (ADA, False)
    assert b"One love" in journal[0]
    assert b"callDuration" in journal[1]


async def test_auto_responses_and_a_refresh_reach_the_line(
    simulator: Simulator, line: Line, client: CeculaSyncClient
) -> None:
    """They change what the provider does."""
    await client.set_sms_auto_response("Away")
    await client.set_call_auto_response("Text me")
    assert (line.sms_auto_reply, line.call_auto_reply) == ("Away", "Text me")
    await client.refresh_sim()
    assert len(simulator.requests_to("refresh-sim")) == 1


async def test_an_endless_answer_is_cut_off(
    simulator: Simulator, client: CeculaSyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No server can fill the memory."""
    monkeypatch.setattr("custom_components.cecula_sync.api.client._LARGEST_ANSWER", 10)
    with pytest.raises(CeculaUnavailableError, match="too large"):
        await client.subscription()
