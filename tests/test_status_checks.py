"""When the provider is asked what became of a message that no report came for."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers.event import async_call_later
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync import status_checks
from simulator import Line, Simulator

from .conftest import ADA, BEN, captured
from .doors import act, hook_up, pass_time, restart
from .wall_clock import WallClock

SMS, CALL = "sent-sms-status", "dialled-call-status"
MINUTE, HOUR = 60, 3600


def asked(simulator: Simulator, operation: str = SMS) -> int:
    """Return how many look-ups there were."""
    return len(simulator.requests_to(operation))


async def moments(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulator: Simulator,
    steps: Sequence[int],
    operation: str = SMS,
) -> list[int]:
    """Let time pass to each moment, in seconds; return those that brought a look-up."""
    found, now = [], 0
    for moment in steps:
        before = asked(simulator, operation)
        await pass_time(hass, freezer, moment - now)
        now = moment
        found += [moment] * (asked(simulator, operation) - before)
    return found


@pytest.fixture
async def sent(hass: HomeAssistant, loaded: MockConfigEntry, freezer: Any) -> Context:
    """Send a text to Ada, while time stands; return its cause."""
    context = Context()
    await act(hass, "send_sms", context, contacts="notify.ada", message="Hi")
    return context


async def test_a_text_is_asked_for_ever_more_slowly_for_as_long_as_it_may_arrive(
    hass: HomeAssistant,
    sent: Context,
    freezer: FrozenDateTimeFactory,
    simulator: Simulator,
) -> None:
    """First after two minutes, at last after 26 hours."""
    first = [119, 121, 359, 361, 839, 841, 1799, 1801, 3599, 3601, 7199, 7201]
    assert await moments(hass, freezer, simulator, first) == first[1::2]
    hours = [hour * HOUR + 1 for hour in range(3, 31)]
    assert await moments(
        hass, freezer, simulator, [hour - first[-1] for hour in hours]
    ) == [hour - first[-1] for hour in hours if hour <= 26 * HOUR + 1]


@pytest.mark.parametrize("hours", [-30, 30])
async def test_a_clock_that_is_set_changes_nothing_of_when_a_text_is_asked_for(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    hours: int,
) -> None:
    """By the wall, it would be too old to be asked for, or not due for a day."""
    wall_clock = WallClock(monkeypatch)
    await act(hass, "send_sms", recipients=BEN, message="Hi")
    wall_clock.offset = timedelta(hours=hours)
    steps = [119, 121, 359, 361, 839, 841, 1799, 1801, 3599, 3601]
    assert await moments(hass, freezer, simulator, steps) == steps[1::2]


async def test_a_text_to_many_sets_one_timer(
    hass: HomeAssistant, loaded: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What many cost grows with them only, not with the timers of each."""
    timers: list[float] = []

    def counted(hass: HomeAssistant, seconds: float, job: Any) -> Any:
        timers.append(seconds)
        return async_call_later(hass, seconds, job)

    monkeypatch.setattr(status_checks, "async_call_later", counted)
    numbers = [f"+23480312{number:05}" for number in range(50)]
    await act(hass, "send_sms", recipients=numbers, message="Hi")
    assert len(timers) == 1


async def test_a_call_is_asked_for_within_the_hour(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    simulator: Simulator,
) -> None:
    """No phone rings longer."""
    await act(hass, "make_call", recipient=BEN)
    steps = [121, 361, 841, 1801, 3601, 7201, 10801]
    found = await moments(hass, freezer, simulator, steps, CALL)
    assert found == steps[:5]


async def test_what_a_look_up_finds_is_told_as_a_report_is(
    hass: HomeAssistant,
    sent: Context,
    freezer: FrozenDateTimeFactory,
    simulator: Simulator,
    line: Line,
) -> None:
    """Once, with recipient, contact and cause; after the last one none is asked for."""
    told = captured(hass, "sms_status")
    steps = [121, 361, 841, 1801, 3601]
    (sms,) = line.sent
    await line.report(sms.tracking_id, "SENT")
    assert await moments(hass, freezer, simulator, steps[:2]) == steps[:2]
    assert [event.data["status"] for event in told] == ["sent"]
    await line.report(sms.tracking_id, "DELIVERED")
    assert await moments(hass, freezer, simulator, [480, 1440, 7200]) == [480]
    assert [event.data["status"] for event in told] == ["sent", "delivered"]
    for event in told:
        assert (event.data["recipient"], event.data["contact"]) == (ADA, "Ada")
        assert event.context.id == sent.id
    assert told[1].data["done_at"] is not None


async def test_a_final_report_ends_the_asking(
    hass: HomeAssistant,
    sent: Context,
    freezer: FrozenDateTimeFactory,
    simulator: Simulator,
    line: Line,
    hass_client_no_auth: Any,
) -> None:
    """What is known needs no question."""
    hook_up(line, await hass_client_no_auth())
    (sms,) = line.sent
    await line.report(sms.tracking_id, "SENT")
    assert await moments(hass, freezer, simulator, [121]) == [121]
    assert await line.report(sms.tracking_id, "FAILED") == [200]
    assert await moments(hass, freezer, simulator, [361, HOUR, 30 * HOUR]) == []


@pytest.mark.parametrize(
    ("fault", "params"),
    [
        pytest.param("code", {"code": "CE1001"}, id="unknown id"),
        pytest.param("code", {"code": "404", "status": 404}, id="404"),
        pytest.param("http_500", {}, id="500"),
        pytest.param("http_503_html", {}, id="503"),
        pytest.param("broken_json", {}, id="broken"),
        pytest.param("drop", {}, id="dropped"),
        pytest.param("unauthorized", {}, id="401"),
    ],
)
async def test_a_look_up_that_fails_is_made_again_in_its_time(
    hass: HomeAssistant,
    sent: Context,
    freezer: FrozenDateTimeFactory,
    simulator: Simulator,
    line: Line,
    fault: str,
    params: dict[str, Any],
) -> None:
    """No failure is told as a status; a refused key is asked for anew."""
    told = captured(hass, "sms_status")
    await line.report(line.sent[0].tracking_id, "DELIVERED")
    simulator.arm(fault, operation=SMS, times=0, **params)
    await pass_time(hass, freezer, 121)
    failed = asked(simulator)
    assert failed >= 1
    assert told == []
    flows = hass.config_entries.flow.async_progress()
    assert [flow["context"]["source"] for flow in flows] == (
        ["reauth"] if fault == "unauthorized" else []
    )
    simulator.disarm()
    await pass_time(hass, freezer, 200)
    assert asked(simulator) == failed
    await pass_time(hass, freezer, 40)
    assert asked(simulator) == failed + 1
    assert [event.data["status"] for event in told] == ["delivered"]


async def test_a_provider_that_was_out_of_reach_is_asked_when_it_is_back(
    hass: HomeAssistant,
    sent: Context,
    freezer: FrozenDateTimeFactory,
    simulator: Simulator,
    line: Line,
) -> None:
    """Nothing is told of a message in between."""
    told = captured(hass, "sms_status")
    await simulator.stop()
    await pass_time(hass, freezer, 121)
    assert told == []
    await simulator.start(port=simulator.port)
    await line.report(line.sent[0].tracking_id, "DELIVERED")
    await pass_time(hass, freezer, 240)
    assert [event.data["status"] for event in told] == ["delivered"]


async def test_many_texts_are_asked_for_a_few_at_a_time(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    simulator: Simulator,
) -> None:
    """At most thirty a minute, each of the eighty once, before any is asked again."""
    everybody = [f"+23480312345{number:02}" for number in range(80)]
    await act(hass, "send_sms", recipients=everybody, message="Hi")
    counts = ((119, 0), (121, 30), (180, 30), (182, 60), (241, 60), (243, 80))
    for (before, _), (moment, count) in pairwise(((0, 0), *counts, (359, 80))):
        await pass_time(hass, freezer, moment - before)
        assert asked(simulator) == count
    ids = {request.path for request in simulator.requests_to(SMS)}
    assert len(ids) == 80


async def test_what_is_forgotten_is_asked_for_no_more(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    simulator: Simulator,
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Room is made by forgetting the oldest."""
    monkeypatch.setattr("custom_components.cecula_sync.tracked._MOST_MESSAGES", 1)
    for _ in range(2):
        await act(hass, "send_sms", recipients=BEN, message="Hi")
    await pass_time(hass, freezer, 121)
    (request,) = simulator.requests_to(SMS)
    assert request.path.endswith(line.sent[1].tracking_id)


async def test_the_asking_goes_on_after_a_restart_where_it_was(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    simulator: Simulator,
    line: Line,
) -> None:
    """What is final, or given up, is not asked for."""
    await act(hass, "send_sms", recipients=[ADA, BEN], message="Hi")
    await line.report(line.sent[0].tracking_id, "FAILED")
    assert await moments(hass, freezer, simulator, [121]) == [121, 121]
    await restart(hass, loaded)
    assert await moments(hass, freezer, simulator, [200, 241]) == [241]
    assert await hass.config_entries.async_unload(loaded.entry_id)
    await pass_time(hass, freezer, 27 * HOUR)
    assert await hass.config_entries.async_setup(loaded.entry_id)
    assert await moments(hass, freezer, simulator, [HOUR, 2 * HOUR]) == []


async def test_an_unloaded_line_asks_nothing(
    hass: HomeAssistant,
    sent: Context,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    simulator: Simulator,
) -> None:
    """Until it is loaded again."""
    assert await hass.config_entries.async_unload(loaded.entry_id)
    assert await moments(hass, freezer, simulator, [121, 361, HOUR]) == []
