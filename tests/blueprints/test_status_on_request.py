"""The house that tells how it is when it is asked by a word."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.conftest import ADA, BEN
from tests.doors import CHI, state_of

from .house import AUTOMATION, SMS, House

DOOR = "binary_sensor.front_door"
INSIDE = "sensor.inside"
STATUS = "Inside: 21.5 C\nFront door: off"


@pytest.fixture(autouse=True)
def _states(hass: HomeAssistant) -> None:
    """Have something to tell."""
    hass.states.async_set(
        INSIDE, "21.5", {"friendly_name": "Inside", "unit_of_measurement": "°C"}
    )
    hass.states.async_set(DOOR, "off", {"friendly_name": "Front door"})


async def set_up(house: House, **inputs: Any) -> None:
    """Let Ada ask."""
    chosen = {"contacts": ["event.ada"], "entities": [INSIDE, DOOR]} | inputs
    await house.set_up("status_on_request", **chosen)


@pytest.mark.parametrize("text", ["status", " Status. ", "STATUS?!"])
async def test_the_word_is_answered_with_names_and_units(
    house: House, text: str
) -> None:
    await set_up(house)
    await house.text(ADA, text)
    assert house.texts() == [(ADA, STATUS)]
    assert house.line.sent[0].encoding == "gsm7"


@pytest.mark.parametrize(
    ("sender", "text"),
    [(ADA, "status please"), (ADA, ""), (BEN, "status"), (CHI, "status")],
)
async def test_other_texts_and_other_people_get_no_answer(
    house: House, sender: str, text: str
) -> None:
    await set_up(house)
    await house.text(sender, text)
    assert house.texts() == []


async def test_what_is_told_again_or_late_gets_no_answer(house: House) -> None:
    await set_up(house)
    await house.start()
    await house.text(ADA, "status")
    await house.text(ADA, "status")
    await house.find_late(text="Status")
    assert len(house.texts()) == 1


async def test_the_entities_of_the_number_itself_let_nobody_ask(
    hass: HomeAssistant, house: House
) -> None:
    await set_up(house, contacts=[SMS])
    await house.text(ADA, "status")
    assert house.texts() == []
    assert state_of(hass, AUTOMATION).attributes["last_triggered"] is None


@pytest.mark.parametrize(("keep_messages", "most"), [(0, 1), (30, 3)])
async def test_a_phone_that_asks_again_and_again_is_answered_so_many_times(
    hass: HomeAssistant,
    house: House,
    entry: MockConfigEntry,
    keep_messages: int,
    most: int,
) -> None:
    """Where no messages are kept, it hears it once in twenty minutes."""
    options = {"inbound": "webhook", "keep_messages": keep_messages}
    hass.config_entries.async_update_entry(entry, options=options)
    await set_up(house, max_texts=3)
    assert await house.converse(ADA, "status", lambda _text: "status") == most
    assert house.under_way() == 0
    await house.pass_time(3600)
    await house.text(ADA, "status")
    assert len(house.texts()) == most + 1


async def test_who_ask_at_once_are_all_answered(house: House) -> None:
    await set_up(house, contacts=["event.ada", "event.ben"], max_texts=1)
    for sender in (ADA, BEN):
        await house.line.receive_sms(sender, "status")
    await house.settle()
    assert house.texts() == [(ADA, STATUS), (BEN, STATUS)]


async def test_what_is_missing_and_what_is_a_time_is_told_as_people_read_it(
    hass: HomeAssistant, house: House
) -> None:
    await hass.config.async_set_time_zone("Africa/Lagos")
    hass.states.async_set(
        "sensor.alarm", "2026-11-25T06:30:00+00:00", {"device_class": "timestamp"}
    )
    hass.states.async_set("sensor.volume", "3", {"unit_of_measurement": "m³"})
    entities = ["sensor.alarm", "sensor.volume", "sensor.none"]
    await set_up(house, entities=entities, heading="Home", word="How?")
    await house.text(ADA, "how?")
    ((_, text),) = house.texts()
    assert text.splitlines() == [
        "Home",
        "sensor.alarm: 2026-11-25 07:30",
        "sensor.volume: 3 m3",
        "sensor.none: unknown",
    ]


async def test_a_long_answer_is_cut(house: House) -> None:
    await set_up(house, entities=[INSIDE] * 20, longest=40, plain=False)
    await house.text(ADA, "status")
    assert house.texts() == [(ADA, f"{'Inside: 21.5 °C\n' * 3}"[:37] + "...")]


async def test_states_are_not_run_as_templates(
    hass: HomeAssistant, house: House
) -> None:
    hass.states.async_set(DOOR, "{{ 1 + 1 }}", {"friendly_name": "{{ 2 + 2 }}"})
    await set_up(house, entities=[DOOR])
    await house.text(ADA, "status")
    assert house.texts() == [(ADA, "{{ 2 + 2 }}: {{ 1 + 1 }}")]


async def test_other_texts_do_not_count(house: House) -> None:
    """What is more than allowed is told inside Home Assistant."""
    await set_up(house, max_texts=1)
    for text in ("Yes", "Not status", "Status!"):
        await house.text(ADA, text)
    assert (house.texts(), house.notified()) == ([(ADA, STATUS)], "")
    await house.text(ADA, "status")
    assert len(house.texts()) == 1
    assert house.notified().startswith("Ada has texted more often in an hour")
