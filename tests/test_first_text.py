"""The guide ends with a first text, and says what became of it."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.cecula_sync.const import DOMAIN
from simulator import Line, Simulator

from .conftest import ADA
from .doors import hook_up, state_of, until
from .flows import (
    ADA_FORM,
    assert_aborted,
    assert_form,
    assert_menu,
    choose,
    end_test,
    fill_options_in,
    look_again,
    set_up,
    suggested,
)

HELLO = {"message": "Hello!"}
FOR_ADA = {"contact": "Ada", "line": "+234 817 647 0634"}


@pytest.fixture
async def asked(
    hass: HomeAssistant, simulator: Simulator, line: Line, hass_client_no_auth: Any
) -> dict[str, Any]:
    """Return the form that asks what to send to Ada, who was just added."""
    hass.config.country = "NG"
    shown = await choose(hass, await set_up(hass, simulator), "go_on")
    shown = await fill_options_in(hass, shown, ADA_FORM)
    assert_form(shown, "first_text")
    assert shown["description_placeholders"] == FOR_ADA
    hook_up(line, await hass_client_no_auth(), entry_of(hass).data["webhook_id"])
    return shown


def entry_of(hass: HomeAssistant) -> ConfigEntry:
    """Return the only entry."""
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    return entry


def assert_sending(shown: dict[str, Any]) -> None:
    """Assert that the dialog waits for what becomes of the text."""
    assert shown["type"] is FlowResultType.SHOW_PROGRESS
    assert shown["step_id"] == shown["progress_action"] == "send_text"
    assert shown["description_placeholders"] == {"contact": "Ada"}


async def pass_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let time pass, but do not wait for what becomes of the text."""
    freezer.tick(seconds)
    async_fire_time_changed(hass)
    for _ in range(5):
        await hass.async_block_till_done()


async def send(
    hass: HomeAssistant, simulator: Simulator, line: Line, shown: dict[str, Any]
) -> str:
    """Send it; return the provider's id of it."""
    assert_sending(await fill_options_in(hass, shown, HELLO))
    await until(simulator, lambda: line.sent)
    assert_sending(await look_again(hass, shown))
    (sms,) = line.sent
    assert (sms.recipient, sms.text) == (ADA, "Hello!")
    return sms.tracking_id


@pytest.mark.parametrize(
    ("status", "step_id", "choices"),
    [
        ("DELIVERED", "text_delivered", ("go_on",)),
        ("FAILED", "text_not_delivered", ("first_text", "go_on")),
        ("EXPIRED", "text_not_delivered", ("first_text", "go_on")),
    ],
)
async def test_the_guide_tells_what_became_of_the_text(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    asked: dict[str, Any],
    status: str,
    step_id: str,
    choices: tuple[str, ...],
) -> None:
    """Send it, and have the provider report; then the set-up is done."""
    tracking_id = await send(hass, simulator, line, asked)
    await line.report(tracking_id, status)
    await end_test(hass)
    shown = await look_again(hass, asked)
    assert_menu(shown, step_id, *choices)
    assert shown["description_placeholders"]["contact"] == "Ada"

    result = await choose(hass, asked, "go_on")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry_of(hass).options == {"inbound": "webhook"}
    assert state_of(hass, "notify.ada").state != "unknown"


async def test_the_guide_waits_a_minute_for_a_report(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    asked: dict[str, Any],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Let the provider tell nothing."""
    await send(hass, simulator, line, asked)
    await pass_time(hass, freezer, 59)
    assert_sending(await look_again(hass, asked))
    await pass_time(hass, freezer, 2)
    await end_test(hass)
    assert_menu(await look_again(hass, asked), "text_sent", "go_on")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "not enough credit"), ("de", "Guthaben")],
)
async def test_a_refusal_is_told_in_the_language_of_the_house(
    hass: HomeAssistant,
    line: Line,
    asked: dict[str, Any],
    language: str,
    words: str,
) -> None:
    """Have no credit; with some, the next one leaves."""
    hass.config.language = language
    line.update({"credit": 0})
    assert_sending(await fill_options_in(hass, asked, HELLO))
    await end_test(hass)
    shown = await look_again(hass, asked)
    assert_menu(shown, "text_refused", "first_text", "go_on")
    assert words in shown["description_placeholders"]["reason"]
    assert line.sent == []

    line.update({"credit": 100})
    again = await choose(hass, asked, "first_text")
    assert_form(again, "first_text")
    assert {"message": suggested(again, "message")} == HELLO
    assert_sending(await fill_options_in(hass, asked, HELLO))
    assert len(line.sent) == 1


async def test_a_text_that_may_have_left_is_not_offered_again(
    hass: HomeAssistant, simulator: Simulator, line: Line, asked: dict[str, Any]
) -> None:
    """One click would send it twice."""
    simulator.arm("accept_then_drop", operation="send-sms")
    assert_sending(await fill_options_in(hass, asked, HELLO))
    await until(simulator, lambda: line.sent)
    await end_test(hass)
    shown = await look_again(hass, asked)
    assert_menu(shown, "text_unknown", "go_on")
    assert "may or may not have gone out" in shown["description_placeholders"]["reason"]
    assert len(line.sent) == 1


@pytest.mark.parametrize("empty", [{}, {"message": ""}, {"message": " \n"}], ids=str)
async def test_an_empty_form_sends_nothing(
    hass: HomeAssistant, line: Line, asked: dict[str, Any], empty: dict[str, str]
) -> None:
    """Leave it empty."""
    result = await fill_options_in(hass, asked, empty)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry_of(hass).options == {"inbound": "webhook"}
    assert line.sent == []


async def test_a_number_that_is_gone_sends_no_first_text(
    hass: HomeAssistant, line: Line, asked: dict[str, Any]
) -> None:
    """Unload it while the form is open."""
    await hass.config_entries.async_unload(entry_of(hass).entry_id)
    assert_aborted(await fill_options_in(hass, asked, HELLO), "not_loaded")
    assert line.sent == []


async def test_a_number_that_goes_while_its_text_is_under_way_ends_the_guide(
    hass: HomeAssistant, simulator: Simulator, line: Line, asked: dict[str, Any]
) -> None:
    """Unload it while the dialog waits."""
    await send(hass, simulator, line, asked)
    await hass.config_entries.async_unload(entry_of(hass).entry_id)
    await hass.async_block_till_done()
    shown = await look_again(hass, asked)
    assert_menu(shown, "text_sent", "go_on")
    assert_aborted(await choose(hass, shown, "go_on"), "not_loaded")
