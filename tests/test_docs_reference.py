"""The documentation names all there is, by the names that users see, and no more."""

from itertools import chain
import re
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync import const
from custom_components.cecula_sync.api.models import CallStatus, SmsStatus
from custom_components.cecula_sync.api.numbers import Refusal
from custom_components.cecula_sync.api.text import MAX_CHARACTERS, measure
from custom_components.cecula_sync.endings import Fate
from simulator import Line

from .conftest import BEN, WEBHOOKS, Post, captured
from .doors import act
from .pages import PAGES, in_code, rows, section
from .translation_guard import COMPONENT, english, offered_actions

ACTIONS = offered_actions()
TRIGGERS = {
    name: described
    for name, described in load_yaml_dict(str(COMPONENT / "triggers.yaml")).items()
    if not name.startswith(".")
}
EVENTS = {
    "A text came in": ("inbound_sms", "sms_received"),
    "A call came in": ("inbound_call", "call_received"),
    "A text got further": ("sms_report", "sms_status"),
    "A call has a result": ("call_status", "call_status"),
}


def named(cell: str) -> tuple[str, ...]:
    """Return the names of a cell, of which the second is below the first."""
    return tuple(re.findall(r"`([\w.]+)`", cell))


def spelled(field: dict[str, Any], said: str) -> str:
    """Return how it is to be said what holds if a field is left out.

    Where that follows from something else, a text says it.
    """
    default = field.get("default", said)
    if field.get("required"):
        return "required"
    if isinstance(default, dict):
        ((unit, amount),) = default.items()
        return f"{amount} {unit}"
    return {False: "no"}.get(default, str(default))


def columns(table: list[list[str]]) -> dict[str, list[str]]:
    """Return the other cells of each row by the name in the first."""
    return {named(first)[0]: others for first, *others in table}


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_described_with_its_fields(action: str) -> None:
    texts = english()["services"][action]
    page = section("actions", f"`cecula_sync.{action}`")
    assert f"In the editor: *{texts['name']}*." in page
    described = columns(rows(page, "field"))
    assert described.keys() == ACTIONS[action].keys()
    for name, field in ACTIONS[action].items():
        label, default, _ = described[name]
        assert label == texts["fields"][name]["name"]
        assert default == spelled(field, default)


async def test_a_response_holds_what_is_said_of_it(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    sent = await act(hass, "send_sms", recipients=["12", BEN], message="Hello")
    rung = await act(hass, "make_call", recipient=BEN)
    tracking_id, call_id = sent["recipients"][0]["tracking_id"], rung["call_id"]
    responses = {
        "send_sms": sent,
        "make_call": rung,
        "ask": await act(hass, "ask", question="?", recipients=BEN, timeout=0),
        "set_auto_reply": {},
        "get_messages": await act(hass, "get_messages"),
        "get_sms_status": await act(hass, "get_sms_status", tracking_id=tracking_id),
        "get_call_status": await act(hass, "get_call_status", call_id=call_id),
    }
    assert responses.keys() == ACTIONS.keys()
    for action, response in responses.items():
        table = rows(section("actions", f"`cecula_sync.{action}`"), "response")
        assert {named(first) for first, _ in table} == set(paths_of(response))


def paths_of(response: dict[str, Any]) -> list[tuple[str, ...]]:
    """Return the names in a response, and those in its lists."""
    lists = ((key, item) for key, item in response.items() if isinstance(item, list))
    below = ((key, name) for key, items in lists for name in items[0])
    return [*((key,) for key in response), *below]


def test_every_status_and_reason_is_explained() -> None:
    sms = section("actions", "`cecula_sync.send_sms`")
    assert in_code(sms) >= {*Fate, *Refusal, *SmsStatus}
    assert in_code(section("actions", "`cecula_sync.make_call`")) >= {*CallStatus}


def test_every_error_of_an_action_is_explained() -> None:
    table = rows(section("actions", "Errors"), "error")
    errors = list(chain.from_iterable(named(first) for first, *_ in table))
    assert len(errors) == len(set(errors))
    assert set(errors) == english()["exceptions"].keys()


def test_every_trigger_is_described_with_its_options() -> None:
    texts = english()["triggers"]
    page = section("events", "Triggers")
    options: dict[str, tuple[str, str]] = {}
    described = columns(rows(page, "trigger"))
    assert described.keys() == {f"cecula_sync.{name}" for name in TRIGGERS}
    said = columns(rows(page, "option"))
    for name, trigger in TRIGGERS.items():
        label, _, codes = described[f"cecula_sync.{name}"]
        fields = trigger.get("fields", {})
        assert (label, in_code(codes)) == (texts[name]["name"], fields.keys())
        for option, field in fields.items():
            label = texts[name]["fields"][option]["name"]
            options[option] = (label, spelled(field, said[option][1]))
    assert {option: (label, left) for option, (label, left, _) in said.items()} == (
        options
    )


@pytest.mark.parametrize("heading", EVENTS)
async def test_an_event_is_described_with_its_fields(
    hass: HomeAssistant, loaded: MockConfigEntry, post: Post, heading: str
) -> None:
    file, event = EVENTS[heading]
    heard = captured(hass, event)
    assert await post((WEBHOOKS / f"{file}.json").read_bytes()) == 200
    common = columns(rows(section("events", "Bus events").split("### ")[0], "field"))
    own = columns(rows(section("events", heading), "field"))
    assert own.keys().isdisjoint(common)
    assert {*own, *common} == heard[0].data.keys()
    assert f"cecula_sync_{event}" in in_code(section("events", heading))


def test_every_event_is_described() -> None:
    fired = {value for name, value in vars(const).items() if name.startswith("EVENT_")}
    page = section("events", "Bus events")
    assert {name for name in in_code(page) if name.startswith("cecula_sync_")} == fired
    assert all(f"- {name}\n" in PAGES["privacy"] for name in fired)


def test_what_a_text_costs_is_as_it_is_counted() -> None:
    for _, alone, joined, encoding in rows(
        section("costs", "What a text costs"), "text"
    ):
        letter = {"`gsm7`": "a", "`ucs2`": "á"}[encoding]
        room = int(alone.removesuffix(" characters"))
        assert measure(letter * room).pages == 1
        assert measure(letter * (room + 1)).pages == 2
        assert measure(letter * 2 * int(joined)).pages == 2
        assert measure(letter * (2 * int(joined) + 1)).pages == 3
    for letter in "éèàäöüñ":
        assert measure(letter).encoding == "gsm7"
    for letter in "áç":
        assert measure(letter).encoding == "ucs2"
    assert f"at most {MAX_CHARACTERS} characters" in PAGES["costs"]


def test_a_number_is_read_as_it_is_shown(loaded: MockConfigEntry) -> None:
    spellings = ("0803 123 4567", "+234 803 123 4567", "002348031234567")
    assert all(f"`{each}`" in section("contacts", "Numbers") for each in spellings)
    recipients, rejected = loaded.runtime_data.phone_book.read(spellings)
    assert ({each.number for each in recipients}, rejected) == ({BEN}, [])
