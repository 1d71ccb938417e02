"""The action that rings a phone: whom, what it answers, and how it waits."""

import asyncio
import contextlib
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync.const import Kind
from simulator import Line, Simulator

from .conftest import ADA, BEN, NUMBER, captured
from .doors import act, act_blindly, hook_up, until
from .waiters import nobody_waits

CALL = "make_call"


@pytest.fixture
def _looks_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for a call's result at once, and once more."""
    monkeypatch.setattr(
        "custom_components.cecula_sync.status_checks._HURRIED", {Kind.CALL: (0.01,)}
    )


@pytest.mark.parametrize(
    ("data", "recipient", "contact"),
    [
        pytest.param({"recipient": BEN}, BEN, None, id="number"),
        pytest.param({"recipient": "0803 123 4567"}, BEN, None, id="national"),
        pytest.param({"recipient": 2348031234567}, BEN, None, id="integer"),
        pytest.param({"recipient": "08183172770"}, ADA, "Ada", id="contact's number"),
        pytest.param({"contact": "notify.ada"}, ADA, "Ada", id="contact"),
    ],
)
async def test_a_phone_is_rung_once(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    data: dict[str, Any],
    recipient: str,
    contact: str | None,
) -> None:
    """Without waiting nothing is known yet but the id."""
    response = await act(hass, CALL, **data)
    (call,) = line.calls
    assert call.recipient == recipient
    assert response == {
        "call_id": call.call_id,
        "recipient": recipient,
        "contact": contact,
        "status": "unknown",
    }
    assert len(simulator.requests_to("flash-number")) == 1


async def test_a_phone_is_rung_for_a_script_that_wants_no_response(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """The response is optional."""
    await act_blindly(hass, CALL, recipient=BEN)
    assert [call.recipient for call in line.calls] == [BEN]


@pytest.mark.parametrize(
    ("answered", "status"), [(True, "answered"), (False, "not_answered")]
)
async def test_the_result_is_waited_for_and_comes_by_webhook(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    hass_client_no_auth: Any,
    answered: bool,
    status: str,
) -> None:
    """The provider is not asked when it tells by itself."""
    hook_up(line, await hass_client_no_auth())
    told = captured(hass, "call_status")
    context = Context()
    waiting = asyncio.create_task(
        act(hass, CALL, context, contact="notify.ada", wait_for_result=True)
    )
    await until(simulator, lambda: line.calls)
    await hass.async_block_till_done()
    assert not waiting.done()
    (call,) = line.calls
    assert await line.answer(call.call_id, answered) == [200]
    assert await waiting == {
        "call_id": call.call_id,
        "recipient": ADA,
        "contact": "Ada",
        "status": status,
    }
    (event,) = told
    assert (event.data["status"], event.data["contact"]) == (status, "Ada")
    assert event.context is context
    assert simulator.requests_to("dialled-call-status") == []


@pytest.mark.usefixtures("_looks_early")
@pytest.mark.parametrize(
    ("answered", "status"), [(True, "answered"), (False, "not_answered")]
)
async def test_the_result_is_looked_up_where_no_webhook_is_set_up(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    answered: bool,
    status: str,
) -> None:
    """A look-up that fails is no end of the waiting, and each news is told once."""
    told = captured(hass, "call_status")
    simulator.arm("http_500", operation="dialled-call-status")
    waiting = asyncio.create_task(act(hass, CALL, recipient=BEN, wait_for_result=True))
    await until(
        simulator, lambda: len(simulator.requests_to("dialled-call-status")) >= 3
    )
    await line.answer(line.calls[0].call_id, answered)
    assert (await waiting)["status"] == status
    assert [event.data["status"] for event in told] == ["ringing", status]


@pytest.mark.parametrize(
    "patience",
    [
        pytest.param({"milliseconds": 10}, id="soon"),
        pytest.param({"seconds": 0}, id="at once"),
    ],
)
async def test_a_result_that_does_not_come_in_time_is_unknown(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, patience: dict[str, int]
) -> None:
    """The call was placed all the same, so this is no error."""
    response = await act(
        hass, CALL, recipient=BEN, wait_for_result=True, timeout=patience
    )
    assert response["status"] == "unknown"
    assert response["call_id"] == line.calls[0].call_id
    assert nobody_waits(loaded)


@pytest.mark.usefixtures("_looks_early")
async def test_a_status_that_nobody_knows_does_not_end_the_waiting(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """It is told as it came, and is what is known when time is up."""
    line.switches.ringing_status = "On Hold"
    response = await act(
        hass, CALL, recipient=BEN, wait_for_result=True, timeout={"seconds": 1}
    )
    assert response["status"] == "on hold"


async def test_a_caller_that_stops_waiting_leaves_nothing_behind(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    hass_client_no_auth: Any,
) -> None:
    """The result still is told on the bus, with the recipient."""
    hook_up(line, await hass_client_no_auth())
    told = captured(hass, "call_status")
    waiting = asyncio.create_task(act(hass, CALL, recipient=BEN, wait_for_result=True))
    await until(simulator, lambda: line.calls)
    await hass.async_block_till_done()
    waiting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await waiting
    assert nobody_waits(loaded)
    await line.answer(line.calls[0].call_id, answered=True)
    assert [event.data["recipient"] for event in told] == [BEN]


@pytest.mark.parametrize("fault", ["slow", "http_500"])
async def test_a_call_is_followed_though_its_caller_is_gone(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    hass_client_no_auth: Any,
    fault: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its id is won; and a failure that nobody waits for is no fault of the loop."""
    hook_up(line, await hass_client_no_auth())
    told = captured(hass, "call_status")
    simulator.arm("slow", operation="flash-number", seconds=0.2)
    if fault != "slow":
        simulator.disarm()
        simulator.arm(fault, operation="flash-number", processed=True)
    calling = asyncio.create_task(act(hass, CALL, recipient=BEN))
    await until(simulator, lambda: simulator.requests_to("flash-number"))
    calling.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await calling
    await hass.async_block_till_done()
    await line.answer(line.calls[0].call_id, answered=True)
    assert [event.data["recipient"] for event in told] == [BEN]
    assert "shielded" not in caplog.text


@pytest.mark.parametrize(
    ("data", "key"),
    [
        pytest.param({"recipient": "112"}, "recipient_emergency", id="emergency"),
        pytest.param({"recipient": "MTN"}, "recipient_not_a_number", id="name"),
        pytest.param({}, "no_recipient", id="nobody"),
        pytest.param({"recipient": ""}, "no_recipient", id="empty"),
        pytest.param({"recipient": None}, "no_recipient", id="nothing"),
        pytest.param(
            {"recipient": BEN, "contact": "notify.ada"}, "number_or_contact", id="both"
        ),
        pytest.param(
            {"recipient": f"{BEN}, {NUMBER}"}, "one_call_at_a_time", id="several"
        ),
        pytest.param({"recipient": 2348031.0}, "recipient_not_a_number", id="fraction"),
        pytest.param(
            {"recipient": "491711234567.0"}, "recipient_not_a_number", id="template"
        ),
        pytest.param({"recipient": 8031234567}, "recipient_unquoted", id="no plus"),
        pytest.param({"recipient": 0o7031234567}, "recipient_unquoted", id="octal"),
        pytest.param({"recipient": True}, "recipient_not_a_number", id="bool"),
        pytest.param({"contact": "notify.nobody"}, "not_a_contact", id="stranger"),
    ],
)
async def test_who_cannot_be_rung_gets_one_clear_error(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    data: dict[str, Any],
    key: str,
) -> None:
    """Nothing is dialled."""
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, CALL, **data)
    assert caught.value.translation_key == key
    assert simulator.requests_to("flash-number") == []


async def test_nobody_waits_for_less_than_no_time(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Core says which field is wrong."""
    with pytest.raises(vol.Invalid, match="timeout"):
        await act(hass, CALL, recipient=BEN, timeout=-1)
    assert simulator.requests_to("flash-number") == []


@pytest.mark.parametrize(
    ("fault", "params", "key"),
    [
        pytest.param("unauthorized", {}, "invalid_key", id="401"),
        pytest.param("code", {"code": "CE3001"}, "refused_ce3001", id="CE3001"),
        pytest.param("http_500", {}, "outcome_unknown", id="500"),
        pytest.param("empty_200", {}, "outcome_unknown", id="empty"),
        pytest.param("no_ids", {}, "outcome_unknown", id="no id"),
        pytest.param("accept_then_drop", {}, "outcome_unknown", id="dropped"),
    ],
)
async def test_a_failed_call_rings_at_most_once_and_says_if_it_is_certain(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    fault: str,
    params: dict[str, Any],
    key: str,
) -> None:
    """No failure is a reason to ring again."""
    simulator.arm(fault, operation="flash-number", times=0, **params)
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, CALL, recipient=BEN, wait_for_result=True)
    assert caught.value.translation_key == key
    assert BEN[4:] not in str(caught.value)
    assert len(simulator.requests_to("flash-number")) == 1
    flows = hass.config_entries.flow.async_progress()
    assert len(flows) == (1 if key == "invalid_key" else 0)
