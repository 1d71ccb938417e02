"""Commands by text."""

from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from tests.conftest import ADA, BEN
from tests.doors import CHI

from .house import House
from .log_watch import LogWatch

FILE = "text_commands"
LIGHTS = [{"action": "light.turn_off", "target": {"entity_id": "light.porch"}}]
OPEN = [{"action": "cover.open_cover", "target": {"entity_id": "cover.gate"}}]
TEMPERATURE = "Inside: {{ states('sensor.inside') }} °C."


@pytest.fixture
def lights(hass: HomeAssistant) -> list[ServiceCall]:
    """Return how often the lights were turned off."""
    return async_mock_service(hass, "light", "turn_off")


@pytest.fixture
def opened(hass: HomeAssistant) -> list[ServiceCall]:
    """Return how often the gate was opened."""
    return async_mock_service(hass, "cover", "open_cover")


async def set_up(house: House, **inputs: Any) -> None:
    """Have three commands, of which one needs a PIN, for Ada and Ben."""
    house.hass.states.async_set("sensor.inside", "24")
    chosen = {
        "contacts": ["event.ada", "event.ben"],
        "command_1": "Lights off",
        "actions_1": LIGHTS,
        "reply_1": "They are off.",
        "command_2": "open",
        "actions_2": OPEN,
        "pin_2": True,
        "command_6": "Status",
        "reply_6": TEMPERATURE,
        "pin": "0471",
    }
    await house.set_up(FILE, **(chosen | inputs))


async def test_a_command_is_done_and_answered(
    house: House, lights: list[ServiceCall], opened: list[ServiceCall]
) -> None:
    await set_up(house)
    await house.text(ADA, "Lights off")
    assert [call.data["entity_id"] for call in lights] == [["light.porch"]]
    assert house.texts() == [(ADA, "They are off.")]
    assert opened == []


@pytest.mark.parametrize(
    "text",
    [
        "lights off",
        " LIGHTS  OFF\n",
        "Lights off.",
        "lights off!",
        "lights off?",
        "Lights off 💡",
        "🙏🏽 lights, off...",
        "*Lights off*",
    ],
)
async def test_a_command_is_read_as_people_type_it(
    house: House, lights: list[ServiceCall], text: str
) -> None:
    await set_up(house)
    await house.text(ADA, text)
    assert len(lights) == 1


async def test_a_reply_says_what_is_so_when_it_is_done(house: House) -> None:
    """It is filled in after what the command does."""
    await set_up(house, actions_6=[{"action": "sensor.measure"}])

    async def measure(_call: ServiceCall) -> None:
        house.hass.states.async_set("sensor.inside", "25")

    house.hass.services.async_register("sensor", "measure", measure)
    await house.text(ADA, "status")
    assert house.texts() == [(ADA, "Inside: 25 °C.")]


async def test_a_command_may_do_nothing_but_answer_a_number(house: House) -> None:
    """A text that looks like a number is a text."""
    await set_up(house, reply_6="0042")
    await house.text(ADA, "status")
    assert house.texts() == [(ADA, "0042")]


async def test_without_a_reply_none_is_sent(
    house: House, lights: list[ServiceCall]
) -> None:
    await set_up(house, reply_1="")
    await house.text(ADA, "Lights off")
    assert (len(lights), house.texts()) == (1, [])


async def test_what_went_wrong_is_not_said_to_be_done(
    house: House, log_watch: LogWatch
) -> None:
    await set_up(house)

    def fail(_call: ServiceCall) -> None:
        message = "It is stuck"
        raise ServiceValidationError(message)

    house.hass.services.async_register("light", "turn_off", fail)
    await house.text(ADA, "Lights off")
    assert house.texts() == []
    log_watch.expect("It is stuck")


@pytest.mark.parametrize(
    "text",
    [
        "lights",
        "lights off please",
        "please lights off",
        "lightsoff",
        "",
        "{{ words[0] }}",
        "{{ 'lights off' }}",
        "1",
        "True",
        "['lights off']",
    ],
)
async def test_what_is_no_command_does_nothing(
    house: House, lights: list[ServiceCall], opened: list[ServiceCall], text: str
) -> None:
    """What others write is compared, and nothing else."""
    await set_up(house)
    await house.text(ADA, text)
    assert (lights, opened, house.texts()) == ([], [], [])


@pytest.mark.parametrize(
    "sender", [pytest.param(BEN, id="who may not"), pytest.param(CHI, id="a stranger")]
)
async def test_others_are_not_heard_and_not_answered(
    house: House, lights: list[ServiceCall], opened: list[ServiceCall], sender: str
) -> None:
    await set_up(house, unknown="What?", wrong_pin="Wrong.")
    for text in ("lights off", "open 0471", "open 1", "hello"):
        await house.text(sender, text)
    assert (lights, opened, house.texts()) == ([], [], [])


async def test_the_line_itself_is_no_contact(
    house: House, lights: list[ServiceCall]
) -> None:
    await set_up(house, contacts=["event.234_817_647_0634_sms"])
    await house.text(ADA, "lights off")
    assert lights == []
    assert house.last_run() is None


async def test_what_is_late_is_not_obeyed(
    house: House, lights: list[ServiceCall]
) -> None:
    await set_up(house, unknown="What?")
    await house.find_late(text="lights off")
    late = house.hass.states.get("event.234_817_647_0634_late_arrivals")
    assert late is not None
    assert late.attributes["message"] == "lights off"
    assert (lights, house.texts()) == ([], [])


async def test_the_same_text_told_again_is_obeyed_once(
    house: House, lights: list[ServiceCall]
) -> None:
    await set_up(house)
    await house.text(ADA, "lights off")
    await house.text(ADA, "lights off")
    assert len(lights) == 1


@pytest.mark.parametrize("text", ["open 0471", "OPEN  0471.", "Open\n0471"])
async def test_the_pin_opens(
    house: House, opened: list[ServiceCall], text: str
) -> None:
    await set_up(house)
    await house.text(ADA, text)
    assert len(opened) == 1


@pytest.mark.parametrize(
    "text",
    [
        "open",
        "open 471",
        "open 0472",
        "0471",
        "0471 open",
        "open {{ pin }}",
        "open0471",
    ],
)
async def test_without_the_pin_it_stays_shut(
    house: House, opened: list[ServiceCall], text: str
) -> None:
    await set_up(house)
    await house.text(ADA, text)
    assert (opened, house.texts()) == ([], [])


async def test_a_wrong_pin_is_answered_if_it_shall_be(
    house: House, opened: list[ServiceCall]
) -> None:
    await set_up(house, wrong_pin="Wrong.", unknown="What?")
    for text in ("open", "open 1", "opener", "lights off 0471"):
        await house.text(ADA, text)
    assert opened == []
    assert [text for _, text in house.texts()] == ["Wrong.", "Wrong.", "What?", "What?"]


async def test_where_no_pin_is_set_what_needs_one_stays_shut(
    house: House, opened: list[ServiceCall]
) -> None:
    await set_up(house, pin="")
    for text in ("open", "open ", "open ."):
        await house.text(ADA, text)
    assert opened == []


async def test_nobody_can_try_all_pins(house: House, opened: list[ServiceCall]) -> None:
    """After as many texts as are heard in an hour, the right one is not, either."""
    await set_up(house, max_texts=5)
    for pin in range(465, 485):
        await house.text(ADA, f"open {pin:04}")
    assert opened == []
    await house.pass_time(3700)
    await house.text(ADA, "open 0471")
    assert len(opened) == 1


async def test_texts_that_come_at_once_are_all_obeyed(
    house: House, lights: list[ServiceCall], opened: list[ServiceCall]
) -> None:
    await set_up(house)
    for text in ("lights off", "status", "open 0471"):
        await house.line.receive_sms(ADA, text)
    await house.settle()
    assert (len(lights), len(opened), len(house.texts())) == (1, 1, 2)


async def test_a_command_that_waited_for_too_long_is_not_obeyed(
    house: House, lights: list[ServiceCall]
) -> None:
    await set_up(house, actions_6=[{"delay": {"minutes": 6}}])
    await house.text(ADA, "status")
    await house.text(ADA, "lights off")
    await house.pass_time(370)
    assert house.texts() == [(ADA, "Inside: 24 °C.")]
    assert lights == []


@pytest.mark.parametrize("kept", [30, 0])
async def test_two_machines_do_not_answer_each_other_for_ever(
    house: House, lights: list[ServiceCall], kept: int
) -> None:
    """Also where the conversation is not kept, and can't be counted."""
    house.hass.config_entries.async_update_entry(
        house.entry, options={"keep_messages": kept}
    )
    await set_up(house, unknown="What?", max_texts=4)
    answers = await house.converse(ADA, "I'm driving", lambda said: f"You said: {said}")
    assert 1 <= answers <= 4
    await house.pass_time(3600)
    await house.text(ADA, "lights off")
    assert house.texts()[-1] == (ADA, "They are off.")


async def test_who_texts_much_else_is_still_heard(
    house: House, lights: list[ServiceCall]
) -> None:
    """Answers to a question, and chatter, are none of its business."""
    await set_up(house, max_texts=2)
    for number in range(5):
        await house.text(ADA, f"Yes, {number}")
    await house.text(ADA, "lights off")
    assert (len(lights), house.notified()) == (1, "")


async def test_who_is_heard_no_more_is_told_of_inside_home_assistant(
    house: House, lights: list[ServiceCall], opened: list[ServiceCall]
) -> None:
    await set_up(house, max_texts=2)
    for text in ("open 0470", "Open 0472."):
        await house.text(ADA, text)
    assert house.notified() == ""
    await house.text(ADA, "lights off")
    await house.text(ADA, "open 0471")
    assert (lights, opened, house.texts()) == ([], [], [])
    assert house.notified().startswith("Ada has texted more often in an hour")


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("Lights off, please", ["light.porch"]),
        ("lights off 🙏 thanks", ["light.porch"]),
        ("lights", ["light.all"]),
        ("lights in the garden", ["light.all"]),
        ("lights off, please?", []),
        ("lights? off", []),
        ("please lights off", []),
        ("lightsaber", []),
        ("lights off now", ["light.porch"]),
        ("lights off all", []),
        ("lights off all 0471", ["light.house"]),
        ("lights off all, 0471", []),
        ("👍 lights off all 1", []),
        ("lights off all 0471 now", []),
    ],
)
async def test_more_may_follow_a_word_but_not_beside_a_pin(
    house: House, lights: list[ServiceCall], text: str, done: list[str]
) -> None:
    """The longest of the words is the one that is meant, also if it stays shut."""
    await set_up(
        house,
        more_may_follow=True,
        command_2="lights off all",
        actions_2=turn_off("light.house"),
        command_3="lights",
        actions_3=turn_off("light.all"),
    )
    await house.text(ADA, text)
    assert [call.data["entity_id"] for call in lights] == [[each] for each in done]


def turn_off(entity_id: str) -> list[dict[str, Any]]:
    """Return what a command does."""
    return [{"action": "light.turn_off", "target": {"entity_id": entity_id}}]


@pytest.mark.parametrize("text", ["💡 on", "💡on", "🔥 on", "on", "💡"])
async def test_a_word_with_an_emoji_is_no_other(
    house: House, lights: list[ServiceCall], text: str
) -> None:
    await set_up(house, command_1="💡 on", command_2="🔔", pin_2=False)
    await house.text(ADA, text)
    assert len(lights) == (text == "💡 on")


@pytest.mark.parametrize(
    "text", ["👍 open 0471", "open, 0471", "open 0471 👍", "*open*"]
)
async def test_beside_a_pin_there_is_nothing_else(
    house: House, opened: list[ServiceCall], text: str
) -> None:
    await set_up(house)
    await house.text(ADA, text)
    assert opened == []


async def test_what_stands_beside_a_word_evades_no_limit(
    house: House, lights: list[ServiceCall]
) -> None:
    await set_up(house, max_texts=3)
    for mark in ("!", "👍", ",", ";", "*", ":"):
        await house.text(ADA, f"{mark} lights off")
    assert len(lights) == 3
