"""The action that asks: when answers begin to count, and what ends it too early."""

import asyncio
from typing import Any

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .asking import YES_OR_NO, Asking, ask, asked, assert_nobody_waits, give_up, sent
from .conftest import ADA, BEN, captured
from .doors import act, assert_tells_no_secret, hook_up, placeholders_of, until
from .inbound.disk import Disk
from .spending import limit, refused

QUESTION = "Who is at home?"


@pytest.fixture(autouse=True)
async def _hooked_up(
    loaded: MockConfigEntry, line: Line, hass_client_no_auth: Any
) -> None:
    """Have the provider post what comes in."""
    hook_up(line, await hass_client_no_auth())


@pytest.fixture
def _one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two recipients be too many for one request."""
    monkeypatch.setattr("custom_components.cecula_sync.sender.MAX_RECIPIENTS", 1)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param("slow_before", id="not accepted yet"),
        pytest.param("slow", id="not known to be accepted"),
    ],
)
async def test_what_comes_before_the_question_was_accepted_is_no_answer_to_it(
    hass: HomeAssistant, simulator: Simulator, line: Line, fault: str
) -> None:
    """It was written without knowing the question, as far as can be told."""
    simulator.arm(fault, operation="send-sms", seconds=0.4)
    heard = captured(hass, "sms_received")
    asking = ask(hass, contacts="notify.ada", answers=YES_OR_NO)
    await until(simulator, lambda: simulator.requests_to("send-sms"))
    await line.receive_sms(ADA, "yes")
    assert [event.data["message"] for event in heard] == ["yes"]
    await until(simulator, lambda: line.sent)
    await hass.async_block_till_done()
    assert not asking.done()
    await line.receive_sms(ADA, "no")
    assert (await asking)["id"] == "busy"


async def test_what_comes_while_the_acceptance_is_being_kept_is_an_answer(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A slow disk loses none."""
    disk = Disk(monkeypatch)
    heard = asyncio.Event()
    hass.bus.async_listen_once(
        "cecula_sync_sms_received", callback(lambda _event: heard.set())
    )
    simulator.arm("slow", operation="send-sms", seconds=0.3)
    asking = ask(hass, contacts="notify.ada", answers=YES_OR_NO)
    await sent(simulator, line, asking)
    with disk.halted() as halt:
        await halt.reached_by(asking)
        answering = asyncio.create_task(line.receive_sms(ADA, "yes"))
        await heard.wait()
        assert not asking.done()
    assert await answering == [200]
    assert (await asking)["id"] == "coming"


@pytest.mark.usefixtures("_one_by_one")
async def test_who_was_asked_first_may_answer_while_others_are_asked(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """All are asked all the same."""
    simulator.arm("slow", operation="send-sms", seconds=0.0)
    simulator.arm("slow", operation="send-sms", seconds=0.3)
    asking = ask(hass, recipients=[ADA, BEN], answers=YES_OR_NO)
    await until(simulator, lambda: len(line.sent) == 2)
    await line.receive_sms(ADA, "yes")
    assert not asking.done()
    assert (await asking)["id"] == "coming"
    assert [sms.recipient for sms in line.sent] == [ADA, BEN]


@pytest.mark.usefixtures("_one_by_one")
async def test_who_was_not_reached_is_not_waited_for(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The log says, masked, who that is."""
    simulator.arm("slow", operation="send-sms", seconds=0.0)
    simulator.arm("code", operation="send-sms")
    asking = await asked(hass, simulator, line, recipients=["12", ADA, BEN])
    await line.receive_sms(BEN, "yes")
    assert not asking.done()
    (told,) = [
        record.getMessage()
        for record in caplog.records
        if "Not everybody was asked" in record.getMessage()
    ]
    assert "Refused: +234…567" in told
    assert_tells_no_secret(told, ADA, BEN)
    await line.receive_sms(ADA, "no")
    assert (await asking)["sentence"] == "no"


async def test_who_may_have_been_reached_may_answer(
    hass: HomeAssistant, simulator: Simulator, line: Line
) -> None:
    """The provider's answer left them out, but they may have the question."""
    simulator.arm("partial", operation="send-sms")
    asking = await asked(hass, simulator, line, recipients=[ADA, BEN])
    await line.receive_sms(BEN, "Yes?")
    assert (await asking)["sender"] == BEN


@pytest.mark.parametrize(
    ("fault", "params", "key"),
    [
        pytest.param("code", {"code": "CE3001"}, "refused_ce3001", id="refused"),
        pytest.param("unauthorized", {}, "invalid_key", id="key"),
        pytest.param("http_500", {}, "outcome_unknown", id="unknown"),
        pytest.param("accept_then_drop", {}, "outcome_unknown", id="perhaps sent"),
    ],
)
async def test_a_question_that_nobody_got_for_certain_is_an_error(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    fault: str,
    params: dict[str, Any],
    key: str,
) -> None:
    """It is that of any text, nobody waits, and it is not sent again."""
    simulator.arm(fault, operation="send-sms", **params)
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "ask", question=QUESTION, recipients=ADA)
    assert caught.value.translation_key == key
    assert len(simulator.requests_to("send-sms")) == 1
    assert_nobody_waits(loaded)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        pytest.param({}, "no_recipient", id="nobody"),
        pytest.param({"recipients": "112"}, "recipient_emergency", id="emergency"),
        pytest.param(
            {"contacts": "light.kitchen"}, "not_a_contact", id="another's entity"
        ),
        pytest.param(
            {"recipients": BEN, "question": " "}, "empty_text", id="no question"
        ),
        pytest.param(
            {"recipients": BEN, "question": "a" * 1531}, "text_too_long", id="too long"
        ),
    ],
)
async def test_a_question_that_cannot_be_asked_is_one_clear_error(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    data: dict[str, Any],
    key: str,
) -> None:
    """Nothing is sent."""
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "ask", **{"question": QUESTION} | data)
    assert caught.value.translation_key == key
    assert simulator.requests_to("send-sms") == []
    assert_nobody_waits(loaded)


async def test_a_question_spends_as_a_text_does(
    hass: HomeAssistant, simulator: Simulator, line: Line, loaded: MockConfigEntry
) -> None:
    """A fire alarm may ignore the limits."""
    await limit(hass, loaded, per_hour=1)
    asking = await asked(hass, simulator, line, recipients=BEN)
    told = await refused(act(hass, "ask", question=QUESTION, recipients=ADA))
    assert told["left"] == "0"
    other = await asked(hass, simulator, line, recipients=ADA, ignore_limit=True)
    for each in (asking, other):
        await give_up(each)


async def interrupted(asking: Asking) -> None:
    """See that a question ends with an error that says what has happened."""
    with pytest.raises(HomeAssistantError) as caught:
        await asking
    assert caught.value.translation_key == "ask_interrupted"
    assert placeholders_of(caught) == {}


async def test_an_unloaded_line_waits_for_no_answer(
    hass: HomeAssistant, simulator: Simulator, line: Line, loaded: MockConfigEntry
) -> None:
    """The action stays, and says that the line is not there."""
    questions = loaded.runtime_data.questions
    asking = await asked(hass, simulator, line, recipients=BEN)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    await interrupted(asking)
    assert (questions._open, questions._newest) == (set(), {})
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "ask", question=QUESTION, recipients=BEN)
    assert caught.value.translation_key == "service_config_entry_not_loaded"


async def test_a_reloaded_line_asks_anew(
    hass: HomeAssistant, simulator: Simulator, line: Line, loaded: MockConfigEntry
) -> None:
    """What was asked before is not waited for by anybody."""
    asking = await asked(hass, simulator, line, recipients=BEN)
    assert await hass.config_entries.async_reload(loaded.entry_id)
    await interrupted(asking)
    await line.receive_sms(BEN, "To nobody")
    again = await asked(hass, simulator, line, recipients=BEN)
    await line.receive_sms(BEN, "Here")
    assert (await again)["sentence"] == "Here"
    assert_nobody_waits(loaded)


async def test_a_line_that_is_reloaded_while_it_asks_says_so(
    hass: HomeAssistant, simulator: Simulator, line: Line, loaded: MockConfigEntry
) -> None:
    """The question left, but its answer would be heard by nobody."""
    simulator.arm("slow", operation="send-sms", seconds=0.3)
    asking = ask(hass, recipients=BEN)
    await sent(simulator, line, asking)
    assert await hass.config_entries.async_reload(loaded.entry_id)
    await interrupted(asking)
    assert_nobody_waits(loaded)


async def test_an_answer_that_came_before_the_line_was_unloaded_counts(
    hass: HomeAssistant, simulator: Simulator, line: Line, loaded: MockConfigEntry
) -> None:
    """It was won, and is told."""
    asking = await asked(hass, simulator, line, recipients=BEN)

    @callback
    def close_soon(_event: Event) -> None:
        hass.loop.call_soon(loaded.runtime_data.questions.async_close)

    hass.bus.async_listen_once("cecula_sync_sms_received", close_soon)
    await line.receive_sms(BEN, "Just in time")
    assert (await asking)["sentence"] == "Just in time"


async def test_home_assistant_need_not_wait_for_an_answer_to_stop(
    hass: HomeAssistant, simulator: Simulator, line: Line, loaded: MockConfigEntry
) -> None:
    """And nobody is asked any more."""
    asking = await asked(hass, simulator, line, recipients=BEN)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await interrupted(asking)
    await interrupted(ask(hass, recipients=ADA))
    assert [sms.recipient for sms in line.sent] == [BEN]
    assert_nobody_waits(loaded)
