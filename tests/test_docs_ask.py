"""What the documentation says of questions is so."""

import asyncio
from copy import deepcopy
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import Event, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
    async_mock_service,
)

from custom_components.cecula_sync.questions import Question
from simulator import Line, Simulator

from .conftest import ADA, BEN, contact, group
from .doors import automate, hook_up
from .pages import AUTOMATIONS

WORD = "Ask Ada for the word, then open the gate"
ALARM = "Ask about the smoke until somebody looks after it"


@pytest.fixture
def contacts() -> list[ConfigSubentryDataWithId]:
    """Return the people of the example."""
    return [
        contact("Ada", ADA, "ada"),
        contact("Ben", BEN, "ben"),
        group("Family", ["ada", "ben"], "family"),
    ]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Return what is set when a question has been sent, and its answer is awaited."""
    event = asyncio.Event()
    send = Question.async_sent

    def sent(question: Question) -> None:
        send(question)
        event.set()

    monkeypatch.setattr(Question, "async_sent", sent)
    return event


async def alarm(
    hass: HomeAssistant, asked: asyncio.Event
) -> list[Event[dict[str, Any]]]:
    """Have smoke, and those of the example asked; return what is heard of pauses."""
    hass.states.async_set("binary_sensor.smoke", "off")
    example = deepcopy(AUTOMATIONS[ALARM])
    (pause,) = example["actions"][0]["repeat"]["sequence"][-1]["then"]
    assert pause == {"delay": "00:00:30"}
    example["actions"][0]["repeat"]["sequence"][-1]["then"] = [{"event": "pause"}]
    await automate(hass, example)
    pauses = async_capture_events(hass, "pause")
    hass.states.async_set("binary_sensor.smoke", "on")
    await asked.wait()
    asked.clear()
    return pauses


@pytest.mark.parametrize(
    "text",
    [
        "Ok.",
        "YES",
        "k",
        "Yes 😀",
        "Yes dear, thank you",
        "OK, I'm coming",
        "\N{THUMBS UP SIGN}\U0001f3fe",
        None,
    ],
)
async def test_the_smoke_is_looked_after_by_who_texts_or_rings(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    hass_client_no_auth: Any,
    asked: asyncio.Event,
    text: str | None,
) -> None:
    hook_up(line, await hass_client_no_auth())
    await alarm(hass, asked)
    assert [sms.recipient for sms in line.sent] == [ADA, BEN]
    await (line.receive_call(BEN) if text is None else line.receive_sms(BEN, text))
    await hass.async_block_till_done()
    message = "Ben looks after the smoke."
    assert [(sms.recipient, sms.text) for sms in line.sent[2:]] == [
        (ADA, message),
        (BEN, message),
    ]


async def test_the_smoke_is_asked_about_again(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    freezer: FrozenDateTimeFactory,
    hass_client_no_auth: Any,
    asked: asyncio.Event,
) -> None:
    """After silence at once, whatever else is texted; after an error, with a pause."""
    hook_up(line, await hass_client_no_auth())
    pauses = await alarm(hass, asked)
    await line.receive_sms(ADA, "Who is this?")
    freezer.tick(121)
    async_fire_time_changed(hass)
    await asked.wait()
    asked.clear()
    assert (len(line.sent), pauses) == (4, [])
    simulator.arm("code", operation="send-sms", code="CE1013")
    freezer.tick(121)
    async_fire_time_changed(hass)
    await asked.wait()
    assert (len(line.sent), len(pauses)) == (6, 1)
    await line.receive_sms(ADA, "Ok")
    await hass.async_block_till_done()
    assert {sms.text for sms in line.sent[6:]} == {"Ada looks after the smoke."}


@pytest.mark.parametrize(
    ("caller", "text", "opens"),
    [
        pytest.param(ADA, "Blue heron!", True, id="the word"),
        pytest.param(ADA, "Open", False, id="another word"),
        pytest.param(BEN, "Blue heron!", False, id="somebody else"),
    ],
)
async def test_the_gate_opens_for_who_knows_the_word(
    hass: HomeAssistant,
    hooked: MockConfigEntry,
    line: Line,
    asked: asyncio.Event,
    freezer: FrozenDateTimeFactory,
    caller: str,
    text: str,
    opens: bool,
) -> None:
    opened = async_mock_service(hass, "cover", "open_cover")
    await automate(hass, AUTOMATIONS[WORD])
    await line.receive_call(ADA, 0)
    await asked.wait()
    assert [sms.recipient for sms in line.sent] == [ADA]
    await line.receive_sms(caller, text)
    freezer.tick(181)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert [call.data["entity_id"] for call in opened] == [["cover.gate"]] * opens
