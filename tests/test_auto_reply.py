"""The action that sets what the provider answers by itself."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .conftest import ADA
from .doors import act_blindly, add_second_line, assert_tells_no_secret, placeholders_of
from .flows import reauth_flows

SET = "set_auto_reply"
AWAY = "I am away. Call the neighbours."
OPERATIONS = {"sms": "set-sms-autoresponse", "call": "set-call-autoresponse"}


def replies(line: Line) -> dict[str, str]:
    """Return what the provider answers."""
    return {"sms": line.sms_auto_reply, "call": line.call_auto_reply}


@pytest.mark.parametrize("kind", OPERATIONS)
async def test_a_reply_is_set_and_taken_away(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    kind: str,
) -> None:
    """Of one kind; the other stays as it is."""
    none = {"sms": "", "call": ""}
    await act_blindly(hass, SET, kind=kind, message=AWAY)
    assert replies(line) == none | {kind: AWAY}
    for nothing in ({"message": ""}, {"message": " \n"}, {}):
        await act_blindly(hass, SET, kind=kind, message=AWAY)
        await act_blindly(hass, SET, kind=kind, **nothing)
        assert replies(line) == none
    assert len(simulator.requests_to(OPERATIONS[kind])) == 7


async def test_whoever_calls_is_texted_and_no_guard_counts_that(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """It is the provider who sends."""
    hass.config_entries.async_update_entry(loaded, options={"max_per_hour": 1})
    await hass.async_block_till_done()
    await act_blindly(hass, SET, kind="call", message=AWAY)
    for _ in range(2):
        await line.receive_call(ADA)
    assert [sms.text for sms in line.sent] == [AWAY, AWAY]
    await act_blindly(hass, "send_sms", recipients=ADA, message="Hi")


async def test_a_reply_of_full_length_is_set_whole(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """Ten pages fit; half of a character is replaced."""
    await act_blindly(hass, SET, kind="sms", message="a" * 1530)
    assert line.sms_auto_reply == "a" * 1530
    await act_blindly(hass, SET, kind="sms", message="Hi \ud83d")
    assert line.sms_auto_reply == "Hi \N{REPLACEMENT CHARACTER}"


async def test_a_reply_that_is_too_long_is_refused(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Nothing is cut off, and the provider is not asked."""
    with pytest.raises(ServiceValidationError) as caught:
        await act_blindly(hass, SET, kind="sms", message="a" * 1531)
    assert caught.value.translation_key == "text_too_long"
    assert placeholders_of(caught) == {"length": "1531", "over": "1", "most": "1530"}
    assert simulator.requests_to(OPERATIONS["sms"]) == []


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"message": AWAY}, id="no kind"),
        pytest.param({"kind": "fax", "message": AWAY}, id="unknown kind"),
    ],
)
async def test_it_must_be_said_what_is_answered(
    hass: HomeAssistant, loaded: MockConfigEntry, data: dict[str, Any]
) -> None:
    """Neither is taken for granted, for one of them costs money."""
    with pytest.raises(vol.Invalid):
        await act_blindly(hass, SET, **data)


@pytest.mark.parametrize(
    ("fault", "params", "key"),
    [
        pytest.param("unauthorized", {}, "invalid_key", id="401"),
        pytest.param("code", {"code": "CE1013"}, "refused_ce1013", id="offline"),
        pytest.param("code", {"code": "404", "status": 404}, "not_offered", id="404"),
        pytest.param("http_500", {}, "change_unknown", id="500"),
        pytest.param("html_200", {}, "change_unknown", id="a page"),
        pytest.param("accept_then_drop", {}, "change_unknown", id="dropped"),
    ],
)
@pytest.mark.parametrize("kind", OPERATIONS)
async def test_a_failure_is_told_and_nothing_tried_again(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    kind: str,
    fault: str,
    params: dict[str, Any],
    key: str,
) -> None:
    """A refused key asks for another."""
    simulator.arm(fault, operation=OPERATIONS[kind], times=0, **params)
    with pytest.raises(HomeAssistantError) as caught:
        await act_blindly(hass, SET, kind=kind, message=AWAY)
    assert caught.value.translation_key == key
    assert_tells_no_secret(str(caught.value), AWAY)
    assert len(simulator.requests_to(OPERATIONS[kind])) == 1
    assert len(reauth_flows(hass, loaded)) == (1 if key == "invalid_key" else 0)


async def test_of_two_numbers_one_must_be_named(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """Neither is taken for being the first."""
    second, other = await add_second_line(hass, simulator)
    with pytest.raises(ServiceValidationError) as caught:
        await act_blindly(hass, SET, kind="sms", message=AWAY)
    assert caught.value.translation_key == "which_line"
    await act_blindly(
        hass, SET, kind="sms", message=AWAY, config_entry_id=second.entry_id
    )
    assert (line.sms_auto_reply, other.sms_auto_reply) == ("", AWAY)


async def test_a_number_that_is_not_loaded_is_told_of(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """The action outlives the entry."""
    assert await hass.config_entries.async_unload(loaded.entry_id)
    with pytest.raises(ServiceValidationError) as caught:
        await act_blindly(hass, SET, kind="sms", message=AWAY)
    assert caught.value.translation_key == "service_config_entry_not_loaded"
