"""The action that asks: who may answer, by what, and what the response says."""

import asyncio
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .asking import (
    NOBODY,
    TIMED_OUT,
    YES_OR_NO,
    ask,
    asked,
    assert_nobody_waits,
    give_up,
    sent,
)
from .conftest import ADA, BEN, contact, group
from .doors import (
    SECOND_WEBHOOK_ID,
    act,
    act_blindly,
    add_second_line,
    hook_up,
    pass_time,
)

DAN = "+2348031111111"
BY_CALL = {"answers": YES_OR_NO, "call_back_answer": "coming"}


@pytest.fixture
def contacts() -> list[ConfigSubentryDataWithId]:
    """Return two people, and a group of both."""
    return [
        contact("Ada", ADA, "ada"),
        contact("Dan", DAN, "dan"),
        group("Family", ["ada", "dan"], "family"),
    ]


@pytest.fixture(autouse=True)
async def _hooked_up(
    loaded: MockConfigEntry, line: Line, hass_client_no_auth: Any
) -> None:
    """Have the provider post what comes in."""
    hook_up(line, await hass_client_no_auth())


@pytest.mark.parametrize(
    ("text", "answer_id"),
    [
        pytest.param("Yes!", "coming", id="one of several texts"),
        pytest.param("no", "busy", id="the only text"),
        pytest.param("Yes, but where?", None, id="free sentence"),
        pytest.param("{{ 1 + 1 }}", None, id="template"),
        pytest.param("  two\nlines ", None, id="as it came"),
    ],
)
async def test_a_text_answers(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    loaded: MockConfigEntry,
    text: str,
    answer_id: str | None,
) -> None:
    """It comes back as it is, with the id of the answer that it is."""
    asking = await asked(
        hass, simulator, line, contacts="notify.ada", answers=YES_OR_NO
    )
    assert [(sms.recipient, sms.text) for sms in line.sent] == [(ADA, "Smoke?")]
    assert not asking.done()
    assert await line.receive_sms(ADA, text) == [200]
    assert await asking == {
        "id": answer_id,
        "sentence": text,
        "sender": ADA,
        "contact": "Ada",
        "answered_by": "sms",
        "timed_out": False,
        "superseded": False,
    }
    assert_nobody_waits(loaded)


async def test_without_answers_every_text_is_a_free_sentence(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """It is for the automation to make something of it."""
    asking = await asked(hass, simulator, line, recipients=BEN)
    await line.receive_sms(BEN, "yes")
    assert await asking == NOBODY | {
        "sentence": "yes",
        "sender": BEN,
        "answered_by": "sms",
    }


@pytest.mark.parametrize(
    "seconds", [pytest.param(0, id="missed"), pytest.param(7, id="answered")]
)
async def test_a_call_back_stands_for_an_answer(
    hass: HomeAssistant, simulator: Simulator, line: Line, seconds: int
) -> None:
    """A missed one costs nobody anything."""
    asking = await asked(hass, simulator, line, contacts="notify.ada", **BY_CALL)
    await line.receive_call(ADA, seconds)
    assert await asking == NOBODY | {
        "id": "coming",
        "sender": ADA,
        "contact": "Ada",
        "answered_by": "call",
    }


async def test_a_call_is_no_answer_unless_it_stands_for_one(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """Who rings then is still waited for."""
    asking = await asked(
        hass, simulator, line, contacts="notify.ada", answers=YES_OR_NO
    )
    await line.receive_call(ADA)
    assert not asking.done()
    await line.receive_sms(ADA, "no")
    assert (await asking)["id"] == "busy"


@pytest.mark.parametrize(
    ("data", "number", "name"),
    [
        pytest.param({"contacts": "notify.family"}, DAN, "Dan", id="group"),
        pytest.param(
            {"contacts": ["notify.ada"], "recipients": "0803 123 4567"},
            BEN,
            None,
            id="contact and number",
        ),
    ],
)
async def test_several_are_asked_and_the_first_answers(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    data: dict[str, Any],
    number: str,
    name: str | None,
) -> None:
    """They are asked with one request; what comes later has nobody to answer to."""
    asking = await asked(hass, simulator, line, answers=YES_OR_NO, **data)
    assert len(simulator.requests_to("send-sms")) == 1
    await line.receive_sms(number, "OK")
    await line.receive_sms(ADA, "no")
    answer = await asking
    assert (answer["id"], answer["sender"]) == ("coming", number)
    assert answer["contact"] == name


async def test_nobody_else_can_answer(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """Neither a contact who was not asked, nor a stranger, nor who hides."""
    asking = await asked(hass, simulator, line, contacts="notify.ada", **BY_CALL)
    for party in (DAN, BEN, "MTN", None):
        await line.receive_sms(party, "yes")
        await line.receive_call(party)
    await line.report(line.sent[0].tracking_id, "DELIVERED")
    assert not asking.done()
    await give_up(asking)


@pytest.mark.parametrize(
    ("patience", "seconds"),
    [
        pytest.param({}, 300, id="default"),
        pytest.param({"timeout": {"hours": 2}}, 7200, id="longer"),
    ],
)
async def test_no_answer_in_time_is_an_answer_too(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    patience: dict[str, Any],
    seconds: int,
) -> None:
    """It is no error, and what comes later is heard as any text."""
    asking = await asked(hass, simulator, line, contacts="notify.ada", **patience)
    await pass_time(hass, freezer, seconds - 5)
    assert not asking.done()
    await pass_time(hass, freezer, 10)
    assert await asking == TIMED_OUT
    assert_nobody_waits(loaded)
    assert await line.receive_sms(ADA, "yes") == [200]


async def test_who_does_not_want_to_wait_is_told_at_once(
    hass: HomeAssistant, line: Line
) -> None:
    """The question was sent all the same."""
    response = await act(hass, "ask", question="Well?", recipients=BEN, timeout=0)
    assert response == TIMED_OUT
    assert [sms.text for sms in line.sent] == ["Well?"]


async def test_a_script_that_wants_no_response_waits_too(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """The response is optional."""
    asking = asyncio.create_task(
        act_blindly(hass, "ask", question="Up?", recipients=BEN)
    )
    await sent(simulator, line, asking)
    await hass.async_block_till_done()
    assert not asking.done()
    await line.receive_sms(BEN, "Yes")
    await asking


async def test_two_lines_ask_apart(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    hass_client_no_auth: Any,
) -> None:
    """An answer goes to the number that asked, and neither takes the other's people."""
    second, second_line = await add_second_line(hass, simulator)
    hook_up(second_line, await hass_client_no_auth(), SECOND_WEBHOOK_ID)
    first = await asked(
        hass, simulator, line, recipients=BEN, config_entry_id="line_one"
    )
    other = await asked(
        hass,
        simulator,
        second_line,
        recipients=BEN,
        config_entry_id=second.entry_id,
        **BY_CALL,
    )
    await second_line.receive_call(BEN)
    assert (await other)["id"] == "coming"
    assert not first.done()
    await line.receive_sms(BEN, "To the first")
    assert (await first)["sentence"] == "To the first"


async def test_with_two_lines_the_contact_tells_which_asks(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """As with every other action."""
    _, second_line = await add_second_line(hass, simulator)
    asking = await asked(hass, simulator, second_line, contacts="notify.chi")
    assert line.sent == []
    await give_up(asking)


async def test_a_contact_that_is_renamed_meanwhile_answers_by_its_new_name(
    hass: HomeAssistant, simulator: Simulator, line: Line, loaded: MockConfigEntry
) -> None:
    """Who was asked is a number."""
    asking = await asked(hass, simulator, line, contacts="notify.ada")
    hass.config_entries.async_update_subentry(
        loaded, loaded.subentries["ada"], title="Ada Obi"
    )
    await line.receive_sms(ADA, "yes")
    assert (await asking)["contact"] == "Ada Obi"


@pytest.mark.parametrize(
    "seconds", [pytest.param(0.0, id="waiting"), pytest.param(0.2, id="sending")]
)
async def test_a_caller_that_stops_leaves_nothing_behind(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    loaded: MockConfigEntry,
    seconds: float,
) -> None:
    """As a script does that is stopped; a question that is under way still leaves."""
    simulator.arm("slow", operation="send-sms", seconds=seconds)
    asking = ask(hass, contacts="notify.ada")
    await sent(simulator, line, asking)
    if not seconds:
        await hass.async_block_till_done()
    await give_up(asking)
    await hass.async_block_till_done()
    assert_nobody_waits(loaded)
    assert await line.receive_sms(ADA, "yes") == [200]
