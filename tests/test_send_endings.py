"""How a send can end: what is certain, what is not, and that nothing goes twice."""

import asyncio
from collections.abc import Iterator
import contextlib
from datetime import timedelta
import json
import logging
from typing import Any

import aiohttp
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.cecula_sync.api.client import CeculaSyncClient
from custom_components.cecula_sync.errors import EXPLAINED_CODES
from simulator import Line, Simulator
from simulator.faults import REQUEST_FAULTS

from .conftest import ADA, BEN, captured
from .doors import (
    act,
    act_blindly,
    assert_tells_no_secret,
    entity_id,
    hook_up,
    state_of,
    until,
)

SEND = "send_sms"
TEXT = "The back door is open"


@pytest.fixture(autouse=True)
def _secrets_stay_secret(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Find no number, text or key in what these tests log."""
    yield
    formatter = logging.Formatter()
    logged = [
        formatter.format(record)
        for record in caplog.get_records("call")
        if record.levelno >= logging.INFO
    ]
    assert_tells_no_secret("\n".join(logged), BEN, TEXT)


async def an_hour_later(hass: HomeAssistant) -> None:
    """Let all happen that would happen by itself."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=1))
    await hass.async_block_till_done(wait_background_tasks=True)


UNKNOWN = "outcome_unknown"
REFUSALS: dict[str, str] = {
    "unauthorized": "invalid_key",
    "code": "refused_ce1001",
    "http_error": UNKNOWN,
    **dict.fromkeys(
        (
            "http_500",
            "http_503_html",
            "html_200",
            "empty_200",
            "broken_json",
            "wrong_json_type",
            "truncated",
            "accept_then_drop",
            "drop",
            "slow",
            "slow_before",
            "redirect",
            "rate_limited",
        ),
        UNKNOWN,
    ),
}
ACCEPTED = ["partial", "no_ids", "duplicate_id"]


def test_every_fault_of_the_provider_is_told_of() -> None:
    """A new one needs its place in these tables."""
    assert {*REFUSALS, *ACCEPTED} == REQUEST_FAULTS.keys()


@pytest.mark.parametrize(
    ("fault", "params", "key"),
    [
        *(pytest.param(fault, {}, key, id=fault) for fault, key in REFUSALS.items()),
        *(
            pytest.param("wrong_json_type", {"kind": kind}, UNKNOWN, id=f"200 {kind}")
            for kind in ("string", "number", "null", "object")
        ),
        *(
            pytest.param(fault, {"reset": True}, UNKNOWN, id=f"{fault} by reset")
            for fault in ("drop", "accept_then_drop")
        ),
        pytest.param("http_500", {"processed": True}, UNKNOWN, id="sent and 500"),
        pytest.param("html_200", {"processed": True}, UNKNOWN, id="sent and html"),
    ],
)
async def test_a_failed_send_arrives_once_and_its_error_says_if_it_is_certain(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
    params: dict[str, Any],
    key: str,
) -> None:
    """Nothing is sent again: not at once, not later, and not by aiohttp."""
    if "slow" in fault:
        monkeypatch.setattr(
            "custom_components.cecula_sync.api.client._SEND_TIMEOUT",
            aiohttp.ClientTimeout(total=0.3),
        )
    simulator.arm(fault, operation="send-sms", times=0, **params)
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, SEND, recipients=BEN, message=TEXT)
    assert caught.value.translation_key == key
    assert caught.value.translation_domain == "cecula_sync"
    assert_tells_no_secret(str(caught.value), BEN, TEXT)
    await an_hour_later(hass)
    (request,) = simulator.requests_to("send-sms")
    assert request.body == {"text": TEXT, "recipients": BEN}
    with pytest.raises(HomeAssistantError) as caught:
        await act_blindly(hass, SEND, recipients=BEN, message=TEXT)
    assert caught.value.translation_key == key


async def test_a_provider_that_is_away_surely_sent_nothing(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Trying again can't double it, and so says the error."""
    await simulator.stop()
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, SEND, recipients=BEN, message=TEXT)
    assert caught.value.translation_key == "cannot_connect"
    assert_tells_no_secret(str(caught.value), BEN, TEXT)


@pytest.mark.parametrize("fault", ACCEPTED)
async def test_an_accepted_send_arrives_once_whatever_its_answer_lacks(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    fault: str,
) -> None:
    """An answer without ids, or with one for all, is no reason to send again."""
    simulator.arm(fault, operation="send-sms", times=0)
    await act_blindly(hass, SEND, recipients=BEN, message=TEXT)
    await an_hour_later(hass)
    assert len(simulator.requests_to("send-sms")) == len(line.sent) == 1


async def test_an_accepted_send_without_an_id_is_queued(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Its fate can't be followed."""
    simulator.arm("no_ids", operation="send-sms")
    response = await act(hass, SEND, recipients=BEN, message=TEXT)
    assert response["recipients"] == [
        {"recipient": BEN, "contact": None, "tracking_id": None, "status": "queued"}
    ]


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("code", [*sorted(EXPLAINED_CODES), "CE9999"])
async def test_each_code_of_the_provider_has_an_error_of_its_own(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    code: str,
    status: int,
) -> None:
    """It is refused for certain, whatever HTTP status carries the code."""
    simulator.arm("code", operation="send-sms", times=0, code=code, status=status)
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, SEND, recipients=BEN, message=TEXT)
    explained = code in EXPLAINED_CODES
    assert caught.value.translation_key == (
        f"refused_{code.lower()}" if explained else "refused"
    )
    assert caught.value.translation_placeholders == (
        {} if explained else {"code": code}
    )
    assert "it was not done" in str(caught.value)
    assert len(simulator.requests_to("send-sms")) == 1


async def test_a_refused_key_starts_reauthentication(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Only another key helps, and one form for it is enough."""
    simulator.arm("unauthorized", operation="send-sms", times=0)
    for _ in range(2):
        with pytest.raises(HomeAssistantError):
            await act(hass, SEND, recipients=BEN, message=TEXT)
        await hass.async_block_till_done()
        (flow,) = hass.config_entries.flow.async_progress()
        assert flow["context"]["source"] == "reauth"
        assert flow["context"]["entry_id"] == loaded.entry_id


@pytest.mark.parametrize("fault", ["slow", "slow_before"])
async def test_an_id_is_won_though_the_caller_is_gone(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    hass_client_no_auth: Any,
    fault: str,
) -> None:
    """A script that is stopped does not undo what has left."""
    hook_up(line, await hass_client_no_auth())
    reports = captured(hass, "sms_status")
    simulator.arm(fault, operation="send-sms", seconds=0.2)
    context = Context()
    caller = asyncio.create_task(act(hass, SEND, context, recipients=BEN, message=TEXT))
    await until(simulator, lambda: simulator.requests_to("send-sms"))
    caller.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await caller
    assert caller.cancelled()
    await hass.async_block_till_done(wait_background_tasks=True)
    balance = state_of(hass, entity_id("sensor", "balance"))
    assert float(balance.state) == line.credit < 500
    (sms,) = line.sent
    await line.report(sms.tracking_id, "DELIVERED")
    (report,) = reports
    assert report.data["recipient"] == BEN
    assert report.context is context
    assert len(simulator.requests_to("send-sms")) == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("html_200", "may or may not have gone out"),
        ("accept_then_drop", "may or may not have gone out"),
        ("unauthorized", "refuses the API key"),
    ],
)
async def test_a_failure_in_a_script_is_logged_without_secrets(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    caplog: pytest.LogCaptureFixture,
    fault: str,
    words: str,
) -> None:
    """Home Assistant logs it with its causes."""
    step = {
        "action": "cecula_sync.send_sms",
        "data": {"recipients": [BEN, "+23480312345"], "message": TEXT},
    }
    assert await async_setup_component(
        hass, "script", {"script": {"warn": {"sequence": [step]}}}
    )
    simulator.arm(fault, operation="send-sms")
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call("script", "warn", blocking=True)
    errors = [item for item in caplog.records if item.levelno >= logging.ERROR]
    assert any(words in item.getMessage() for item in errors)


async def test_a_number_that_the_answer_refuses_is_named_and_the_other_has_its_text(
    hass: HomeAssistant, loaded: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each report may have a code of its own; the simulator's have none."""
    send = CeculaSyncClient._send

    async def refuse_ben(client: CeculaSyncClient, *args: Any) -> bytes:
        answer = json.loads(await send(client, *args))
        (to_ada, _) = answer["reports"]
        answer["reports"] = [to_ada, {"recipient": BEN, "status": "CE1802"}]
        return json.dumps(answer).encode()

    monkeypatch.setattr(CeculaSyncClient, "_send", refuse_ben)
    response = await act(hass, SEND, recipients=[ADA, BEN], message=TEXT)
    assert [
        (each["recipient"], each["status"], each["tracking_id"] is None)
        for each in response["recipients"]
    ] == [(ADA, "queued", False), (BEN, "refused", True)]
    with pytest.raises(HomeAssistantError) as caught:
        await act_blindly(hass, SEND, recipients=[ADA, BEN], message=TEXT)
    assert caught.value.translation_key == "partly_sent"
