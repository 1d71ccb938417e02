"""What the documentation says is so: its examples run, its tables are complete."""

from copy import deepcopy
from dataclasses import fields
from datetime import timedelta
from itertools import chain
from pathlib import Path
import re

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import slugify
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_mock_service,
)

from custom_components.cecula_sync import status_checks
from custom_components.cecula_sync.api.numbers import Refusal
from custom_components.cecula_sync.endings import Fate
from custom_components.cecula_sync.events import (
    CallReceived,
    CallStatusChanged,
    CeculaEvent,
    SmsReceived,
    SmsStatusChanged,
)
from custom_components.cecula_sync.history import Kind
from simulator import Line, Simulator

from .conftest import ADA, BEN, WEBHOOKS, Post, contact, group
from .doors import act, automate, until
from .pages import AUTOMATIONS, EXAMPLES, README, ROOT, block_with, in_code, row_of
from .translation_guard import COMPONENT, english

ESCALATION = "Ring until somebody answers"
GATE = "Ada's missed call opens the gate"
GATE_FOR_ALL = "A missed call opens the gate"
LIGHTS = 'Ada\'s text "lights" turns them on'
REPORT = "Text both, and note who was not reached"
STATUS = 'Answer the text "status"'


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


@pytest.mark.parametrize("page", [README, EXAMPLES], ids=["README", "examples"])
async def test_the_entities_of_an_example_are_those_of_the_integration(
    hass: HomeAssistant, loaded: MockConfigEntry, page: str
) -> None:
    ours = r"\w+\.234_817_647_0634_\w+|(?:event|notify|sensor)\.(?:ada|ben|family)\w*"
    named = re.findall(ours, page)
    assert named
    assert {name for name in named if not er.async_get(hass).async_get(name)} == set()


async def test_the_missed_call_of_the_readme_opens_the_gate(
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


async def test_the_first_text_leaves_in_one_request(
    hass: HomeAssistant, simulator: Simulator, line: Line, loaded: MockConfigEntry
) -> None:
    sequence = {"script": {"first_text": {"sequence": [block_with("action")]}}}
    assert await async_setup_component(hass, "script", sequence)
    await hass.services.async_call("script", "first_text", blocking=True)
    assert {sms.recipient for sms in line.sent} == {ADA, BEN}
    assert len(simulator.requests_to("send-sms")) == 1


async def test_the_alert_texts(
    hass: HomeAssistant, simulator: Simulator, line: Line, loaded: MockConfigEntry
) -> None:
    """As it stands in the README, and with the numbers in `data`."""
    config, others = block_with("alert"), block_with("notifiers")
    leak = config["alert"]["leak"]
    leak |= {**others, "notifiers": leak["notifiers"] + others["notifiers"]}
    assert await async_setup_component(hass, "alert", config)
    hass.states.async_set("binary_sensor.kitchen_leak", "on")
    await hass.async_block_till_done()
    assert {(sms.recipient, sms.text) for sms in line.sent} == {
        (ADA, "Water leak in the kitchen!"),
        (BEN, "Water leak in the kitchen!"),
    }
    hass.states.async_set("binary_sensor.kitchen_leak", "off")
    await hass.async_block_till_done()


def test_every_action_is_described_with_its_fields() -> None:
    for action, described in load_yaml_dict(str(COMPONENT / "services.yaml")).items():
        assert in_code(row_of(f"cecula_sync.{action}")) >= described["fields"].keys()


def test_every_trigger_is_described_with_its_options() -> None:
    for trigger, described in load_yaml_dict(str(COMPONENT / "triggers.yaml")).items():
        if not trigger.startswith("."):
            row = in_code(row_of(f"cecula_sync.{trigger}"))
            assert row == {f"cecula_sync.{trigger}", *described.get("fields", ())}


async def test_a_response_holds_what_the_readme_says(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    sent = await act(hass, "send_sms", recipients=["12", BEN], message="Hello")
    rung = await act(hass, "make_call", recipient=BEN)
    for action, response in (("send_sms", sent), ("make_call", rung)):
        said = in_code(row_of(f"cecula_sync.{action}").split("|")[-2])
        lists = [item for item in response.values() if isinstance(item, list)]
        assert said == {*response, *chain.from_iterable(each[0] for each in lists)}


def test_every_status_and_reason_is_explained() -> None:
    section = README.split("## Actions")[1].split("## ")[0]
    assert in_code(section) >= {*Fate, *Refusal}


@pytest.mark.parametrize(
    "event", [SmsReceived, CallReceived, SmsStatusChanged, CallStatusChanged]
)
def test_every_event_is_described_with_its_fields(event: type[CeculaEvent]) -> None:
    own = {field.name for field in fields(event)} - {"contact", "late"}
    own |= {"allow_commands"} if "late_name" in dir(event) else set()
    names = {event.name, getattr(event, "late_name", event.name)}
    assert in_code(row_of(event.name)) == own | names


def test_every_repair_issue_is_explained() -> None:
    section = README.split("## Troubleshooting")[1].split("## ")[0]
    for issue in english()["issues"].values():
        assert f"*{issue['title']}*" in section


def test_all_that_the_options_ask_for_is_explained() -> None:
    section = README.split("### Options")[1].split("## ")[0]
    for label in english()["options"]["step"]["settings"]["data"].values():
        assert label in section


def test_every_entity_is_described_with_its_states() -> None:
    section = README.split("## Entities")[1].split("## ")[0]
    texts = (english()["entity"][each] for each in ("button", "sensor", "event"))
    for entity in chain.from_iterable(each.values() for each in texts):
        assert entity.get("name", "") in section
        types = (
            entity.get("state_attributes", {}).get("event_type", {}).get("state", {})
        )
        assert in_code(section) >= entity.get("state", {}).keys() | types.keys()


def headings_of(page: Path) -> set[str]:
    """Return the names under which a page's headings can be linked, and none."""
    if page.suffix != ".md":
        return {""}
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {"", *(slugify(heading, separator="-") for heading in headings)}


def test_every_link_of_a_page_leads_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md")):
        text = page.read_text("utf-8")
        links = re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", text)
        for link in map("".join, links):
            if not link.startswith("https://"):
                path, _, heading = link.partition("#")
                assert (page.parent / path).exists(), f"{page.name}: {link}"
                assert heading in headings_of(page.parent / path), link
