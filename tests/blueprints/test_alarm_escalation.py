"""An alarm that somebody must take."""

import asyncio
from datetime import timedelta
from typing import Any

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import CoreState, Event, ServiceCall, SupportsResponse
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType
import pytest
from pytest_homeassistant_custom_component.common import (
    async_capture_events,
    async_fire_time_changed,
)

from tests.conftest import ADA, BEN
from tests.doors import CHI, add_contact

from .house import AUTOMATION, House
from .log_watch import LogWatch

SMOKE = "binary_sensor.smoke"
WATER = "binary_sensor.water"
TAKEN = "input_boolean.taken"
LATE = "event.234_817_647_0634_late_arrivals"
ALARM = "ALARM: Smoke! Text OK, or ring this number, if you look after it."
FILE = "alarm_escalation"
ROUND = [(ADA, ALARM), (BEN, ALARM)]


def sense(house: House, entity_id: str = SMOKE, state: str = STATE_ON) -> None:
    """Have a sensor say something."""
    name = entity_id.split(".")[1].capitalize()
    house.hass.states.async_set(entity_id, state, {"friendly_name": name})


async def set_up(house: House, **inputs: Any) -> None:
    """Have two sensors, at rest, and an alarm for Ada and Ben, in this order."""
    await prepare(house)
    await house.set_up(FILE, **(chosen() | inputs))


async def prepare(house: House) -> None:
    """Have two sensors, at rest, and the toggle."""
    sense(house, SMOKE, STATE_OFF)
    sense(house, WATER, STATE_OFF)
    assert await async_setup_component(
        house.hass, "input_boolean", {"input_boolean": {"taken": {"initial": True}}}
    )


def chosen() -> dict[str, Any]:
    """Return what somebody fills in."""
    return {
        "alarms": [SMOKE, WATER],
        "contacts": ["event.ada", "event.ben"],
        "acknowledged": TAKEN,
        "unanswered": [{"event": "nobody"}],
    }


async def alarm(house: House, entity_id: str = SMOKE, **inputs: Any) -> None:
    """Have an alarm for Ada and Ben, in this order."""
    await set_up(house, **inputs)
    sense(house, entity_id)
    await house.settle()


def is_taken(house: House) -> bool:
    """Tell whether the toggle says that somebody has it."""
    return house.hass.states.is_state(TAKEN, STATE_ON)


async def test_all_are_texted_and_then_rung_one_after_the_other(house: House) -> None:
    """As often as is allowed; then it gives up."""
    nobody = async_capture_events(house.hass, "nobody")
    await alarm(house, rounds=2)
    assert (house.texts(), house.rung(), is_taken(house)) == (ROUND, [], False)
    await house.pass_time(115)
    assert house.rung() == []
    await house.pass_time(5)
    assert house.rung() == [ADA]
    await house.pick_up(answered=False)
    assert house.rung() == [ADA]
    await house.pass_time(30)
    assert house.rung() == [ADA, BEN]
    await house.pick_up(answered=True)
    assert (house.texts(), nobody) == (ROUND, [])
    await house.pass_time(600)
    assert (house.texts(), house.rung()) == (ROUND * 2, [ADA, BEN] * 2)
    assert len(nobody) == 1
    await house.pass_time(1200)
    assert (len(house.texts()), len(house.rung()), len(nobody)) == (4, 4, 1)


@pytest.mark.parametrize(
    "text",
    [
        "OK",
        " ok! ",
        "Yes.",
        "👍",
        "👍🏽 on my way",
        "👍 OK",
        "Okay",
        "OK I am going",
        "ok, I'll look...",
        "*OK*\nAda",
        "Yes👍",
        None,
    ],
)
async def test_whoever_answers_has_it_and_the_others_are_told(
    house: House, text: str | None
) -> None:
    """By text or by a call."""
    nobody = async_capture_events(house.hass, "nobody")
    await alarm(house)
    await (house.ring(BEN) if text is None else house.text(BEN, text))
    assert is_taken(house)
    assert house.texts() == [*ROUND, (ADA, "Ben looks after the alarm.")]
    await house.pass_time(1200)
    assert (len(house.texts()), house.rung(), nobody) == (3, [], [])


async def test_an_answer_while_a_phone_rings_ends_it(house: House) -> None:
    """The phone that rings can't be stopped; the next one is not rung."""
    await alarm(house)
    await house.pass_time(120)
    assert house.rung() == [ADA]
    await house.ring(ADA)
    assert house.texts() == [*ROUND, (BEN, "Ada looks after the alarm.")]
    await house.pass_time(600)
    assert house.rung() == [ADA]
    assert len(house.texts()) == 3


@pytest.mark.parametrize(
    ("sender", "text"),
    [
        pytest.param(ADA, "What?", id="another text"),
        pytest.param(ADA, "OK what is going on", id="a word of doubt"),
        pytest.param(ADA, "Ok. But I am not at home", id="two words of doubt"),
        pytest.param(ADA, "Yes I can\u2019t", id="a typed apostrophe"),
        pytest.param(ADA, "OK?", id="a question"),
        pytest.param(ADA, "هل OK؟", id="a question in Arabic"),
        pytest.param(ADA, "Okra", id="the beginning of a word"),
        pytest.param(ADA, "Not OK", id="a word at the end"),
        pytest.param(ADA, "👎", id="another emoji"),
        pytest.param(ADA, "👍 but not me", id="an emoji and doubt"),
        pytest.param(ADA, "{{ words[0] }}", id="a template"),
        pytest.param(ADA, "{{ is_state(acknowledged, 'off') }}", id="another template"),
        pytest.param(ADA, "", id="nothing"),
        pytest.param(ADA, "1", id="a number"),
        pytest.param(CHI, "OK", id="a stranger"),
        pytest.param("Ada", "OK", id="who only has the name"),
    ],
)
async def test_what_is_no_answer_of_theirs_ends_nothing(
    house: House, sender: str, text: str
) -> None:
    await alarm(house, late=LATE)
    await house.text(sender, text)
    assert not is_taken(house)
    await house.pass_time(120)
    assert (house.texts(), house.rung()) == (ROUND, [ADA])


@pytest.mark.parametrize(
    ("word", "text", "takes"),
    [
        ("No problem", "no problem, going", True),
        ("हाँ", "हाँ, मैं देखता हूँ", True),
        ("हाँ", "हूँ", False),
        ("نعم", "نعم، سأذهب", True),
        ("Sí", "¡Sí! Voy", True),
        ("C'est bon", "C\u2019est bon", True),
        ("1", "1", True),
        (".", "...", True),
        ("", "", False),
        (" ", "What is it", False),
    ],
)
async def test_words_may_be_others(
    house: House, word: str, text: str, takes: bool
) -> None:
    """In any language; what is empty is none."""
    await alarm(house, words=[word])
    await house.text(ADA, text)
    assert is_taken(house) is takes


async def test_who_was_not_asked_takes_nothing(house: House) -> None:
    """Though they are a contact, and the whole number was picked by mistake."""
    line = ["event.234_817_647_0634_sms", "event.234_817_647_0634_incoming_call"]
    await alarm(house, contacts=["event.ada", *line])
    await house.text(BEN, "OK")
    await house.ring(BEN)
    assert not is_taken(house)
    await house.text(ADA, "OK")
    assert is_taken(house)


async def test_a_call_is_no_answer_if_it_shall_be_none(house: House) -> None:
    await alarm(house, call_back=False)
    await house.ring(ADA)
    await house.ring(ADA, seconds=20)
    assert not is_taken(house)
    await house.text(ADA, "OK")
    assert is_taken(house)


async def test_two_who_answer_at_once_are_told_once(house: House) -> None:
    await alarm(house)
    both = (house.line.receive_sms(sender, "OK") for sender in (ADA, BEN))
    await asyncio.gather(*both)
    await house.settle()
    assert len(house.texts()) == 3


async def test_a_hand_on_the_toggle_ends_it(house: House) -> None:
    await alarm(house)
    await house.hass.services.async_call(
        "input_boolean", "turn_on", {"entity_id": TAKEN}, blocking=True
    )
    await house.pass_time(600)
    assert (house.texts(), house.rung()) == (ROUND, [])


async def test_where_nothing_is_wrong_an_answer_costs_nothing(house: House) -> None:
    """Not even where the toggle was never on."""
    await set_up(house)
    await house.hass.services.async_call(
        "input_boolean", "turn_off", {"entity_id": TAKEN}, blocking=True
    )
    await house.text(ADA, "OK")
    await house.ring(BEN)
    assert (house.texts(), is_taken(house)) == ([], False)


async def test_who_answers_when_it_has_given_up_has_it_still(house: House) -> None:
    await alarm(house, rounds=1)
    await house.pass_time(1200)
    await house.text(ADA, "OK")
    assert house.texts() == [*ROUND, (BEN, "Ada looks after the alarm.")]
    await house.pass_time(61)
    await house.text(BEN, "OK")
    assert len(house.texts()) == 3


async def test_a_second_sensor_begins_no_second_alarm(house: House) -> None:
    await alarm(house)
    sense(house, WATER)
    await house.settle()
    assert house.texts() == ROUND
    await house.text(ADA, "OK")
    await house.pass_time(600)
    assert (len(house.texts()), house.rung()) == (3, [])


@pytest.mark.parametrize("untaken", [True, False])
async def test_two_sensors_that_go_off_at_once_are_one_alarm(
    house: House, untaken: bool
) -> None:
    """Also where the toggle was never on."""
    await set_up(house, message="{{ what }}")
    if untaken:
        await house.hass.services.async_call(
            "input_boolean", "turn_off", {"entity_id": TAKEN}, blocking=True
        )
    sense(house)
    sense(house, WATER)
    await house.settle()
    assert house.texts() == [(ADA, "Smoke, Water"), (BEN, "Smoke, Water")]


async def test_a_text_names_all_that_went_off(house: House) -> None:
    """Those of the next round name what went off since; what is over stays named."""
    await alarm(house, rounds=3, message="{{ what }}")
    sense(house, WATER)
    await house.pass_time(300)
    sense(house, SMOKE, STATE_OFF)
    sense(house, WATER, STATE_OFF)
    await house.pass_time(1200)
    assert [text for _, text in house.texts()] == [
        *["Smoke"] * 2,
        *["Smoke, Water"] * 4,
    ]


async def test_a_panel_that_is_triggered_is_an_alarm(house: House) -> None:
    panel = "alarm_control_panel.home"
    await set_up(house, alarms=[SMOKE, panel])
    for state in ("armed_away", "pending", "triggered"):
        assert house.texts() == []
        sense(house, panel, state)
        await house.settle()
    assert len(house.texts()) == 2


async def test_a_sensor_that_goes_on_and_off_texts_nobody_each_time(
    house: House,
) -> None:
    """Whoever has taken it looks after that one, too; later it is a new alarm."""
    await alarm(house, quiet={"minutes": 5})
    await house.text(ADA, "OK")
    for _ in range(5):
        sense(house, SMOKE, STATE_OFF)
        sense(house)
        await house.pass_time(50)
    assert len(house.texts()) == 3
    await house.pass_time(60)
    sense(house, SMOKE, STATE_OFF)
    sense(house)
    await house.settle()
    assert house.texts()[3:] == ROUND
    assert not is_taken(house)


async def test_machines_that_answer_cost_no_more(house: House) -> None:
    """Each text, and each call, has a machine answer, which is no answer."""
    await alarm(house, rounds=2)
    answered = 0
    for _ in range(40):
        await house.pass_time(30)
        for sms in house.line.sent[answered:]:
            await house.text(sms.recipient, "I'm driving")
        answered = len(house.line.sent)
    assert (len(house.texts()), len(house.rung())) == (4, 4)


async def test_a_text_that_can_not_leave_keeps_nobody_from_being_rung(
    house: House, log_watch: LogWatch
) -> None:
    await set_up(house)
    house.simulator.arm("code", operation="send-sms", code="CE1013")
    sense(house)
    await house.settle()
    await house.pass_time(120)
    assert (house.texts(), house.rung()) == ([], [ADA])
    log_watch.expect("App is offline")


@pytest.mark.parametrize("goes_over", [True, False])
async def test_it_leaves_over_the_limit_if_it_may(
    house: House, log_watch: LogWatch, goes_over: bool
) -> None:
    house.hass.config_entries.async_update_entry(
        house.entry, options={"max_per_hour": 1}
    )
    await alarm(house, ignore_limit=goes_over)
    assert bool(house.texts()) is goes_over
    if not goes_over:
        log_watch.expect("your limit is 1 per 1 h")


async def test_without_the_toggle_it_is_an_alarm_all_the_same(house: House) -> None:
    """Somebody may have deleted it."""
    await alarm(house, acknowledged="input_boolean.gone", rounds=1)
    assert house.texts() == ROUND
    await house.pass_time(1200)
    assert house.rung() == [ADA, BEN]


async def restarted(house: House, taken: bool, state: str) -> list[Event]:
    """Have Home Assistant restart; return what is heard of giving up."""
    house.hass.set_state(CoreState.starting)
    await prepare(house)
    if not taken:
        await house.hass.services.async_call(
            "input_boolean", "turn_off", {"entity_id": TAKEN}, blocking=True
        )
    sense(house, SMOKE, state)
    await house.set_up(FILE, **chosen(), late=LATE)
    assert house.texts() == []
    await house.start()
    return async_capture_events(house.hass, "nobody")


async def test_after_a_restart_in_the_middle_it_goes_on(house: House) -> None:
    await restarted(house, taken=False, state=STATE_ON)
    assert house.texts() == ROUND
    await house.pass_time(120)
    assert house.rung() == [ADA]
    await house.text(BEN, "OK")
    assert house.texts() == [*ROUND, (ADA, "Ben looks after the alarm.")]


async def test_who_changes_the_automation_in_the_middle_ends_nothing(
    house: House,
) -> None:
    """Changes to other automations are none of its business."""
    await alarm(house)
    await house.change(FILE, **chosen())
    assert house.texts() == ROUND
    await house.change(FILE, **chosen(), message="Again!")
    assert house.texts()[2:] == [(ADA, "Again!"), (BEN, "Again!")]
    await house.pass_time(120)
    assert house.rung() == [ADA]
    await house.text(ADA, "OK")
    await house.change(FILE, **chosen())
    assert house.texts()[4:] == [(BEN, "Ada looks after the alarm.")]


@pytest.mark.parametrize(
    ("taken", "state"), [(True, STATE_ON), (False, STATE_OFF), (False, "unavailable")]
)
async def test_after_a_restart_without_an_alarm_it_is_quiet(
    house: House, taken: bool, state: str
) -> None:
    """It was taken, or is over."""
    nobody = await restarted(house, taken, state)
    await house.pass_time(300)
    assert (house.texts(), house.rung(), nobody) == ([], [], [])


async def test_a_sensor_that_is_there_only_after_the_start_goes_on_too(
    house: House,
) -> None:
    await restarted(house, taken=False, state="unavailable")
    sense(house)
    await house.settle()
    assert house.texts() == ROUND


async def test_what_begins_after_a_restart_is_an_alarm_at_once(house: House) -> None:
    """The toggle has just come on, but nobody has just taken anything."""
    await restarted(house, taken=True, state=STATE_OFF)
    sense(house)
    await house.settle()
    assert house.texts() == ROUND


async def test_an_answer_that_came_during_the_restart_counts(house: House) -> None:
    """It is late, and opens nothing; all are told, for who it was may not know."""
    await restarted(house, taken=False, state=STATE_ON)
    await house.find_late(text="OK", sender=BEN)
    assert is_taken(house)
    told = "Ben looks after the alarm."
    assert house.texts() == [*ROUND, (ADA, told), (BEN, told)]


async def test_the_order_is_the_one_that_was_picked(house: House) -> None:
    await house.set_up_line()
    await add_contact(house.hass, house.entry, "Chi", CHI, "chi")
    await prepare(house)
    order = ["event.chi", "event.ben", "event.ada"]
    inputs = chosen() | {"contacts": order, "pause": {"seconds": 0}, "rounds": 1}
    await house.automate(FILE, **inputs, wait={"seconds": 5})
    sense(house)
    await house.pass_time(300)
    assert house.rung() == [CHI, BEN, ADA]


HELP = "Text OK if you look after it."


async def test_what_takes_nothing_is_answered_once_if_it_shall_be(house: House) -> None:
    """To each of them, in each alarm; whatever they say to it."""
    await alarm(house, not_understood=HELP)
    for sender in (ADA, BEN, ADA, BEN, ADA):
        await house.text(sender, f"I'm driving {len(house.texts())}")
        await house.pass_time(1)
    assert house.texts() == [*ROUND, (ADA, HELP), (BEN, HELP)]
    await house.text(ADA, "OK I am going")
    assert house.texts()[4:] == [(BEN, "Ada looks after the alarm.")]
    await house.text(BEN, "Good")
    assert len(house.texts()) == 5
    await house.pass_time(900)
    sense(house, WATER)
    await house.settle()
    await house.text(ADA, "What now")
    assert len(house.texts()) == 8
    assert house.texts()[-1] == (ADA, HELP)


async def test_machines_that_answer_at_once_are_answered_once(house: House) -> None:
    await alarm(house, not_understood=HELP)
    for number in range(3):
        await house.line.receive_sms(ADA, f"I'm driving {number}")
    await house.settle()
    assert house.texts() == [*ROUND, (ADA, HELP)]


async def test_where_texts_can_not_be_counted_none_is_answered(house: House) -> None:
    options = {"keep_messages": 0}
    house.hass.config_entries.async_update_entry(house.entry, options=options)
    await alarm(house, not_understood=HELP)
    await house.text(ADA, "What now")
    assert house.texts() == ROUND


async def test_without_an_alarm_nothing_is_answered(house: House) -> None:
    """Also not when it has given up."""
    await set_up(house, not_understood=HELP)
    await house.text(ADA, "Hello")
    sense(house)
    await house.pass_time(1800)
    texts = len(house.texts())
    await house.text(ADA, "What was that")
    assert len(house.texts()) == texts


@pytest.mark.parametrize(("state", "alarms"), [(STATE_ON, 2), (STATE_OFF, 1)])
async def test_what_goes_off_while_a_text_is_answered_is_an_alarm(
    house: House, state: str, alarms: int
) -> None:
    """Though the last alarm gave up meanwhile; one that is old is no new one."""

    async def look_long(_call: ServiceCall) -> JsonObjectType:
        house.freezer.tick(timedelta(minutes=5))
        for _ in range(50):
            async_fire_time_changed(house.hass, dt_util.utcnow())
            await asyncio.sleep(0)
        assert house.under_way() == 1
        sense(house, WATER, state)
        await asyncio.sleep(0)
        return {"messages": []}

    await alarm(house, not_understood=HELP, contacts=["event.ada"], rounds=1)
    await house.pass_time(120)
    await house.pick_up(answered=False)
    house.hass.services.async_register(
        "cecula_sync",
        "get_messages",
        look_long,
        supports_response=SupportsResponse.ONLY,
    )
    await house.text(ADA, "What now")
    assert len(house.texts()) == alarms


async def test_it_can_be_run_by_hand(house: House) -> None:
    """To try it, with the toggle off."""
    await set_up(house, not_understood=HELP)
    await house.hass.services.async_call(
        "input_boolean", "turn_off", {"entity_id": TAKEN}, blocking=True
    )
    await house.hass.services.async_call(
        "automation", "trigger", {"entity_id": AUTOMATION}
    )
    await house.settle()
    assert [sender for sender, _ in house.texts()] == [ADA, BEN]
