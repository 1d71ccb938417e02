"""Questions that only the answers listed for them end."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from simulator import Line, Simulator

from .asking import NOBODY, SUPERSEDED, TIMED_OUT, YES_OR_NO, asked, assert_nobody_waits
from .conftest import ADA, BEN
from .doors import hook_up, pass_time

LISTED: dict[str, Any] = {"answers": YES_OR_NO, "only_listed": True}
STRAY = "Who is this?"


@pytest.fixture(autouse=True)
async def _hooked_up(
    loaded: MockConfigEntry, line: Line, hass_client_no_auth: Any
) -> None:
    """Have the provider post what comes in."""
    hook_up(line, await hass_client_no_auth())


async def test_another_text_is_heard_and_the_question_goes_on(
    hass: HomeAssistant, simulator: Simulator, line: Line, loaded: MockConfigEntry
) -> None:
    """Whoever of those asked it comes from; each of them may still answer."""
    heard = async_capture_events(hass, "cecula_sync_sms_received")
    recipients = [ADA, BEN]
    asking = await asked(hass, simulator, line, recipients=recipients, **LISTED)
    for number in (ADA, BEN):
        await line.receive_sms(number, STRAY)
        assert not asking.done()
    await line.receive_sms(ADA, "Yes!")
    assert await asking == NOBODY | {
        "id": "coming",
        "sentence": "Yes!",
        "sender": ADA,
        "contact": "Ada",
        "answered_by": "sms",
    }
    await hass.async_block_till_done()
    assert [event.data["message"] for event in heard] == [STRAY, STRAY, "Yes!"]
    assert_nobody_waits(loaded)


async def test_a_call_back_ends_it_too(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """It stands for one of the answers."""
    asking = await asked(
        hass, simulator, line, recipients=BEN, call_back_answer="busy", **LISTED
    )
    await line.receive_sms(BEN, STRAY)
    assert not asking.done()
    await line.receive_call(BEN)
    assert (await asking)["id"] == "busy"


async def test_a_start_of_a_text_is_listed_too(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """What goes on after an answer is one."""
    answers = [{"id": "yes", "texts": "yes", "match": "start"}]
    asking = await asked(
        hass, simulator, line, recipients=BEN, answers=answers, only_listed=True
    )
    await line.receive_sms(BEN, "Yesterday?")
    assert not asking.done()
    await line.receive_sms(BEN, "Yes dear, thank you")
    assert (await asking)["sentence"] == "Yes dear, thank you"


async def test_it_ends_in_time_whatever_else_was_texted(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Other texts neither prolong it nor are told of."""
    asking = await asked(hass, simulator, line, recipients=BEN, **LISTED)
    await pass_time(hass, freezer, 290)
    await line.receive_sms(BEN, STRAY)
    assert not asking.done()
    await pass_time(hass, freezer, 15)
    assert await asking == TIMED_OUT
    assert_nobody_waits(loaded)


async def test_another_text_does_not_answer_an_older_question(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """The newer question took its sender over, whatever the text is."""
    older = await asked(hass, simulator, line, recipients=[ADA, BEN])
    newer = await asked(hass, simulator, line, recipients=ADA, **LISTED)
    await line.receive_sms(ADA, STRAY)
    assert not older.done()
    assert not newer.done()
    await line.receive_sms(BEN, "Fine")
    assert (await older)["sentence"] == "Fine"
    newest = await asked(hass, simulator, line, recipients=ADA)
    assert await newer == SUPERSEDED
    await line.receive_sms(ADA, "yes")
    assert (await newest)["sentence"] == "yes"
