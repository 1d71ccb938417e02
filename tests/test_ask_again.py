"""Several questions: to the same people, the newer one supersedes the older."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .asking import (
    SUPERSEDED,
    TIMED_OUT,
    YES_OR_NO,
    ask,
    asked,
    assert_nobody_waits,
    give_up,
    sent,
)
from .conftest import ADA, BEN
from .doors import CHI, act, hook_up, pass_time, until

DOG: dict[str, Any] = {"question": "Who feeds the dog?"}
FIRE: dict[str, Any] = {"question": "Fire! Are you out?", "answers": YES_OR_NO}


@pytest.fixture(autouse=True)
async def _hooked_up(
    loaded: MockConfigEntry, line: Line, hass_client_no_auth: Any
) -> None:
    """Have the provider post what comes in."""
    hook_up(line, await hass_client_no_auth())


async def test_a_newer_question_to_the_same_person_ends_the_older(
    hass: HomeAssistant, simulator: Simulator, line: Line, loaded: MockConfigEntry
) -> None:
    """It ends at once, and what the person says answers the newer one."""
    dog = await asked(hass, simulator, line, contacts="notify.ada", **DOG)
    fire = await asked(hass, simulator, line, recipients=ADA, **FIRE)
    assert await dog == SUPERSEDED
    await line.receive_sms(ADA, "Yes")
    assert (await fire)["id"] == "coming"
    assert_nobody_waits(loaded)


async def test_the_older_question_goes_on_with_the_others_it_asked(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """Each person's answer goes to the newest question that they got."""
    dog = await asked(hass, simulator, line, recipients=[ADA, BEN], **DOG)
    fire = await asked(hass, simulator, line, recipients=[CHI, ADA], **FIRE)
    await line.receive_sms(ADA, "no")
    assert (await fire)["id"] == "busy"
    assert not dog.done()
    await line.receive_sms(BEN, "I do")
    answer = await dog
    assert (answer["sentence"], answer["superseded"]) == ("I do", False)


async def test_who_was_asked_anew_does_not_come_back_to_the_older_question(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Else a late word about the fire would feed the dog."""
    dog = await asked(hass, simulator, line, recipients=[ADA, BEN], **DOG)
    fire = await asked(hass, simulator, line, recipients=ADA, **FIRE)
    await line.receive_sms(ADA, "yes")
    await fire
    await line.receive_sms(ADA, "All are out")
    assert not dog.done()
    await pass_time(hass, freezer, 301)
    assert await dog == TIMED_OUT


@pytest.mark.parametrize("fault", ["code", "http_500"])
async def test_a_newer_question_that_did_not_leave_ends_none(
    hass: HomeAssistant, simulator: Simulator, line: Line, fault: str
) -> None:
    """Nobody waits for its answer, so the older one still does."""
    dog = await asked(hass, simulator, line, recipients=ADA, **DOG)
    simulator.arm(fault, operation="send-sms")
    with pytest.raises(HomeAssistantError):
        await act(hass, "ask", recipients=ADA, **FIRE)
    await line.receive_sms(ADA, "Me")
    assert (await dog)["sentence"] == "Me"


async def test_until_the_newer_question_was_accepted_the_older_one_is_answered(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """The person knows no other yet."""
    dog = await asked(hass, simulator, line, recipients=ADA, **DOG)
    simulator.arm("slow_before", operation="send-sms", seconds=0.3)
    fire = ask(hass, recipients=ADA, **FIRE)
    await until(simulator, lambda: len(simulator.requests_to("send-sms")) == 2)
    await line.receive_sms(ADA, "Me")
    assert (await dog)["sentence"] == "Me"
    await until(simulator, lambda: len(line.sent) == 2)
    await hass.async_block_till_done()
    assert not fire.done()
    await give_up(fire)


async def test_an_older_question_that_takes_longer_to_leave_blocks_no_newer_one(
    hass: HomeAssistant, simulator: Simulator, line: Line, loaded: MockConfigEntry
) -> None:
    """Newer is what was asked later."""
    simulator.arm("slow", operation="send-sms", seconds=0.5)
    dog = ask(hass, recipients=[ADA], **DOG)
    await sent(simulator, line, dog)
    fire = await asked(hass, simulator, line, recipients=ADA, **FIRE)
    assert await dog == SUPERSEDED
    await line.receive_sms(ADA, "yes")
    assert (await fire)["id"] == "coming"
    assert_nobody_waits(loaded)


async def test_a_question_that_lost_its_first_people_asks_the_others(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While it is on its way to them, it is not over."""
    monkeypatch.setattr("custom_components.cecula_sync.sender.MAX_RECIPIENTS", 1)
    simulator.arm("slow", operation="send-sms", seconds=0.0)
    simulator.arm("slow", operation="send-sms", seconds=0.5)
    dog = ask(hass, recipients=[ADA, BEN], **DOG)
    await until(simulator, lambda: len(line.sent) == 2)
    fire = ask(hass, recipients=ADA, **FIRE)
    await until(simulator, lambda: len(line.sent) == 3)
    await hass.async_block_till_done()
    assert not dog.done()
    await line.receive_sms(BEN, "I do")
    assert (await dog)["sentence"] == "I do"
    await line.receive_sms(ADA, "yes")
    assert (await fire)["id"] == "coming"


async def test_questions_to_different_people_wait_side_by_side(
    hass: HomeAssistant, simulator: Simulator, line: Line, loaded: MockConfigEntry
) -> None:
    """Each hears its own answer."""
    to_ada = await asked(hass, simulator, line, contacts="notify.ada")
    to_ben = await asked(hass, simulator, line, recipients=BEN)
    await line.receive_sms(BEN, "I am Ben")
    await line.receive_sms(ADA, "I am Ada")
    assert [(await each)["sentence"] for each in (to_ada, to_ben)] == [
        "I am Ada",
        "I am Ben",
    ]
    assert_nobody_waits(loaded)
