"""The spending guard: no more leaves in an hour or a day than is allowed."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .conftest import ADA, BEN, contact, group
from .doors import CHI, act, act_blindly, add_second_line, pass_time, restart
from .flows import configure
from .spending import DAN, DAY, EVERYBODY, HOUR, limit, refused, text, told

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def contacts() -> list[ConfigSubentryDataWithId]:
    """Return two contacts and a group of both."""
    ada, chi = contact("Ada", ADA, "ada"), contact("Chi", CHI, "chi")
    return [ada, chi, group("Family", ["ada", "chi"], "family")]


@pytest.mark.parametrize("limits", [{}, {"per_hour": 0, "per_day": 0}])
async def test_without_a_limit_nothing_is_refused(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, limits: dict[str, int]
) -> None:
    """It is off at first, and with 0."""
    await limit(hass, loaded, **limits)
    for _ in range(5):
        await text(hass, *EVERYBODY, pages=9)
    assert len(line.sent) == 20
    assert told(hass) is None


@pytest.mark.parametrize(
    ("window", "hours"), [("per_hour", 1), ("per_day", 24)], ids=["hour", "day"]
)
async def test_a_request_costs_its_pages_for_each_recipient(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, window: str, hours: int
) -> None:
    """What does not fit whole is refused whole; what is smaller may fit."""
    await limit(hass, loaded, **{window: 10.0})
    await text(hass, BEN, CHI, pages=3)
    told_then = await refused(text(hass, BEN, CHI, DAN, pages=2))
    told_then.pop("time")
    assert told_then == {"cost": "6", "left": "4", "limit": "10", "hours": str(hours)}
    assert len(line.sent) == 2
    await text(hass, BEN, pages=3)
    await act(hass, "make_call", recipient=BEN)
    assert (await refused(text(hass)))["left"] == "0"
    assert (await refused(act(hass, "make_call", recipient=BEN)))["left"] == "0"
    assert (len(line.sent), len(line.calls)) == (3, 1)


def action(domain: str, name: str, **data: Any) -> Any:
    """Return an action by its name, with what it needs."""
    return pytest.param(domain, name, data, id=name)


@pytest.mark.parametrize(
    ("domain", "name", "data"),
    [
        action("cecula_sync", "send_sms", recipients=BEN, message="Hi"),
        action("cecula_sync", "make_call", contact="notify.ada"),
        action("notify", "send_message", entity_id="notify.ada", message="Hi"),
        action("notify", "send_message", entity_id="notify.family", message="Hi"),
        action("notify", "cecula_sync_0634", target=BEN, message="Hi"),
        action("notify", "cecula_sync_0634_ada", message="Hi"),
        action("notify", "cecula_sync_0634_family", message="Hi"),
    ],
)
async def test_no_way_out_leads_past_the_guard(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    domain: str,
    name: str,
    data: dict[str, Any],
) -> None:
    """Each is refused before anything leaves."""
    await limit(hass, loaded, per_hour=2)
    await text(hass, BEN, CHI)
    await refused(hass.services.async_call(domain, name, data, blocking=True))
    assert len(simulator.requests_to("send-sms")) == 1
    assert simulator.requests_to("flash-number") == []


async def test_what_is_sent_in_several_requests_is_refused_before_the_first(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Half of a message helps nobody."""
    monkeypatch.setattr("custom_components.cecula_sync.sender.MAX_RECIPIENTS", 2)
    await limit(hass, loaded, per_hour=3)
    await refused(text(hass, *EVERYBODY), "limit_too_low")
    await limit(hass, loaded, per_hour=4)
    await text(hass, *EVERYBODY)
    assert len(simulator.requests_to("send-sms")) == 2


async def test_what_never_fits_is_told_apart(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """To wait is no use, whatever the other limit says."""
    await limit(hass, loaded, per_hour=2, per_day=3)
    await text(hass)
    assert await refused(text(hass, pages=3), "limit_too_low") == {
        "cost": "3",
        "limit": "2",
        "hours": "1",
    }
    assert told(hass) == {
        "line": "+234…634",
        "cost": "3",
        "left": "1",
        "limit": "2",
        "hours": "1",
    }


@pytest.mark.parametrize(("window", "seconds"), [("per_hour", HOUR), ("per_day", DAY)])
async def test_there_is_room_again_when_the_error_says(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
    window: str,
    seconds: int,
) -> None:
    """As soon as enough of what was spent lies back far enough, and not before.

    It says so to the minute, and rather says one too late.
    """
    freezer.move_to(NOON)
    freezer.tick(-1)
    await limit(hass, loaded, **{window: 4})
    for pages in (1, 2, 1):
        await text(hass, pages=pages)
        await pass_time(hass, freezer, 10 * 60)
    when = (await refused(text(hass, pages=2)))["time"]
    again = NOON + timedelta(seconds=10 * 60 + seconds)
    assert when == dt_util.as_local(again).strftime("%Y-%m-%d %H:%M")
    freezer.move_to(again - timedelta(seconds=2))
    assert (await refused(text(hass, pages=2)))["time"] == when
    await pass_time(hass, freezer, 1)
    await text(hass, pages=2)
    assert [sms.pages for sms in line.sent] == [1, 2, 1, 2]


async def test_of_two_limits_the_one_that_lasts_longer_is_told(
    hass: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Each holds on its own."""
    await limit(hass, loaded, per_hour=2, per_day=3)
    await text(hass, pages=2)
    assert (await refused(text(hass)))["hours"] == "1"
    await pass_time(hass, freezer, HOUR)
    await text(hass)
    assert (await refused(text(hass, pages=2)))["hours"] == "24"
    assert (await refused(text(hass)))["left"] == "0"


async def test_in_no_hour_and_no_day_more_leaves_than_is_allowed(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """And nothing is refused that fits, wherever an hour is said to begin."""
    line.credit = 10_000
    await limit(hass, loaded, per_hour=4, per_day=30)
    spent: list[tuple[float, int]] = []
    reached: set[str] = set()
    for step in range(120):
        freezer.tick(step * 7919 % 2600)
        pages, now = 1 + step * 31 % 3, dt_util.utcnow().timestamp()
        fits = all(
            sum(cost for at, cost in spent if at > now - seconds) + pages <= most
            for seconds, most in ((HOUR, 4), (DAY, 30))
        )
        if fits:
            await text(hass, pages=pages)
            spent.append((now, pages))
        else:
            reached.add((await refused(text(hass, pages=pages)))["hours"])
    assert [sms.pages for sms in line.sent] == [pages for _, pages in spent]
    assert reached == {"1", "24"}


async def test_of_two_requests_at_once_only_one_gets_the_last_room(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, line: Line
) -> None:
    """The second one does not wait for the first one's answer."""
    await limit(hass, loaded, per_hour=3)
    simulator.arm("slow", operation="send-sms", times=0, seconds=0.2)
    ends = await asyncio.gather(
        text(hass, pages=2), text(hass, pages=2), text(hass), return_exceptions=True
    )
    assert [isinstance(end, ServiceValidationError) for end in ends] == [
        False,
        True,
        False,
    ]
    assert sorted(sms.pages for sms in line.sent) == [1, 2]


async def test_the_fire_alarm_is_sent_and_counted(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """What ignores the limits leaves no room to what does not."""
    await limit(hass, loaded, per_hour=2)
    await text(hass, pages=3, ignore_limit=True)
    await act_blindly(hass, "make_call", recipient=BEN, ignore_limit=True)
    assert told(hass) is None
    assert (await refused(text(hass)))["left"] == "0"
    await text(hass, ignore_limit=True)
    assert told(hass) is not None
    assert (len(line.sent), len(line.calls)) == (2, 1)


async def test_each_number_has_a_guard_of_its_own(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """What one spends takes nothing from the other."""
    second, other = await add_second_line(hass, simulator)
    await limit(hass, loaded, per_hour=1)
    await limit(hass, second, per_hour=1)
    await text(hass, config_entry_id="line_one")
    await refused(text(hass, config_entry_id="line_one"))
    await text(hass, config_entry_id="line_two")
    assert len(other.sent) == 1


async def test_the_issue_goes_when_something_is_sent_again(
    hass: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """A restart proves nothing, nor that of Home Assistant."""
    await limit(hass, loaded, per_hour=1)
    await text(hass)
    assert told(hass) is None
    await refused(text(hass))
    await restart(hass, loaded)
    assert told(hass) is not None
    (issue,) = ir.async_get(hass).issues.values()
    assert issue.is_persistent
    await text(hass, ignore_limit=True)
    assert told(hass) is not None
    freezer.tick(HOUR)
    await text(hass)
    assert told(hass) is None


@pytest.mark.parametrize("restarts", [False, True], ids=["running", "restarted"])
async def test_the_issue_goes_when_there_is_room_for_what_was_refused(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    restarts: bool,
) -> None:
    """Though nobody sends anything; what left meanwhile takes room."""
    freezer.move_to(NOON)
    await limit(hass, loaded, per_hour=4)
    await text(hass, pages=3)
    await refused(text(hass, pages=2))
    await pass_time(hass, freezer, HOUR / 2)
    await text(hass, pages=3, ignore_limit=True)
    if restarts:
        await restart(hass, loaded)
    await pass_time(hass, freezer, HOUR / 2)
    assert told(hass) is not None
    await pass_time(hass, freezer, HOUR / 2 - 1)
    assert told(hass) is not None
    await pass_time(hass, freezer, 1)
    assert told(hass) is None


async def test_the_issue_goes_at_a_start_if_there_is_room_by_then(
    hass: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Nothing waited for it meanwhile."""
    await limit(hass, loaded, per_hour=1)
    await text(hass)
    await refused(text(hass))
    await hass.config_entries.async_unload(loaded.entry_id)
    await pass_time(hass, freezer, HOUR)
    assert told(hass) is not None
    await hass.config_entries.async_setup(loaded.entry_id)
    assert told(hass) is None


async def test_the_issue_stays_while_a_limit_is_too_low_for_what_was_refused(
    hass: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """No time makes room for that; a limit that is raised far enough does."""
    await limit(hass, loaded, per_hour=3)
    await refused(text(hass, pages=4), "limit_too_low")
    await pass_time(hass, freezer, DAY)
    assert told(hass) is not None
    await limit(hass, loaded, per_hour=4)
    assert told(hass) is None


@pytest.mark.parametrize(
    ("options", "is_closed"),
    [
        pytest.param({"max_per_hour": 2}, True, id="raised"),
        pytest.param({"max_per_hour": 0}, True, id="lifted"),
        pytest.param({}, True, id="left out"),
        pytest.param({"max_per_hour": 1, "max_per_day": 5}, False, id="another one"),
        pytest.param({"max_per_hour": 2, "max_per_day": 1}, False, id="exchanged"),
        pytest.param({"max_per_hour": 1, "country": "GB"}, False, id="no limit"),
    ],
)
async def test_the_issue_goes_when_a_limit_makes_room(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    options: dict[str, Any],
    is_closed: bool,
) -> None:
    """And not when something else is set."""
    await limit(hass, loaded, per_hour=1)
    await text(hass)
    await refused(text(hass))
    configure(hass, loaded, **options)
    await hass.async_block_till_done()
    assert (told(hass) is None) == is_closed
