"""A guest, who is let in from check-in to check-out."""

from typing import Any

from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import HomeAssistant, ServiceCall, State
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from tests.conftest import ADA, BEN, contact
from tests.doors import CHI, remember, state_of

from .house import AUTOMATION, CALLS, House
from .long_times import pass_hours

OPEN = [{"action": "cover.open_cover", "target": {"entity_id": "cover.gate"}}]
CODE = "Welcome! The code of the door is 0471."
HOUR = 3600


@pytest.fixture
def contacts() -> list[ConfigSubentryDataWithId]:
    """Return who lives here, and the guest."""
    return [contact("Ada", ADA, "ada", allow_commands=True), contact("Chi", CHI, "chi")]


@pytest.fixture
def opened(hass: HomeAssistant) -> list[ServiceCall]:
    """Return how often the gate was opened."""
    return async_mock_service(hass, "cover", "open_cover")


async def set_up(house: House, **inputs: Any) -> None:
    """Expect Chi from three to eleven tomorrow; it is noon."""
    chosen = {
        "guest": "event.chi",
        "check_in": "2026-11-24 15:00:00",
        "check_out": "2026-11-25 11:00:00",
        "welcome": CODE,
        "gate": OPEN,
    }
    await house.set_up("guest_access", **(chosen | inputs))


async def test_the_gate_opens_for_the_guest_during_the_stay_only(
    house: House, opened: list[ServiceCall]
) -> None:
    await set_up(house)
    await house.ring(CHI)
    await pass_hours(house, 2.95)
    await house.ring(CHI)
    assert (opened, house.texts()) == ([], [])
    await house.pass_time(240)
    assert house.texts() == [(CHI, CODE)]
    await house.ring(CHI)
    assert [call.data["entity_id"] for call in opened] == [["cover.gate"]]
    await house.ring(ADA)
    await house.ring(BEN)
    await house.ring(CHI, 7)
    assert len(opened) == 1
    await pass_hours(house, 19.95)
    await house.ring(CHI)
    assert len(opened) == 2
    await house.pass_time(180)
    await house.ring(CHI)
    assert len(opened) == 2
    assert house.texts() == [(CHI, CODE)]


async def stay(house: House, **inputs: Any) -> None:
    """Have the guest here since an hour, with no text to send."""
    chosen = {"check_in": "2026-11-24 11:00:00", "welcome": ""}
    await set_up(house, **(chosen | inputs))
    await house.start()


async def test_what_is_late_or_told_again_opens_nothing(
    house: House, opened: list[ServiceCall]
) -> None:
    await stay(house)
    await house.find_late(sender=CHI)
    assert opened == []
    await house.ring(CHI)
    await house.ring(CHI)
    assert len(opened) == 1


@pytest.mark.parametrize(
    ("after", "before", "openings"),
    [
        ("00:00:00", "00:00:00", 1),
        ("08:00:00", "12:30:00", 1),
        ("12:30:00", "20:00:00", 0),
        ("22:00:00", "12:30:00", 1),
        ("22:00:00", "11:00:00", 0),
    ],
)
async def test_it_opens_within_the_hours(
    house: House,
    opened: list[ServiceCall],
    after: str,
    before: str,
    openings: int,
) -> None:
    await stay(house, after=after, before=before)
    await house.ring(CHI)
    assert len(opened) == openings


async def test_those_who_live_here_are_told_and_calls_are_bounded(
    house: House, opened: list[ServiceCall]
) -> None:
    """The same call told again is not counted, either."""
    await stay(house, max_openings=3, notifiers=["notify.ada"])
    for _ in range(6):
        await house.pass_time(61)
        await house.ring(CHI)
        await house.ring(CHI)
    assert len(opened) == 3
    assert house.texts() == [(ADA, "Chi opened by ringing.")] * 3
    assert house.under_way() == 0
    await house.pass_time(HOUR)
    await house.ring(CHI)
    assert len(opened) == 4


async def test_where_calls_can_not_be_counted_no_text_leaves(
    house: House, opened: list[ServiceCall]
) -> None:
    """Others are told all the same, and in a minute it opens once."""
    options = {"inbound": "webhook", "keep_messages": 0}
    house.hass.config_entries.async_update_entry(house.entry, options=options)
    await stay(house, max_openings=3, notifiers=["notify.ada", "notify.phone"])
    told = async_mock_service(house.hass, "notify", "send_message")
    for _ in range(5):
        await house.pass_time(61)
        await house.ring(CHI)
        await house.ring(CHI)
    assert [call.data["entity_id"] for call in told] == [["notify.phone"]] * 5
    assert (len(opened), house.texts()) == (5, [])


async def test_the_entities_of_the_number_itself_are_no_guest(
    house: House, opened: list[ServiceCall]
) -> None:
    """Or whoever rings would be let in."""
    await stay(house, guest=CALLS)
    await house.ring(CHI)
    await house.ring(ADA)
    assert (opened, house.last_run()) == ([], None)


async def test_a_call_that_waited_for_too_long_opens_nothing(
    house: House, opened: list[ServiceCall]
) -> None:
    await stay(house, gate=[*OPEN, {"delay": {"minutes": 3}}])
    await house.ring(CHI)
    await house.pass_time(61)
    await house.ring(CHI)
    await house.pass_time(240)
    assert len(opened) == 1


async def test_without_a_deed_a_call_opens_nothing(house: House) -> None:
    await stay(house, gate=[])
    await house.ring(CHI)
    assert house.texts() == []


@pytest.mark.parametrize(
    ("last_triggered", "texts"),
    [
        (None, [(CHI, CODE)]),
        ("2026-11-20T12:00:00+00:00", [(CHI, CODE)]),
        ("2026-11-24T19:30:00+00:00", []),
    ],
)
async def test_a_check_in_that_was_slept_through_is_made_up_for_once(
    hass: HomeAssistant,
    house: House,
    last_triggered: str | None,
    texts: list[tuple[str, str]],
) -> None:
    before = State(AUTOMATION, "on", {"last_triggered": last_triggered})
    await remember(hass, before)
    await set_up(house, check_in="2026-11-24 11:00:00")
    await house.start()
    assert house.texts() == texts
    acted = state_of(hass, AUTOMATION).attributes["last_triggered"]
    assert (acted == dt_util.parse_datetime(last_triggered or "")) == (texts == [])


async def test_no_text_is_sent_after_the_stay(house: House) -> None:
    await set_up(house, check_in="2026-11-23 11:00:00", check_out="2026-11-24 11:00:00")
    await house.start()
    assert house.texts() == []


async def test_after_a_start_the_text_waits_for_the_number(house: House) -> None:
    await set_up(house, check_in="2026-11-24 11:00:00")
    entries = house.hass.config_entries
    assert await entries.async_unload(house.entry.entry_id)
    house.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await house.pass_time(60)
    assert house.texts() == []
    assert await entries.async_setup(house.entry.entry_id)
    await house.settle()
    assert house.texts() == [(CHI, CODE)]


async def test_a_guest_who_is_here_already_gets_the_text_by_hand(house: House) -> None:
    await set_up(house, check_in="2026-11-24 11:00:00")
    await house.hass.services.async_call(
        "automation", "trigger", {"entity_id": AUTOMATION}, blocking=False
    )
    await house.settle()
    assert house.texts() == [(CHI, CODE)]
