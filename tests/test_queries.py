"""The actions that ask the provider what became of one text or call."""

from datetime import datetime
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .conftest import ADA, BEN, captured
from .doors import act, add_second_line

OPERATIONS = {
    "get_sms_status": "sent-sms-status",
    "get_call_status": "dialled-call-status",
}
FIELDS = {"get_sms_status": "tracking_id", "get_call_status": "call_id"}
ACTIONS = pytest.mark.parametrize("action", OPERATIONS)


async def ask(
    hass: HomeAssistant, action: str, each: str | int = "99", **data: Any
) -> dict[str, Any]:
    """Ask about an id."""
    data[FIELDS[action]] = each
    return await act(hass, action, **data)


async def test_a_text_of_the_house_is_told_with_its_contact(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """The answer is news for the house too, and told there under the text's cause."""
    told = captured(hass, "sms_status")
    context = Context()
    await act(hass, "send_sms", context, contacts="notify.ada", message="Hi")
    (sms,) = line.sent
    response = await ask(hass, "get_sms_status", sms.tracking_id)
    assert response.pop("sent_at") is not None
    assert response == {
        "tracking_id": sms.tracking_id,
        "recipient": ADA,
        "contact": "Ada",
        "status": "queued",
        "done_at": None,
    }
    assert told == []
    await line.report(sms.tracking_id, "DELIVERED")
    for _ in range(2):
        response = await ask(hass, "get_sms_status", sms.tracking_id)
        assert response["status"] == "delivered"
    assert datetime.fromisoformat(response["done_at"]).tzinfo is not None
    assert [event.data["status"] for event in told] == ["delivered"]
    assert told[0].context is context


async def test_a_call_of_the_house_is_told_with_its_contact(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """As a text is."""
    told = captured(hass, "call_status")
    await act(hass, "make_call", contact="notify.ada")
    (call,) = line.calls
    await line.answer(call.call_id, answered=False)
    response = await ask(hass, "get_call_status", call.call_id)
    assert response.pop("called_at") is not None
    assert response == {
        "call_id": call.call_id,
        "recipient": ADA,
        "contact": "Ada",
        "status": "not_answered",
        "duration": None,
    }
    assert [event.data["status"] for event in told] == ["not_answered"]


async def test_what_others_sent_by_the_sim_can_be_asked_for(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """It is no news of the house's; the contact is whose number it went to."""
    told = captured(hass, "sms_status"), captured(hass, "call_status")
    (sms,) = line.outbox.send([ADA], "By hand")
    call = line.outbox.place_call(BEN)
    response = await ask(hass, "get_sms_status", int(sms.tracking_id))
    assert (response["recipient"], response["contact"]) == (ADA, "Ada")
    response = await ask(hass, "get_call_status", call.call_id)
    assert (response["recipient"], response["contact"]) == (BEN, None)
    assert response["status"] == "ringing"
    assert told == ([], [])


@ACTIONS
@pytest.mark.parametrize(
    ("fault", "params", "key", "error"),
    [
        pytest.param(None, {}, "unknown_id", ServiceValidationError, id="unknown"),
        pytest.param(
            "code",
            {"code": "404", "status": 404},
            "unknown_id",
            ServiceValidationError,
            id="404",
        ),
        pytest.param("http_500", {}, "not_told", HomeAssistantError, id="500"),
        pytest.param("drop", {}, "not_told", HomeAssistantError, id="dropped"),
        pytest.param(
            "html_200", {}, "unreadable_answer", HomeAssistantError, id="html"
        ),
        pytest.param(
            "wrong_json_type",
            {"kind": "array"},
            "unreadable_answer",
            HomeAssistantError,
            id="array",
        ),
        pytest.param("unauthorized", {}, "invalid_key", HomeAssistantError, id="401"),
        pytest.param(
            "code",
            {"code": "CE2000"},
            "refused_ce2000",
            HomeAssistantError,
            id="CE2000",
        ),
    ],
)
async def test_what_the_provider_does_not_tell_is_one_clear_error(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    action: str,
    fault: str | None,
    params: dict[str, Any],
    key: str,
    error: type[HomeAssistantError],
) -> None:
    """A key that is refused asks for another."""
    if fault is not None:
        simulator.arm(fault, operation=OPERATIONS[action], times=0, **params)
    with pytest.raises(HomeAssistantError) as caught:
        await ask(hass, action)
    assert type(caught.value) is error
    assert caught.value.translation_key == key
    flows = hass.config_entries.flow.async_progress()
    assert [flow["context"]["source"] for flow in flows] == (
        ["reauth"] if key == "invalid_key" else []
    )


@ACTIONS
async def test_a_provider_out_of_reach_is_told(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, action: str
) -> None:
    """Nothing is asked for again by itself."""
    await hass.async_block_till_done(wait_background_tasks=True)
    await simulator.stop()
    with pytest.raises(HomeAssistantError) as caught:
        await ask(hass, action)
    assert caught.value.translation_key == "cannot_connect"


@ACTIONS
@pytest.mark.parametrize("each", ["", "x" * 201, None, 1.5, ["1"]])
async def test_what_is_no_id_is_refused(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    action: str,
    each: Any,
) -> None:
    """The provider is not asked."""
    with pytest.raises(vol.Invalid):
        await ask(hass, action, each)
    assert simulator.requests_to(OPERATIONS[action]) == []


@pytest.mark.parametrize("each", ["../number", "a b?c=d#e", "%2e%2e", "ü/.."])
async def test_an_id_leads_nowhere_else(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, each: str
) -> None:
    """Whatever a template made of it."""
    before = len(simulator.requests)
    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, "get_sms_status", each)
    assert caught.value.translation_key == "unknown_id"
    (request,) = simulator.requests[before:]
    assert request.path.startswith("/sync/api/sent-sms-status/")


async def test_of_two_lines_the_id_or_a_name_tells_which_is_asked(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """Neither is taken for being the first."""
    second, second_line = await add_second_line(hass, simulator)
    await act(hass, "send_sms", contacts="notify.chi", message="By the second")
    tracking_id = second_line.sent[0].tracking_id
    response = await ask(hass, "get_sms_status", tracking_id)
    assert response["contact"] == "Chi"
    await act(hass, "make_call", contact="notify.ada")
    response = await ask(hass, "get_call_status", line.calls[0].call_id)
    assert response["contact"] == "Ada"
    for action in OPERATIONS:
        with pytest.raises(ServiceValidationError) as caught:
            await ask(hass, action)
        assert caught.value.translation_key == "which_line"
    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, "get_sms_status", tracking_id, config_entry_id="line_one")
    assert caught.value.translation_key == "unknown_id"
    assert await hass.config_entries.async_unload(second.entry_id)
    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, "get_sms_status", tracking_id)
    assert caught.value.translation_key == "which_line"


@ACTIONS
async def test_a_line_that_is_not_loaded_asks_nothing(
    hass: HomeAssistant, loaded: MockConfigEntry, action: str
) -> None:
    """The action outlives the entry and says what is wrong."""
    assert await hass.config_entries.async_unload(loaded.entry_id)
    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, action)
    assert caught.value.translation_key == "service_config_entry_not_loaded"
