"""The webhook is tried out live, from its options."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import (
    EVENT_DATA_ENTRY_FLOW_PROGRESS_UPDATE,
    EVENT_DATA_ENTRY_FLOW_PROGRESSED,
    FlowResultType,
    UnknownFlow,
)
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
)

from simulator import Line, Simulator

from .conftest import ADA, BEN, WEBHOOK_ID
from .doors import act, add_second_line, hook_up
from .flows import (
    assert_aborted,
    assert_menu,
    assert_waiting,
    begin_test,
    choose,
    configure,
    count_waiting,
    end_test,
    look_again,
    open_options,
    set_up,
)

PUBLIC = "https://house.example"


@pytest.fixture
async def hooked_up(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, hass_client_no_auth: Any
) -> MockConfigEntry:
    """Return an entry whose address is pasted at the provider."""
    configure(hass, loaded)
    hass.config.external_url = PUBLIC
    hook_up(line, await hass_client_no_auth())
    return loaded


async def pass_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let time pass."""
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(hass)
    # A test that still waits is a background task: only a few turns of the loop.
    for _ in range(5):
        await hass.async_block_till_done()


async def text(_hass: HomeAssistant, line: Line) -> list[int]:
    """Text the number."""
    return await line.receive_sms(ADA, "Hi")


async def ring(_hass: HomeAssistant, line: Line) -> list[int]:
    """Call the number."""
    return await line.receive_call(BEN)


async def report_a_text(hass: HomeAssistant, line: Line) -> list[int]:
    """Send a text, and have it delivered."""
    response = await act(hass, "send_sms", contacts="notify.ada", message="Hi")
    return await line.report(response["recipients"][0]["tracking_id"], "DELIVERED")


async def report_a_call(hass: HomeAssistant, line: Line) -> list[int]:
    """Call somebody, who answers."""
    response = await act(hass, "make_call", recipient=BEN)
    return await line.answer(response["call_id"], answered=True)


async def post_anything(_hass: HomeAssistant, line: Line) -> list[int]:
    """Post what nobody can read."""
    return await line.post_webhook("sms", b"One love")


type Happening = Callable[[HomeAssistant, Line], Awaitable[list[int]]]


@pytest.mark.parametrize(
    ("happen", "status", "step_id", "choices"),
    [
        pytest.param(text, 200, "test_sms", ("test_webhook", "go_on"), id="text"),
        pytest.param(ring, 200, "test_call", ("test_webhook", "go_on"), id="call"),
        pytest.param(
            report_a_text, 200, "test_sms_status", ("test_webhook", "go_on"), id="sent"
        ),
        pytest.param(
            report_a_call,
            200,
            "test_call_status",
            ("test_webhook", "go_on"),
            id="called",
        ),
        pytest.param(
            post_anything,
            400,
            "test_unreadable",
            ("test_webhook", "webhook", "go_on"),
            id="unreadable",
        ),
    ],
)
async def test_what_comes_in_is_heard_and_named(
    hass: HomeAssistant,
    hooked_up: MockConfigEntry,
    line: Line,
    happen: Happening,
    status: int,
    step_id: str,
    choices: tuple[str, ...],
) -> None:
    """Begin a test, let something come in; the dialog is told to look again."""
    shown = await begin_test(hass, hooked_up)
    told = async_capture_events(hass, EVENT_DATA_ENTRY_FLOW_PROGRESSED)
    assert await happen(hass, line) == [status]
    await end_test(hass)

    assert [each.data["flow_id"] for each in told] == [shown["flow_id"]]
    for _ in range(2):
        assert_menu(await look_again(hass, shown), step_id, *choices)
    assert count_waiting() == 0
    result = await choose(hass, shown, "go_on")
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_another_number_s_post_is_no_success(
    hass: HomeAssistant,
    simulator: Simulator,
    hooked_up: MockConfigEntry,
    hass_client_no_auth: Any,
) -> None:
    """Paste the address at the wrong number; the way back to it is offered."""
    _, second = await add_second_line(hass, simulator)
    hook_up(second, await hass_client_no_auth(), WEBHOOK_ID)
    shown = await begin_test(hass, hooked_up)
    assert await second.receive_sms(ADA, "Astray") == [403]
    await end_test(hass)

    shown = await look_again(hass, shown)
    assert_menu(shown, "test_another_number", "test_webhook", "webhook", "go_on")
    assert shown["description_placeholders"] == {"line": hooked_up.title}
    assert (await choose(hass, shown, "webhook"))["step_id"] == "webhook"


async def test_what_came_before_is_not_heard(
    hass: HomeAssistant, hooked_up: MockConfigEntry, line: Line
) -> None:
    """Text first, then begin; then test once more in the same dialog."""
    await line.receive_sms(ADA, "Too early")
    shown = await begin_test(hass, hooked_up)
    assert_waiting(await look_again(hass, shown))

    await line.receive_call(BEN)
    await end_test(hass)
    assert (await look_again(hass, shown))["step_id"] == "test_call"

    assert_waiting(await choose(hass, shown, "test_webhook"))
    await line.receive_sms(ADA, "In time")
    await end_test(hass)
    assert (await look_again(hass, shown))["step_id"] == "test_sms"


async def test_two_dialogs_hear_the_same_post(
    hass: HomeAssistant, hooked_up: MockConfigEntry, line: Line
) -> None:
    """Have the options open in two windows."""
    dialogs = [
        await choose(hass, await open_options(hass, hooked_up), "test_webhook")
        for _ in range(2)
    ]
    assert count_waiting() == 2
    await line.receive_sms(ADA, "Hi")
    await end_test(hass)
    steps = [(await look_again(hass, shown))["step_id"] for shown in dialogs]
    assert steps == ["test_sms", "test_sms"]


async def test_looking_again_begins_no_second_test(
    hass: HomeAssistant, hooked_up: MockConfigEntry, line: Line
) -> None:
    """Reload the browser's page while the test waits."""
    shown = await begin_test(hass, hooked_up)
    for _ in range(3):
        assert_waiting(await look_again(hass, shown))
    assert count_waiting() == 1

    await line.receive_sms(ADA, "Hi")
    await end_test(hass)
    assert (await look_again(hass, shown))["step_id"] == "test_sms"


async def test_a_test_ends_after_two_minutes(
    hass: HomeAssistant, hooked_up: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Let nothing come in; how far it is shows meanwhile."""
    shown = await begin_test(hass, hooked_up)
    progress = async_capture_events(hass, EVENT_DATA_ENTRY_FLOW_PROGRESS_UPDATE)
    for _ in range(3):
        await pass_time(hass, freezer, 1)
    assert [each.data["progress"] for each in progress] == [
        pytest.approx(seconds / 120) for seconds in (1, 2, 3)
    ]
    await pass_time(hass, freezer, 115)
    assert_waiting(await look_again(hass, shown))

    await pass_time(hass, freezer, 3)
    assert count_waiting() == 0
    assert_menu(
        await look_again(hass, shown),
        "test_timed_out",
        "test_webhook",
        "webhook",
        "go_on",
    )


async def test_a_dialog_that_is_closed_waits_no_longer(
    hass: HomeAssistant, hooked_up: MockConfigEntry, line: Line
) -> None:
    """Close it; what comes in later is a text like any other."""
    shown = await begin_test(hass, hooked_up)
    hass.config_entries.options.async_abort(shown["flow_id"])
    await end_test(hass)
    assert count_waiting() == 0
    assert await line.receive_sms(ADA, "Hi") == [200]
    with pytest.raises(UnknownFlow):
        await look_again(hass, shown)


@pytest.mark.parametrize("ending", ["async_reload", "async_unload", "async_remove"])
async def test_a_test_ends_with_its_number(
    hass: HomeAssistant,
    hooked_up: MockConfigEntry,
    ending: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Reload, unload or remove it while the test waits."""
    shown = await begin_test(hass, hooked_up)
    told = async_capture_events(hass, EVENT_DATA_ENTRY_FLOW_PROGRESSED)
    await getattr(hass.config_entries, ending)(hooked_up.entry_id)
    await end_test(hass)

    assert count_waiting() == 0
    assert [each.data["flow_id"] for each in told] == [shown["flow_id"]]
    assert_aborted(await look_again(hass, shown), "not_loaded")
    assert "Traceback" not in caplog.text


async def test_a_result_outlives_its_number_no_longer_than_it_is_looked_at(
    hass: HomeAssistant, hooked_up: MockConfigEntry, line: Line
) -> None:
    """Unload it while the dialog tells what was heard."""
    shown = await begin_test(hass, hooked_up)
    await line.receive_sms(ADA, "Hi")
    await end_test(hass)
    assert (await look_again(hass, shown))["step_id"] == "test_sms"
    await hass.config_entries.async_unload(hooked_up.entry_id)
    assert_aborted(await look_again(hass, shown), "not_loaded")


async def test_the_guide_offers_the_test(
    hass: HomeAssistant, simulator: Simulator, line: Line, hass_client_no_auth: Any
) -> None:
    """Set a number up, paste the address, test it, go on to the first contact."""
    hass.config.external_url = PUBLIC
    shown = await set_up(hass, simulator)
    webhook_id = shown["description_placeholders"]["webhook_url"].rpartition("/")[2]
    hook_up(line, await hass_client_no_auth(), webhook_id)

    assert_waiting(await choose(hass, shown, "test_webhook"))
    assert await line.receive_sms(ADA, "Hi") == [200]
    await end_test(hass)
    shown = await look_again(hass, shown)
    assert shown["step_id"] == "test_sms"
    assert (await choose(hass, shown, "go_on"))["step_id"] == "contact"
