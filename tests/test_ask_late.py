"""Answers that no webhook brought: found by a look, late, or by polling."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .asking import YES_OR_NO, Asking, ask, give_up, sent
from .conftest import ADA
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
