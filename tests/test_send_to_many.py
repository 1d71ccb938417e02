"""A send to many: in several requests, and what each recipient's fate is."""

from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .conftest import BEN, captured
from .doors import (
    CHI,
    act,
    act_blindly,
    assert_tells_no_secret,
    hook_up,
    placeholders_of,
    until,
)

SEND = "send_sms"
TEXT = "The back door is open"
DAN, EVE, FAY = "+2348031111111", "+2348032222222", "+2348033333333"
EVERYBODY = [BEN, CHI, DAN, EVE, FAY]


def statuses(response: dict[str, Any]) -> list[str]:
    """Return the status of each recipient."""
    return [item["status"] for item in response["recipients"]]


@pytest.fixture
def _chunks_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let few recipients be too many for one request."""
    monkeypatch.setattr("custom_components.cecula_sync.sender.MAX_RECIPIENTS", 2)


async def test_a_recipient_that_the_answer_leaves_out_is_unknown(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """It may have been sent, or not."""
    simulator.arm("partial", operation="send-sms", times=0)
    response = await act(hass, SEND, recipients=[BEN, CHI], message=TEXT)
    assert statuses(response) == ["queued", "unknown"]
    with pytest.raises(HomeAssistantError) as caught:
        await act_blindly(hass, SEND, recipients=[BEN, CHI], message=TEXT)
    assert caught.value.translation_key == "partly_sent"
    assert placeholders_of(caught)["sent"] == "+234…567"
    assert placeholders_of(caught)["unknown"] == "+234…345"
    assert_tells_no_secret(str(caught.value), *EVERYBODY, TEXT)


@pytest.mark.usefixtures("_chunks_of_two")
async def test_many_recipients_go_in_several_requests(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """Each is named in one of them."""
    response = await act(hass, SEND, recipients=EVERYBODY, message=TEXT)
    assert statuses(response) == ["queued"] * 5
    assert [sms.recipient for sms in line.sent] == EVERYBODY
    assert len(simulator.requests_to("send-sms")) == 3


@pytest.mark.usefixtures("_chunks_of_two")
@pytest.mark.parametrize(
    ("fault", "in_the_middle", "placeholders"),
    [
        pytest.param(
            "code",
            ["refused", "refused"],
            {"unknown": "-", "refused": "+234…111, +234…222"},
            id="refused",
        ),
        pytest.param(
            "accept_then_drop",
            ["unknown", "unknown"],
            {"unknown": "+234…111, +234…222", "refused": "-"},
            id="unknown",
        ),
        pytest.param(
            "partial",
            ["queued", "unknown"],
            {
                "sent": "+234…567, +234…345, +234…111",
                "unknown": "+234…222",
                "refused": "-",
            },
            id="left out",
        ),
    ],
)
async def test_a_failure_among_several_requests_tells_each_recipient_s_fate(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    hass_client_no_auth: Any,
    fault: str,
    in_the_middle: list[str],
    placeholders: dict[str, str],
) -> None:
    """What was accepted before is followed, and what comes after is not tried."""
    hook_up(line, await hass_client_no_auth())
    reports = captured(hass, "sms_status")
    context = Context()
    simulator.arm("slow", operation="send-sms", seconds=0.0)
    simulator.arm(fault, operation="send-sms")
    response = await act(hass, SEND, context, recipients=EVERYBODY, message=TEXT)
    assert statuses(response) == ["queued", "queued", *in_the_middle, "not_tried"]
    assert len(simulator.requests_to("send-sms")) == 2
    for sms in line.sent[:2]:
        await line.report(sms.tracking_id, "DELIVERED")
    assert [report.data["recipient"] for report in reports] == [BEN, CHI]
    assert all(report.context is context for report in reports)

    simulator.arm("slow", operation="send-sms", seconds=0.0)
    simulator.arm(fault, operation="send-sms")
    with pytest.raises(HomeAssistantError) as caught:
        await act_blindly(hass, SEND, recipients=EVERYBODY, message=TEXT)
    assert caught.value.translation_key == "partly_sent"
    told = dict(placeholders_of(caught))
    cause = told.pop("cause")
    assert cause in str(caught.value)
    assert "Check" in cause or "Look on" in cause
    assert told == {
        "sent": "+234…567, +234…345",
        "not_tried": "+234…333",
        "rejected": "-",
        **placeholders,
    }
    assert_tells_no_secret(str(caught.value), *EVERYBODY, TEXT)


@pytest.mark.usefixtures("_chunks_of_two")
async def test_a_failure_at_once_tells_that_the_others_were_not_tried(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Nobody was reached, but not all for the same reason."""
    simulator.arm("http_500", operation="send-sms", times=0)
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, SEND, recipients=[BEN, CHI, DAN], message=TEXT)
    assert caught.value.translation_key == "partly_sent"
    assert placeholders_of(caught)["unknown"] == "+234…567, +234…345"
    assert placeholders_of(caught)["not_tried"] == "+234…111"


@pytest.mark.usefixtures("_chunks_of_two")
async def test_a_line_that_is_removed_meanwhile_sends_no_more(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """What is under way ends; the rest is not tried, and the error says so."""
    simulator.arm("slow", operation="send-sms", seconds=0.5)
    sending = hass.async_create_task(
        act_blindly(hass, SEND, recipients=EVERYBODY, message=TEXT)
    )
    await until(simulator, lambda: simulator.requests_to("send-sms"))
    await hass.config_entries.async_remove(loaded.entry_id)
    with pytest.raises(HomeAssistantError) as caught:
        await sending
    assert len(simulator.requests_to("send-sms")) == 1
    assert placeholders_of(caught)["not_tried"] == "+234…111, +234…222, +234…333"


@pytest.mark.usefixtures("_chunks_of_two")
async def test_a_send_that_is_cancelled_sends_no_more(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """Only the request that was under way ends."""
    simulator.arm("slow", operation="send-sms", seconds=0.5)
    sending = hass.async_create_task(
        act_blindly(hass, SEND, recipients=EVERYBODY, message=TEXT)
    )
    await until(simulator, lambda: simulator.requests_to("send-sms"))
    sending.cancel()
    await hass.async_block_till_done()
    assert len(simulator.requests_to("send-sms")) == 1
