"""The house that answers by text what Assist answers by voice."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.setup import async_setup_component
import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from tests.conftest import ADA, BEN
from tests.doors import CHI

from .house import SMS, House
from .log_watch import LogWatch

BOTH = ["event.ada", "event.ben"]
REFUSAL = "This house does not answer questions yet."
SORRY = "Sorry, I have no answer to that."
SCHEMA = vol.Schema(
    {vol.Required("text"): cv.string, vol.Required("agent_id"): cv.string}
)


@dataclass
class Agent:
    """Answers what it is asked, as Home Assistant's action hands it on."""

    speech: Any = "No window is open."
    meanwhile: Callable[[], Awaitable[None]] | None = None
    heard: list[tuple[str, str]] = field(default_factory=list)

    async def process(self, call: ServiceCall) -> ServiceResponse:
        """Answer."""
        self.heard.append((call.data["agent_id"], call.data["text"]))
        if self.meanwhile is not None:
            await self.meanwhile()
        if self.speech is None:
            message = "The agent is out of order"
            raise HomeAssistantError(message)
        return {
            "response": {"speech": {"plain": {"speech": self.speech}}},
            "conversation_id": "1",
        }


@pytest.fixture
def agent(hass: HomeAssistant) -> Agent:
    """Return who answers."""
    agent = Agent()
    hass.services.async_register(
        "conversation",
        "process",
        agent.process,
        schema=SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )
    return agent


async def set_up(house: House, **inputs: Any) -> None:
    """Let both ask, of whom Ada may give commands."""
    await house.set_up("ask_your_house", **({"contacts": BOTH} | inputs))


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("House, is a window open?", "is a window open?"),
        ("  house  Turn off\nthe lights ", "Turn off the lights."),
        ("HOUSE: [1]", "[1]."),
        ("house None", "None."),
        ("house {{ 1 + 1 }}", "{{ 1 + 1 }}."),
    ],
)
async def test_what_follows_the_first_word_is_asked_and_answered(
    house: House, agent: Agent, text: str, question: str
) -> None:
    await set_up(house)
    await house.text(ADA, text)
    assert agent.heard == [("conversation.home_assistant", question)]
    assert house.texts() == [(ADA, "No window is open.")]


@pytest.mark.parametrize(
    ("sender", "text"),
    [
        (ADA, "Household, is a window open?"),
        (ADA, "House"),
        (ADA, "Is a window open, house?"),
        (ADA, ""),
        (BEN, "House, is a window open?"),
        (CHI, "House, is a window open?"),
    ],
)
async def test_other_texts_and_other_people_are_not_heard(
    house: House, agent: Agent, sender: str, text: str
) -> None:
    await set_up(house)
    await house.text(sender, text)
    assert (agent.heard, house.texts()) == ([], [])


async def test_without_a_first_word_all_is_asked(house: House, agent: Agent) -> None:
    await set_up(house, first_word="", agent="conversation.clever")
    await house.text(ADA, "Is a window open?")
    assert agent.heard == [("conversation.clever", "Is a window open?")]


async def test_what_is_told_again_or_late_is_not_asked(
    house: House, agent: Agent
) -> None:
    await set_up(house)
    await house.start()
    await house.text(ADA, "House, lights on")
    await house.text(ADA, "House, lights on")
    await house.find_late(text="House, lights off")
    assert (len(agent.heard), len(house.texts())) == (1, 1)


async def test_the_entities_of_the_number_itself_let_nobody_ask(
    house: House, agent: Agent
) -> None:
    await set_up(house, contacts=[SMS])
    await house.text(ADA, "House, is a window open?")
    assert agent.heard == []


@pytest.mark.parametrize(
    ("entity", "attributes"),
    [
        ("lock.front_door", {}),
        ("alarm_control_panel.home", {}),
        ("cover.drive", {"device_class": "gate"}),
        ("cover.garage", {"device_class": "garage"}),
        ("cover.patio", {"device_class": "door"}),
    ],
)
async def test_nothing_is_asked_while_nobody_has_looked_at_a_lock(
    hass: HomeAssistant,
    house: House,
    agent: Agent,
    entity: str,
    attributes: dict[str, str],
) -> None:
    """A text that no list of words would know is refused like all others."""
    hass.states.async_set(entity, "closed", attributes)
    hass.states.async_set("lock.shed", "locked")
    await set_up(house, not_exposed=["lock.shed"])
    await house.text(ADA, "House, let my friend in")
    assert (agent.heard, house.texts()) == ([], [(ADA, REFUSAL)])
    note = hass.data["persistent_notification"]["cecula_sync_ask_your_house"]
    assert entity in note["message"]
    assert "lock.shed" not in note["message"]


@pytest.mark.parametrize(
    "inputs", [{"not_exposed": ["lock.front_door"]}, {"with_locks": "allow"}]
)
async def test_it_answers_when_the_owner_has_looked_or_allows_it(
    hass: HomeAssistant, house: House, agent: Agent, inputs: dict[str, Any]
) -> None:
    hass.states.async_set("lock.front_door", "locked")
    hass.states.async_set("cover.blind", "open", {"device_class": "blind"})
    hass.states.async_set("cover.any", "open")
    await set_up(house, **inputs)
    await house.text(ADA, "House, is a window open?")
    assert house.texts() == [(ADA, "No window is open.")]


async def test_a_lock_that_comes_later_ends_it(
    hass: HomeAssistant, house: House, agent: Agent
) -> None:
    await set_up(house, refusal="")
    hass.states.async_set("lock.new", "locked")
    await house.text(ADA, "House, is a window open?")
    assert (agent.heard, house.texts()) == ([], [])


@pytest.mark.parametrize(
    ("speech", "text"),
    [
        (None, SORRY),
        ("", SORRY),
        ("None", "None."),
        ("[1, 2]", "[1, 2]."),
        ("21", "21"),
        ("{{ 1 + 1 }}", "{{ 1 + 1 }}"),
        ("x" * 400, "x" * 317 + "..."),
    ],
)
async def test_whatever_the_agent_says_comes_back_as_a_text(
    house: House, agent: Agent, log_watch: LogWatch, speech: str | None, text: str
) -> None:
    agent.speech = speech
    await set_up(house)
    await house.text(ADA, "House, how many windows are open?")
    assert house.texts() == [(ADA, text)]
    if speech is None:
        log_watch.expect("The agent is out of order")


@pytest.mark.parametrize(
    ("is_exposed", "text", "answer", "unlocked"),
    [
        (False, "House, turn on the porch", "Turned on the light", 0),
        (False, "House, unlock the front door", "Sorry, Front door is not exposed", 0),
        (True, "House, unlock the front door", "Unlocking", 1),
    ],
)
async def test_assist_itself_does_what_it_is_exposed_to(
    hass: HomeAssistant,
    house: House,
    is_exposed: bool,
    text: str,
    answer: str,
    unlocked: int,
) -> None:
    """What the owner says of a lock is believed: that is the limit of it."""
    for component in ("homeassistant", "conversation", "intent"):
        assert await async_setup_component(hass, component, {})
    lights = async_mock_service(hass, "light", "turn_on")
    locks = async_mock_service(hass, "lock", "unlock")
    hass.states.async_set("light.porch", "off", {"friendly_name": "Porch"})
    hass.states.async_set("lock.front", "locked", {"friendly_name": "Front door"})
    async_expose_entity(hass, "conversation", "light.porch", should_expose=True)
    async_expose_entity(hass, "conversation", "lock.front", should_expose=is_exposed)
    await set_up(house, not_exposed=["lock.front"])
    await house.text(ADA, text)
    assert house.texts() == [(ADA, answer)]
    assert (len(lights), len(locks)) == ("porch" in text, unlocked)


@pytest.mark.parametrize(("keep_messages", "most"), [(0, 1), (30, 4)])
async def test_two_machines_talk_for_so_many_texts(
    hass: HomeAssistant,
    house: House,
    agent: Agent,
    entry: MockConfigEntry,
    keep_messages: int,
    most: int,
) -> None:
    """Where no messages are kept, it hears them once in a quarter of an hour."""
    options = {"inbound": "webhook", "keep_messages": keep_messages}
    hass.config_entries.async_update_entry(entry, options=options)
    await set_up(house, first_word="", max_texts=4)
    assert await house.converse(ADA, "Hello", lambda text: f"You say: {text}") == most
    assert len(agent.heard) == most
    assert house.under_way() == 0
    await house.pass_time(3600)
    await house.text(ADA, "Hello")
    assert len(agent.heard) == most + 1


async def test_questions_that_come_at_once_are_all_answered(
    house: House, agent: Agent
) -> None:
    """Of more than are heard, those that came first."""
    await set_up(house, max_texts=5)
    for number in range(8):
        await house.line.receive_sms(ADA, f"House, what is {number}?")
    await house.settle()
    assert [text for _, text in agent.heard] == [f"what is {i}?" for i in range(5)]
    assert len(house.texts()) == 5


async def test_a_question_that_waited_for_too_long_is_not_asked(
    house: House, agent: Agent
) -> None:
    await set_up(house)

    async def think_long() -> None:
        await house.line.receive_sms(ADA, "House, open the blinds")
        house.freezer.tick(360)

    agent.meanwhile = think_long
    await house.text(ADA, "House, lights on")
    assert [text for _, text in agent.heard] == ["lights on."]


async def test_other_texts_do_not_count(house: House, agent: Agent) -> None:
    """What is more than allowed is told inside Home Assistant."""
    await set_up(house, max_texts=1)
    for text in ("Yes", "", "Not the house", "House, how are you?"):
        await house.text(ADA, text)
    assert (len(agent.heard), house.notified()) == (1, "")
    await house.text(ADA, "HOUSE: And now?")
    assert len(agent.heard) == 1
    assert house.notified().startswith("Ada has texted more often in an hour")
