"""Answers that no webhook brought: found by a look, late, or by polling."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import IncomingSms, Line, Simulator

from .asking import YES_OR_NO, Asking, ask, give_up, sent
from .conftest import ADA
from .doors import until
from .inbound.house import House, NewClient

# What waits for its webhook is late after so long.
HELD = 91
A_MINUTE = 61


@pytest.fixture
async def house(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    hass_client_no_auth: NewClient,
    monkeypatch: pytest.MonkeyPatch,
    inbound: str,
) -> House:
    """Return a house that is up, with times of the provider's cloud."""
    monkeypatch.setattr(
        "custom_components.cecula_sync.connection.CLOUD_URL", simulator.base_url
    )
    hass.config_entries.async_update_entry(entry, options={"inbound": inbound})
    house = House(hass, entry, line, simulator, freezer, hass_client_no_auth)
    await house.set_up()
    await house.stride(20)
    return house


async def ask_ada(house: House, **data: Any) -> Asking:
    """Ask Ada, and return when she may answer."""
    asking = ask(
        house.hass,
        recipients=ADA,
        answers=YES_OR_NO,
        timeout={"hours": 1},
        **data,
    )
    await sent(house.simulator, house.line, asking)
    await house.settle()
    return asking


by_webhook = pytest.mark.parametrize("inbound", ["webhook"])
by_polling = pytest.mark.parametrize("inbound", ["polling"])


@by_webhook
@pytest.mark.parametrize("pause", [0, A_MINUTE])
async def test_an_answer_whose_webhook_was_lost_counts_though_it_is_late(
    house: House, pause: int
) -> None:
    """It opens no gate by itself, but answers somebody who still waits."""
    asking = await ask_ada(house)
    await house.stride(pause)
    house.text("Yes")
    await house.look()
    assert not asking.done()
    await house.pass_time(HELD)
    answer = await asking
    assert (answer["id"], answer["answered_by"]) == ("coming", "sms")
    assert [heard.is_late for heard in house.heard] == [True]


@by_webhook
async def test_what_is_late_and_not_listed_leaves_the_question_open(
    house: House,
) -> None:
    """As if it had been in time."""
    asking = await ask_ada(house, only_listed=True)
    house.text("Who is this?")
    await house.look()
    await house.pass_time(HELD)
    assert [heard.is_late for heard in house.heard] == [True]
    assert not asking.done()
    house.text("Yes")
    await house.look()
    await house.pass_time(HELD)
    assert (await asking)["id"] == "coming"


@by_webhook
async def test_a_call_back_whose_webhook_was_lost_counts_too(house: House) -> None:
    """It is in the provider's list if it was missed."""
    asking = await ask_ada(house, call_back_answer="coming")
    house.call()
    await house.look()
    await house.pass_time(HELD)
    assert (await asking)["answered_by"] == "call"


@by_webhook
async def test_what_a_look_finds_that_is_older_than_the_question_is_no_answer(
    house: House,
) -> None:
    """It was written to something else."""
    house.text("Yes")
    house.call()
    await house.stride(A_MINUTE)
    asking = await ask_ada(house, call_back_answer="coming")
    await house.look()
    await house.pass_time(HELD)
    assert [heard.is_late for heard in house.heard] == [True, True]
    assert not asking.done()
    await give_up(asking)


@by_webhook
async def test_what_is_posted_is_an_answer_whatever_the_provider_s_clock_says(
    house: House,
) -> None:
    """It came after the question, and of the provider's clock nobody is sure."""
    came = house.text("Yes")
    await house.stride(A_MINUTE)
    asking = await ask_ada(house)
    assert await house.post(came) == 200
    assert (await asking)["id"] == "coming"


@by_polling
async def test_polling_hears_an_answer_with_the_next_look(house: House) -> None:
    """Nothing is late for that."""
    asking = await ask_ada(house)
    house.text("no")
    await house.pass_time(A_MINUTE)
    assert (await asking)["id"] == "busy"
    assert [heard.is_late for heard in house.heard] == [False]


@by_polling
async def test_polling_takes_no_older_text_for_an_answer(house: House) -> None:
    """The next look finds both, and their minutes tell them apart."""
    await house.stride(30)
    house.text("Yes")
    await house.stride(15)
    asking = await ask_ada(house)
    await house.stride(30)
    assert [heard.key.content for heard in house.heard] == ["Yes"]
    assert not asking.done()
    house.text("no")
    await house.pass_time(A_MINUTE)
    assert (await asking)["id"] == "busy"


def set_clock(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    """Set the clock of the house by so much; that of the provider is right."""
    jump = timedelta(minutes=minutes)
    monkeypatch.setattr(dt_util, "utcnow", lambda: datetime.now(UTC) + jump)


def provider_gets(house: House, text: str) -> None:
    """Have a text of Ada's come to the SIM, at the right time."""
    record = IncomingSms(sender=ADA, text=text, received_at=datetime.now(UTC))
    house.line.received.append(record)


@by_polling
@pytest.mark.parametrize("minutes", [-10, 2, 10])
async def test_polling_hears_an_answer_though_the_clock_is_wrong(
    house: House, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    """What was not there when the question left came after it."""
    set_clock(monkeypatch, minutes)
    await house.look()
    asking = await ask_ada(house)
    provider_gets(house, "no")
    await house.pass_time(A_MINUTE)
    assert asking.done()
    assert asking.result()["id"] == "busy"


@by_polling
async def test_a_clock_that_is_fast_makes_no_older_text_an_answer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was there when the question left, which asks for it at once."""
    set_clock(monkeypatch, 2)
    await house.look()
    await house.stride(5)
    provider_gets(house, "Yes")
    asking = await ask_ada(house)
    assert [heard.key.content for heard in house.heard] == ["Yes"]
    await house.pass_time(A_MINUTE)
    assert not asking.done()
    provider_gets(house, "no")
    await house.pass_time(A_MINUTE)
    assert asking.done()
    assert asking.result()["id"] == "busy"


async def ask_during_a_look(house: House, meanwhile: Callable[[], object]) -> Asking:
    """Ask Ada while a look is under way that is past what comes meanwhile.

    On the clock of the house, it ends eight seconds after the question left.
    """
    before = house.looks("sms")
    house.simulator.arm("slow", operation="get-new-sms", seconds=12)
    house.entry.runtime_data.catch_up.async_look()
    await until(house.simulator, lambda: house.looks("sms") > before)
    for _ in range(5):
        await asyncio.sleep(0)
    meanwhile()
    house.freezer.tick(8)
    asking = ask(house.hass, recipients=ADA, answers=YES_OR_NO, timeout={"hours": 1})
    await sent(house.simulator, house.line, asking)
    house.freezer.tick(8)
    for _ in range(2):  # that look, and what follows it
        await house.settle()
    return asking


@by_polling
async def test_a_look_that_began_before_the_question_shows_nothing(
    house: House,
) -> None:
    """What it missed may have come before the question, in an earlier minute."""
    await house.stride(35)
    asking = await ask_during_a_look(house, lambda: house.text("Yes"))
    assert [heard.key.content for heard in house.heard] == ["Yes"]
    assert not asking.done()
    house.text("no")
    await house.pass_time(A_MINUTE)
    assert asking.done()
    assert asking.result()["id"] == "busy"


@by_polling
async def test_a_look_that_is_under_way_does_not_stand_in_for_the_question_s(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else an answer would be judged by a clock that is fast."""
    set_clock(monkeypatch, 2)
    await house.look()
    asking = await ask_during_a_look(house, lambda: None)
    provider_gets(house, "no")
    await house.pass_time(A_MINUTE)
    assert asking.done()
    assert asking.result()["id"] == "busy"


@by_polling
async def test_what_was_there_when_no_look_went_well_is_told_by_its_time(
    house: House,
) -> None:
    """A look that failed has not shown that it was not there."""
    provider_gets(house, "Yes")
    await house.stride(A_MINUTE - 30)
    house.simulator.arm("http_500", operation="get-new-sms", times=0)
    await house.stride(A_MINUTE)
    asking = await ask_ada(house)
    house.simulator.disarm()
    await house.look()
    assert [heard.key.content for heard in house.heard] == ["Yes"]
    assert not asking.done()
    await give_up(asking)


@by_webhook
async def test_where_the_webhook_hears_a_question_makes_nobody_look(
    house: House,
) -> None:
    """Its answer is posted."""
    looks = house.looks("sms")
    asking = await ask_ada(house)
    assert house.looks("sms") == looks
    await give_up(asking)
