"""The examples of the documentation run."""

from copy import deepcopy
from datetime import timedelta
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_mock_service,
)

from custom_components.cecula_sync import status_checks
from custom_components.cecula_sync.const import DOMAIN, Kind
from simulator import Line, Simulator

from .conftest import ADA, BEN, WEBHOOKS, Post, contact, group
from .doors import automate, state_of, until
from .pages import AUTOMATIONS, PAGES, block_with, blocks, section

ALERT_ENDS = "Ada's text OK ends the leak's alert"
ESCALATION = "Ring until somebody answers"
GATE = "Ada's missed call opens the gate"
GATE_FOR_ALL = "A missed call opens the gate"
LIGHTS = 'Ada\'s text "lights" turns them on'
REPORT = "Text both, and note who was not reached"
STATUS = 'Answer the text "status"'
ACTIONS = [
    block for text in PAGES.values() for block in blocks(text) if "action" in block
]


@pytest.fixture
def contacts() -> list[ConfigSubentryDataWithId]:
    """Return the people of the examples."""
    return [
        contact("Ada", ADA, "ada", allow_commands=True),
        contact("Ben", BEN, "ben"),
        group("Family", ["ada", "ben"], "family"),
    ]


@pytest.mark.parametrize("alias", AUTOMATIONS)
async def test_an_example_is_valid(
    hass: HomeAssistant, loaded: MockConfigEntry, alias: str
) -> None:
    await automate(hass, AUTOMATIONS[alias])


@pytest.mark.parametrize("action", ACTIONS, ids=lambda block: block["action"])
async def test_an_example_of_an_action_is_valid(
    hass: HomeAssistant, loaded: MockConfigEntry, action: dict[str, Any]
) -> None:
    """As a step of a script, and to the action itself."""
    sequence = {"script": {"example": {"sequence": [action]}}}
    assert await async_setup_component(hass, "script", sequence)
    assert hass.states.async_entity_ids("script") == ["script.example"]
    actions = hass.services.async_services_for_domain(DOMAIN)
    schema = actions[action["action"].removeprefix(f"{DOMAIN}.")].schema
    assert schema is not None
    schema(action["data"])


def test_no_example_is_without_a_test() -> None:
    found = [block for text in PAGES.values() for block in blocks(text)]
    assert {next(iter(block)) for block in found} == {
        *("action", "alert", "alias", "notifiers"),
        *("input_text", "recorder", "type"),
    }
    assert len([block for block in found if "alias" in block]) == len(AUTOMATIONS)


@pytest.mark.parametrize("page", PAGES)
def test_what_opens_something_says_that_numbers_can_be_forged(page: str) -> None:
    for heading, text in texts_with_examples(page):
        if opens_something(text):
            assert "forged" in text, heading


def texts_with_examples(page: str) -> list[tuple[str, str]]:
    """Return what stands under each heading of a page, up to the next one."""
    found = re.split(r"^#+ (.*)$", PAGES[page], flags=re.MULTILINE)
    return list(zip(found[1::2], found[2::2], strict=True))


def opens_something(text: str) -> bool:
    """Tell whether an automation lets somebody in, or a guard down."""
    steps = re.findall(r"action: (\w+)\.", text)
    return bool({"alarm_control_panel", "cover", "lock"} & set(steps))


async def test_the_entities_of_the_examples_are_those_of_the_integration(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    ours = r"\w+\.234_817_647_0634_\w+|(?:event|notify|sensor)\.(?:ada|ben|family)\w*"
    named = re.findall(ours, "".join(PAGES.values()))
    assert named
    assert {name for name in named if not er.async_get(hass).async_get(name)} == set()


@pytest.mark.parametrize("language", ["ar", "de"])
async def test_the_entities_of_a_house_that_speaks_another_language_are_as_is_said(
    hass: HomeAssistant, entry: MockConfigEntry, line: Line, language: str
) -> None:
    """German ends in other words, Arabic does not; what is just Ada stays so."""
    hass.config.language = language
    assert await hass.config_entries.async_setup(entry.entry_id)
    said = section("entities", "Entity ids")
    ids = re.findall(r"`(\w+\.\w+)`", said)
    assert len(ids) == 4
    if language == "de":
        changed = re.findall(r"`(\w+\.\w+?)(?:_incoming_call|_last_message)`", said)
        endings = re.findall(r"`(_\w+)`", said)
        ids[:2] = [begin + end for begin, end in zip(changed, endings, strict=True)]
    assert {name for name in ids if not er.async_get(hass).async_get(name)} == set()


async def test_the_missed_call_opens_the_gate_once(
    hass: HomeAssistant, loaded: MockConfigEntry, post: Post
) -> None:
    opened = async_mock_service(hass, "cover", "open_cover")
    await automate(hass, AUTOMATIONS[GATE])
    missed = (WEBHOOKS / "inbound_call.json").read_bytes()
    await post(missed.replace(ADA[-10:].encode(), BEN[-10:].encode()))
    assert opened == []
    await post(missed)
    assert [call.data["entity_id"] for call in opened] == [["cover.gate"]]
    await post(missed)
    assert len(opened) == 1


async def test_a_missed_call_opens_the_gate_by_day_for_who_may_give_commands(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    loaded: MockConfigEntry,
    post: Post,
    freezer: FrozenDateTimeFactory,
) -> None:
    opened = async_mock_service(hass, "cover", "open_cover")
    await automate(hass, AUTOMATIONS[GATE_FOR_ALL])
    missed = (WEBHOOKS / "inbound_call.json").read_bytes()
    for hour, caller in ((23, ADA), (12, BEN)):
        freezer.move_to(f"2026-11-24 {hour}:00:00-08:00")
        await post(missed.replace(ADA[-10:].encode(), caller[-10:].encode()))
    assert opened == []
    await post(missed.replace(b"01:08", b"01:09"))
    await until(simulator, lambda: line.sent)
    assert [call.data["entity_id"] for call in opened] == [["cover.gate"]]
    assert [(sms.recipient, sms.text) for sms in line.sent] == [
        (ADA, "Ada opened the gate."),
        (BEN, "Ada opened the gate."),
    ]


async def test_the_text_of_the_readme_turns_lights_on(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    turned_on = async_mock_service(hass, "light", "turn_on")
    await automate(hass, AUTOMATIONS[LIGHTS])
    for sender, text in ((BEN, "lights"), (ADA, "lights?"), (ADA, " Lights ")):
        await line.receive_sms(sender, text)
    await hass.async_block_till_done()
    assert [call.data["entity_id"] for call in turned_on] == [["light.porch"]]


async def test_the_text_status_is_answered(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    loaded: MockConfigEntry,
    post: Post,
) -> None:
    hass.states.async_set("sensor.living_room_temperature", "24")
    await automate(hass, AUTOMATIONS[STATUS])
    text = (WEBHOOKS / "inbound_sms.json").read_bytes()
    await post(text)
    await post(text.replace(b"One love", b"Status "))
    await until(simulator, lambda: line.sent)
    assert [(sms.recipient, sms.text) for sms in line.sent] == [(ADA, "Inside: 24 °C.")]


@pytest.mark.parametrize(
    ("ada_answers", "rung"),
    [
        pytest.param(True, [ADA], id="the first answers"),
        pytest.param(False, [ADA, BEN], id="the second answers"),
    ],
)
async def test_they_are_rung_until_somebody_answers(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    loaded: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    ada_answers: bool,
    rung: list[str],
) -> None:
    monkeypatch.setitem(status_checks._HURRIED, Kind.CALL, (0.01,))
    line.switches.answer_after = 0
    simulator.phone(ADA).answers = ada_answers
    simulator.phone(BEN).answers = True
    hass.states.async_set("binary_sensor.smoke", "off")
    await automate(hass, AUTOMATIONS[ESCALATION])
    hass.states.async_set("binary_sensor.smoke", "on")
    await hass.async_block_till_done()
    assert [sms.recipient for sms in line.sent] == [ADA, BEN]
    assert [call.recipient for call in line.calls] == rung


async def test_the_report_of_who_was_not_reached_names_them(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    logged = async_mock_service(hass, "logbook", "log")
    simulator.arm("partial", operation="send-sms", send_rest=False)
    hass.states.async_set("binary_sensor.mains_power", "on")
    example = deepcopy(AUTOMATIONS[REPORT])
    example["actions"][0]["data"]["recipients"].append("12")
    await automate(hass, example)
    hass.states.async_set("binary_sensor.mains_power", "off")
    await hass.async_block_till_done()
    freezer.tick(timedelta(minutes=3))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert [sms.recipient for sms in line.sent] == [BEN]
    assert [call.data["message"] for call in logged] == [
        f"Not reached: +2348031234568, {ADA}, 12"
    ]


async def test_a_text_to_several_leaves_in_one_request(
    hass: HomeAssistant, simulator: Simulator, line: Line, loaded: MockConfigEntry
) -> None:
    (example,) = (each for each in ACTIONS if each["data"].get("recipients"))
    sequence = {"script": {"first_text": {"sequence": [example]}}}
    assert await async_setup_component(hass, "script", sequence)
    await hass.services.async_call("script", "first_text", blocking=True)
    assert {sms.recipient for sms in line.sent} == {ADA, BEN}
    assert len(simulator.requests_to("send-sms")) == 1


async def test_the_alert_texts(
    hass: HomeAssistant, simulator: Simulator, line: Line, loaded: MockConfigEntry
) -> None:
    """By the action of a contact, and with the numbers in `data`."""
    config, others = (
        block_with("alert", "contacts"),
        block_with("notifiers", "contacts"),
    )
    leak = config["alert"]["leak"]
    leak |= {**others, "notifiers": leak["notifiers"] + others["notifiers"]}
    assert await async_setup_component(hass, "alert", config)
    hass.states.async_set("binary_sensor.kitchen_leak", "on")
    await hass.async_block_till_done()
    said = "Water leak in the kitchen! Text OK if you look after it."
    assert {(sms.recipient, sms.text) for sms in line.sent} == {
        (ADA, said),
        (BEN, said),
    }
    hass.states.async_set("binary_sensor.kitchen_leak", "off")
    await hass.async_block_till_done()


async def test_the_text_ok_ends_the_alert(
    hass: HomeAssistant, hooked: MockConfigEntry, line: Line
) -> None:
    """And no other text, nor that of somebody else."""
    assert await async_setup_component(hass, "alert", block_with("alert", "contacts"))
    await automate(hass, AUTOMATIONS[ALERT_ENDS])
    hass.states.async_set("binary_sensor.kitchen_leak", "on")
    await hass.async_block_till_done()
    for sender, text, state in (
        (BEN, "OK", "on"),
        (ADA, "?", "on"),
        (ADA, "ok", "off"),
    ):
        await line.receive_sms(sender, text)
        await hass.async_block_till_done()
        assert state_of(hass, "alert.leak").state == state
    hass.states.async_set("binary_sensor.kitchen_leak", "off")
    await hass.async_block_till_done()
