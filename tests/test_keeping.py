"""How long the conversation is kept, and that it is gone from the disk afterwards."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line

from .conftest import ADA, BEN, WEBHOOKS, Post
from .doors import act, kept_files, pass_time, restart
from .flows import configure
from .talk import ALL, brief, hooked_up, messages, morning, talked
from .wall_clock import WallClock

__all__ = ["hooked_up", "morning", "talked"]

HOUR, DAY = 3600, 24 * 3600
# As a small computer begins, which has no clock of its own.
IN_1970 = timedelta(days=-56 * 365)


@pytest.fixture
def wall_clock(morning: None, monkeypatch: pytest.MonkeyPatch) -> WallClock:
    """Return the clock on the wall."""
    return WallClock(monkeypatch)


async def disk(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return all that lies on disk of the line, once it is there."""
    await restart(hass, entry)
    return "\n".join(kept_files(hass).values())


@pytest.mark.parametrize("days", [0, 1])
async def test_what_the_user_wants_no_longer_kept_is_gone_from_the_disk_at_once(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    talked: Line,
    freezer: FrozenDateTimeFactory,
    days: int,
) -> None:
    """What is newer stays, unless nothing is to be kept."""
    await disk(hass, loaded)
    freezer.tick(2 * DAY)
    await act(hass, "send_sms", contacts="notify.ada", message="Two days later")
    on_disk = await disk(hass, loaded)
    assert "Who is there?" in on_disk
    assert "Two days later" in on_disk
    options = {**loaded.options, "keep_messages": days}
    hass.config_entries.async_update_entry(loaded, options=options)
    await pass_time(hass, freezer, 1)
    on_disk = "\n".join(kept_files(hass).values())
    for old in ("Who is there?", "It is Ben", "Your balance is low"):
        assert old not in on_disk
    assert ("Two days later" in on_disk) == bool(days)
    assert await brief(hass) == (["770 out Two days later"] if days else [])
    await act(hass, "send_sms", contacts="notify.ada", message="From now on")
    assert ("From now on" in await disk(hass, loaded)) == bool(days)


async def test_a_month_later_the_disk_knows_no_text_any_more(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    talked: Line,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nobody has to restart the house for that."""
    assert "Who is there?" in await disk(hass, loaded)
    await pass_time(hass, freezer, 29 * DAY)
    assert len(await messages(hass)) == len(ALL)
    await pass_time(hass, freezer, DAY + 7 * HOUR)
    await pass_time(hass, freezer, 1)
    assert await messages(hass) == []
    assert "Who is there?" not in "\n".join(kept_files(hass).values())


async def test_what_is_too_old_when_it_comes_is_soon_gone(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    post: Post,
    freezer: FrozenDateTimeFactory,
) -> None:
    """It may be the clock that is wrong, and not the text."""
    assert await post((WEBHOOKS / "inbound_sms.json").read_bytes()) == 200
    assert await brief(hass) == ["770 in One love"]
    await pass_time(hass, freezer, 6 * HOUR)
    assert await messages(hass) == []
    assert "One love" not in await disk(hass, loaded)


async def test_the_conversation_is_bounded(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hooked_up: Line,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The oldest goes first, and its report does not bring it back."""
    monkeypatch.setattr("custom_components.cecula_sync.history._MOST_MESSAGES", 2)
    for text in ("First", "Second", "Third"):
        await act(hass, "send_sms", recipients=BEN, message=text)
    assert await hooked_up.report(hooked_up.sent[0].tracking_id, "SENT") == [200]
    assert await brief(hass) == ["567 out Third", "567 out Second"]
    await restart(hass, loaded)
    assert await brief(hass) == ["567 out Third", "567 out Second"]


async def test_long_texts_are_bounded_by_their_length(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hooked_up: Line,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever has the webhook's address can't fill the disk with them."""
    monkeypatch.setattr("custom_components.cecula_sync.history._MOST_CHARACTERS", 11)
    for text in ("First", "Second"):
        await act(hass, "send_sms", recipients=BEN, message=text)
    assert await brief(hass) == ["567 out Second", "567 out First"]
    await restart(hass, loaded)
    await act(hass, "send_sms", recipients=BEN, message="Third")
    assert await brief(hass) == ["567 out Third", "567 out Second"]
    await act(hass, "send_sms", recipients=BEN, message="Four")
    assert await brief(hass) == ["567 out Four", "567 out Third"]


@pytest.mark.parametrize(
    "offset",
    [
        pytest.param(timedelta(days=365), id="ahead"),
        pytest.param(timedelta(days=-365), id="behind"),
    ],
)
async def test_a_start_with_a_wrong_clock_does_not_cost_the_conversation(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    talked: Line,
    freezer: FrozenDateTimeFactory,
    wall_clock: WallClock,
    offset: timedelta,
) -> None:
    """Nor what comes before the clock is set, hours later."""
    wall_clock.offset = offset
    await restart(hass, loaded)
    await pass_time(hass, freezer, 5 * HOUR)
    await talked.receive_sms(ADA, "What time is it?")
    configure(hass, loaded, low_balance=5)
    await hass.async_block_till_done()
    wall_clock.offset = timedelta()
    for _ in range(4):
        await pass_time(hass, freezer, 6 * HOUR)
    found = [item["text"] for item in await messages(hass)]
    assert len(found) == 1 + len(ALL)
    assert found[0] == "What time is it?"


async def test_a_clock_that_was_set_saves_nothing_from_its_age(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    talked: Line,
    freezer: FrozenDateTimeFactory,
    wall_clock: WallClock,
) -> None:
    """It only takes some hours longer."""
    await pass_time(hass, freezer, 31 * DAY - 7 * HOUR)
    assert "Who is there?" not in await disk(hass, loaded)
    await talked.receive_sms(ADA, "Who is there now?")
    wall_clock.offset = timedelta(days=31)
    await pass_time(hass, freezer, 6 * HOUR)
    assert await brief(hass) == ["770 in Who is there now?"]
    await pass_time(hass, freezer, 6 * HOUR)
    assert await messages(hass) == []


@pytest.mark.parametrize("runs", [1, 2])
async def test_what_came_before_the_clock_was_set_is_dated_when_it_is(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hooked_up: Line,
    freezer: FrozenDateTimeFactory,
    wall_clock: WallClock,
    runs: int,
) -> None:
    """A small computer starts in 1970; the first run may end before it learns more."""
    await act(hass, "send_sms", recipients=BEN, message="Before")
    freezer.tick(DAY)
    wall_clock.offset = IN_1970
    await restart(hass, loaded)
    await hooked_up.receive_sms(ADA, "Who is there?")
    freezer.tick(60)
    await act(hass, "send_sms", contacts="notify.ada", message="It is Ben")
    freezer.tick(60)
    for _ in range(1, runs):
        await restart(hass, loaded)
    wall_clock.offset = timedelta()
    found = [(item["text"], item["time"]) for item in await messages(hass)]
    seconds = [0, 60] if runs == 1 else [120, 120]
    came = [
        (dt_util.now() - timedelta(seconds=120 - each)).isoformat() for each in seconds
    ]
    sent_before = (dt_util.now() - timedelta(seconds=DAY + 120)).isoformat()
    assert found == [
        ("It is Ben", came[1]),
        ("Who is there?", came[0]),
        ("Before", sent_before),
    ]
    await pass_time(hass, freezer, 29 * DAY)
    assert len(await messages(hass)) == 3
    assert await brief(hass, contact="notify.ada") == [
        "770 out It is Ben",
        "770 in Who is there?",
    ]
    await restart(hass, loaded)
    assert len(await messages(hass)) == 3
    await pass_time(hass, freezer, 2 * DAY)
    assert await messages(hass) == []


async def test_where_nothing_is_kept_a_start_removes_what_was(
    hass: HomeAssistant, loaded: MockConfigEntry, talked: Line
) -> None:
    """The option may have changed while the number was not loaded."""
    assert await hass.config_entries.async_unload(loaded.entry_id)
    configure(hass, loaded, keep_messages=0)
    assert await hass.config_entries.async_setup(loaded.entry_id)
    await hass.async_block_till_done()
    assert await messages(hass) == []
    assert "Who is there?" not in await disk(hass, loaded)


async def test_keeping_for_longer_removes_nothing(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    talked: Line,
    wall_clock: WallClock,
) -> None:
    """Whatever the clock says in that moment."""
    wall_clock.offset = timedelta(days=400)
    configure(hass, loaded, keep_messages=31)
    await hass.async_block_till_done()
    wall_clock.offset = timedelta()
    assert await brief(hass) == ALL


async def test_a_machine_that_sleeps_forgets_what_is_old(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hooked_up: Line,
    freezer: FrozenDateTimeFactory,
    wall_clock: WallClock,
) -> None:
    """It finds its clock set each time it wakes."""
    await hooked_up.receive_sms(ADA, "Who is there?")
    for _ in range(31 * 4):
        await pass_time(hass, freezer, 5 * HOUR)
        wall_clock.offset += timedelta(minutes=2)
        await pass_time(hass, freezer, HOUR)
    assert await messages(hass) == []
