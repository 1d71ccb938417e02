"""A missed call opens the gate."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from tests.conftest import ADA, BEN
from tests.doors import CHI, add_contact

from .house import House
from .log_watch import LogWatch

OPEN = [{"action": "cover.open_cover", "target": {"entity_id": "cover.gate"}}]
CODE = {"code": "4711", "code_question": "The code?"}


@pytest.fixture
def opened(hass: HomeAssistant) -> list[ServiceCall]:
    """Return how often the gate was opened."""
    return async_mock_service(hass, "cover", "open_cover")


async def set_up(house: House, **inputs: Any) -> None:
    """Have a gate for whom it is said to be: Ada, who may, and Ben, who may not."""
    callers = {"contacts": ["event.ada", "event.ben"], "gate": OPEN}
    await house.set_up("gate_by_missed_call", **(callers | inputs))


async def test_a_missed_call_opens_the_gate_and_costs_nothing(
    house: House, opened: list[ServiceCall]
) -> None:
    await set_up(house)
    await house.ring(ADA)
    assert [call.data["entity_id"] for call in opened] == [["cover.gate"]]
    assert (house.texts(), house.rung()) == ([], [])


@pytest.mark.parametrize(
    ("caller", "seconds"),
    [
        pytest.param(CHI, 0, id="a stranger"),
        pytest.param(BEN, 0, id="who may give no commands"),
        pytest.param(ADA, 5, id="a call that was answered"),
        pytest.param("", 0, id="a withheld number"),
    ],
)
async def test_it_stays_shut_for_others(
    house: House, opened: list[ServiceCall], caller: str, seconds: int
) -> None:
    await set_up(house, confirmation="It is open.", **CODE)
    await house.ring(caller, seconds)
    assert (opened, house.texts()) == ([], [])


async def test_it_stays_shut_for_who_was_not_picked(
    house: House, opened: list[ServiceCall]
) -> None:
    await set_up(house, contacts=["event.ben"])
    await house.ring(ADA)
    assert opened == []


async def test_the_line_itself_is_no_contact(
    house: House, opened: list[ServiceCall]
) -> None:
    """Whoever picked it would open the gate for contacts that they did not name."""
    await set_up(house, contacts="event.234_817_647_0634_incoming_call")
    await house.ring(ADA)
    assert opened == []


async def test_what_is_late_opens_no_gate(
    house: House, opened: list[ServiceCall]
) -> None:
    await set_up(house)
    await house.find_late()
    late = house.hass.states.get("event.234_817_647_0634_late_arrivals")
    assert late is not None
    assert late.attributes["event_type"] == "missed_call"
    assert opened == []


async def test_the_same_call_told_again_opens_it_once(
    house: House, opened: list[ServiceCall]
) -> None:
    """Though no pause is wanted."""
    await set_up(house, cooldown={"seconds": 0})
    await house.ring(ADA)
    await house.ring(ADA)
    assert len(opened) == 1
    await house.pass_time(61)
    await house.ring(ADA)
    assert len(opened) == 2


@pytest.mark.parametrize(
    ("hours", "opens"),
    [
        pytest.param({"after": "11:59:00", "before": "12:01:00"}, True, id="within"),
        pytest.param({"after": "12:01:00"}, False, id="before"),
        pytest.param({"before": "12:00:00"}, False, id="after"),
        pytest.param({"after": "22:00:00", "before": "06:00:00"}, False, id="by night"),
        pytest.param({"after": "01:00:00", "before": "01:00:00"}, True, id="all day"),
        pytest.param({"weekdays": ["tue"]}, True, id="on the day"),
        pytest.param({"weekdays": ["mon", "wed"]}, False, id="on other days"),
    ],
)
async def test_it_keeps_its_hours(
    house: House, opened: list[ServiceCall], hours: dict[str, Any], opens: bool
) -> None:
    """It is noon on a Tuesday."""
    await set_up(house, **hours)
    await house.ring(ADA)
    assert bool(opened) is opens


async def test_it_pauses_between_openings_whoever_rings(
    house: House, opened: list[ServiceCall]
) -> None:
    """Calls that are left out make the pause no longer."""
    await set_up(house, cooldown={"minutes": 2})
    for seconds, openings in ((0, 1), (61, 1), (61, 2)):
        await house.pass_time(seconds)
        await house.ring(ADA)
        await house.ring(BEN)
        assert len(opened) == openings


async def test_two_who_ring_at_once_open_it_once(
    house: House, opened: list[ServiceCall]
) -> None:
    """A gate with one button would be shut again by the second."""
    await house.set_up_line()
    await add_contact(house.hass, house.entry, "Chi", CHI, "chi", allow_commands=True)
    both = {"contacts": ["event.ada", "event.chi"], "gate": OPEN}
    await house.automate("gate_by_missed_call", **both)
    await asyncio.gather(*(house.line.receive_call(caller) for caller in (ADA, CHI)))
    await house.settle()
    assert len(opened) == 1


async def test_it_tells_the_caller(house: House, opened: list[ServiceCall]) -> None:
    await set_up(house, confirmation="It is open.")
    await house.ring(ADA)
    assert len(opened) == 1
    assert house.texts() == [(ADA, "It is open.")]


async def test_it_opens_though_it_can_not_tell(
    house: House, opened: list[ServiceCall], log_watch: LogWatch
) -> None:
    await set_up(house, confirmation="It is open.")
    house.line.credit = 0
    await house.ring(ADA)
    assert len(opened) == 1
    log_watch.expect("not enough credit")


async def test_it_opens_for_the_code_only(
    house: House, opened: list[ServiceCall]
) -> None:
    await set_up(house, **CODE)
    await house.ring(ADA)
    assert (house.texts(), opened) == ([(ADA, "The code?")], [])
    await house.text(BEN, "4711")
    await house.text(CHI, "4711")
    assert opened == []
    await house.text(ADA, " 4711 ")
    assert len(opened) == 1


@pytest.mark.parametrize(
    "answer", ["4712", "", "{{ code }}", "4711 4711", "open", None]
)
async def test_it_stays_shut_for_another_code_or_none(
    house: House, opened: list[ServiceCall], answer: str | None
) -> None:
    await set_up(house, **CODE)
    await house.ring(ADA)
    if answer is None:
        await house.pass_time(70)
    else:
        await house.text(ADA, answer)
    await house.text(ADA, "4711")
    assert opened == []
    assert house.texts() == [(ADA, "The code?")]


async def test_a_code_with_leading_zeros_is_a_code(
    house: House, opened: list[ServiceCall]
) -> None:
    await set_up(house, code="0042")
    await house.ring(ADA)
    await house.text(ADA, "42")
    await house.pass_time(61)
    await house.ring(ADA)
    await house.text(ADA, "0042")
    assert len(opened) == 1


async def test_a_call_that_waited_for_too_long_opens_nothing(
    house: House, opened: list[ServiceCall]
) -> None:
    """While Ada has two minutes for her code, Chi's call becomes one of the past."""
    await house.set_up_line()
    await add_contact(house.hass, house.entry, "Chi", CHI, "chi", allow_commands=True)
    inputs = {"contacts": ["event.ada", "event.chi"], "gate": OPEN, **CODE}
    timeout = {"minutes": 2}
    await house.automate("gate_by_missed_call", code_timeout=timeout, **inputs)
    await house.ring(ADA)
    await house.pass_time(31)
    await house.ring(CHI)
    await house.pass_time(91)
    assert house.texts() == [(ADA, "The code?")]
    await house.ring(CHI)
    assert house.texts() == [(ADA, "The code?"), (CHI, "The code?")]
    await house.text(CHI, "4711")
    assert len(opened) == 1


@pytest.mark.parametrize("with_code", [False, True])
async def test_a_machine_that_rings_for_each_text_does_not_go_on_for_ever(
    house: House, opened: list[ServiceCall], with_code: bool
) -> None:
    """With each ring it would cost a text, and another ring."""
    texts = CODE if with_code else {"confirmation": "It is open."}
    await set_up(house, max_texts=3, cooldown={"seconds": 0}, **texts)
    for _ in range(15):
        await house.ring(ADA)
        await house.pass_time(90)
    assert len(house.texts()) == 3
    assert len(opened) == (0 if with_code else 15)
    await house.pass_time(3600)
    await house.ring(ADA)
    assert len(house.texts()) == 4


async def test_where_texts_can_not_be_counted_none_leaves(
    house: House, opened: list[ServiceCall]
) -> None:
    house.hass.config_entries.async_update_entry(
        house.entry, options={"keep_messages": 0}
    )
    await set_up(house, confirmation="It is open.")
    await house.ring(ADA)
    assert (len(opened), house.texts()) == (1, [])


@pytest.mark.parametrize("with_code", [True, False])
async def test_what_others_text_the_caller_takes_nothing_from_it(
    house: House, opened: list[ServiceCall], with_code: bool
) -> None:
    """What is more than allowed is told inside Home Assistant."""
    texts = CODE if with_code else {"confirmation": "It is open."}
    await set_up(house, max_texts=2, **texts)
    for _ in range(3):
        await house.hass.services.async_call(
            "notify",
            "send_message",
            {"entity_id": "notify.ada", "message": "Hello"},
            blocking=True,
        )
    for number in range(1, 3):
        await house.pass_time(90)
        await house.ring(ADA)
        assert len(house.texts()) == 3 + number
        assert house.notified() == ""
    await house.pass_time(90)
    await house.ring(ADA)
    assert len(house.texts()) == 5
    assert len(opened) == (0 if with_code else 3)
    assert house.notified().startswith("Ada was texted as often in an hour")
