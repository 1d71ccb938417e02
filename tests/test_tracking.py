"""What a line remembers of what it sent: over restarts, bounded, and on a full disk."""

import asyncio
import contextlib
from datetime import timedelta
import errno
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context, Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.cecula_sync import files, store
from simulator import Line, Simulator

from .conftest import ADA, BEN, captured
from .doors import (
    CHI,
    act,
    assert_tells_no_secret,
    entity_id,
    hook_up,
    keep_file,
    kept_files,
    pass_time,
    restart,
    state_of,
    until,
)
from .inbound.disk import Disk
from .wall_clock import WallClock

SENT, DELIVERED, FAILED = (
    entity_id("sensor", f"sms_{total}") for total in ("sent", "delivered", "failed")
)
TRACKED = "custom_components.cecula_sync.tracked"


@pytest.fixture
async def told(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, hass_client_no_auth: Any
) -> list[Event]:
    """Return the statuses of texts that the house is told from now on."""
    hook_up(line, await hass_client_no_auth())
    return captured(hass, "sms_status")


@pytest.fixture
def wall_clock(monkeypatch: pytest.MonkeyPatch) -> WallClock:
    """Return the clock on that house's wall."""
    return WallClock(monkeypatch)


def totals(hass: HomeAssistant) -> list[str]:
    """Return how many were sent, delivered, failed."""
    return [state_of(hass, entity).state for entity in (SENT, DELIVERED, FAILED)]


async def test_a_text_to_many_changes_a_total_once(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Not once for each of them."""
    changes = async_capture_events(hass, "state_changed")
    await act(hass, "send_sms", recipients=[ADA, BEN, CHI], message="Hi")
    await hass.async_block_till_done()
    assert totals(hass) == ["3", "0", "0"]
    assert [each.data["entity_id"] for each in changes].count(SENT) == 1


async def test_a_text_that_is_accepted_without_an_id_is_counted(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Its reports can't be told from others'; what was refused does not count."""
    simulator.arm("no_ids", operation="send-sms")
    await act(hass, "send_sms", recipients=[ADA, BEN], message="Hi")
    await hass.async_block_till_done()
    assert totals(hass) == ["2", "0", "0"]
    simulator.arm("code", operation="send-sms", code="CE3001")
    with pytest.raises(HomeAssistantError):
        await act(hass, "send_sms", recipients=[ADA, BEN], message="Hi")
    await restart(hass, loaded)
    assert totals(hass) == ["2", "0", "0"]


async def test_a_report_after_a_restart_finds_its_message(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, told: list[Event]
) -> None:
    """With its recipient, its contact and its cause."""
    context = Context(user_id="someone", parent_id="01JDCF5DM0YZ3WN1ZBX9B5GXTF")
    await act(hass, "send_sms", context, contacts="notify.ada", message="Hi")
    await restart(hass, loaded)
    await line.report(line.sent[0].tracking_id, "SENT")
    await restart(hass, loaded)
    for status in ("SENT", "DELIVERED", "FAILED"):
        await line.report(line.sent[0].tracking_id, status)
    assert [event.data["status"] for event in told] == ["sent", "delivered"]
    for event in told:
        assert (event.data["recipient"], event.data["contact"]) == (ADA, "Ada")
        assert event.context.as_dict() == context.as_dict()
    response = await act(hass, "get_messages")
    assert [item["status"] for item in response["messages"]] == ["delivered"]


async def test_a_result_after_a_restart_finds_its_call(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, told: list[Event]
) -> None:
    """It is told once, and counts for no text."""
    results = captured(hass, "call_status")
    context = Context()
    await act(hass, "make_call", context, recipient=BEN)
    await restart(hass, loaded)
    for _ in range(2):
        assert await line.answer(line.calls[0].call_id, answered=False) == [200]
    (result,) = results
    assert (result.data["recipient"], result.data["status"]) == (BEN, "not_answered")
    assert result.context.id == context.id
    assert totals(hass) == ["0", "0", "0"]


async def test_what_left_is_on_disk_when_its_action_ends(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """So that a house that is killed in that moment still knows its messages."""
    response = await act(hass, "send_sms", recipients=BEN, message="Hi")
    assert f"sms:{response['recipients'][0]['tracking_id']}" in deliveries(hass)
    response = await act(hass, "make_call", recipient=BEN)
    assert f"call:{response['call_id']}" in deliveries(hass)


def deliveries(hass: HomeAssistant) -> str:
    """Return the file of what was sent."""
    return kept_files(hass)["line_one.deliveries"]


async def test_a_contact_that_changed_meanwhile_is_told_by_its_name_of_today(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, told: list[Event]
) -> None:
    """The number is the one that was texted."""
    await act(hass, "send_sms", contacts="notify.ada", message="Hi")
    hass.config_entries.async_update_subentry(
        loaded, loaded.subentries["ada"], title="Ada Obi", data={"number": CHI}
    )
    await restart(hass, loaded)
    await line.report(line.sent[0].tracking_id, "SENT")
    assert (told[0].data["recipient"], told[0].data["contact"]) == (ADA, "Ada Obi")
    hass.config_entries.async_remove_subentry(loaded, "ada")
    await line.report(line.sent[0].tracking_id, "DELIVERED")
    assert (told[1].data["recipient"], told[1].data["contact"]) == (ADA, None)


async def test_what_is_remembered_is_bounded_in_number(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    told: list[Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The oldest one's report has no cause any more, but is told all the same."""
    monkeypatch.setattr(f"{TRACKED}._MOST_MESSAGES", 2)
    contexts = [Context() for _ in range(4)]
    for context in contexts:
        await act(hass, "send_sms", context, recipients=BEN, message="Hi")
    await restart(hass, loaded)
    for sms in line.sent:
        assert await line.report(sms.tracking_id, "SENT") == [200]
    assert causes(told, contexts) == [False, False, True, True]
    assert totals(hass) == ["4", "0", "0"]


def causes(told: list[Event], contexts: list[Context]) -> list[bool]:
    """Return of each event whether it has the cause that it should have."""
    pairs = zip(told, contexts, strict=True)
    return [event.context.id == context.id for event, context in pairs]


@pytest.mark.parametrize("restarts", [False, True], ids=["running", "restarted"])
async def test_what_has_ended_is_forgotten_after_a_week(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    told: list[Event],
    freezer: FrozenDateTimeFactory,
    restarts: bool,
) -> None:
    """What has not is not, though something older ended; its report may yet come."""
    contexts = [Context() for _ in range(3)]
    for context in contexts:
        await act(hass, "send_sms", context, recipients=BEN, message="Hi")
    ids = [sms.tracking_id for sms in line.sent]
    await line.report(ids[1], "DELIVERED")
    if restarts:
        await restart(hass, loaded)
    freezer.tick(7 * 24 * 3600)
    await act(hass, "send_sms", recipients=BEN, message="Hi")
    await line.report(ids[1], "DELIVERED")
    assert len(told) == 1
    freezer.tick(60)
    await act(hass, "send_sms", recipients=BEN, message="Hi")
    told.clear()
    for each in ids:
        await line.report(each, "DELIVERED")
    assert causes(told, contexts) == [True, False, True]


@pytest.mark.parametrize("restarts", [False, True], ids=["running", "restarted"])
@pytest.mark.parametrize("days", [-8, 8])
async def test_a_clock_that_is_set_makes_no_text_forgotten(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    told: list[Event],
    wall_clock: WallClock,
    days: int,
    restarts: bool,
) -> None:
    """A small computer may send before it learns the time."""
    contexts = [Context(), Context()]
    await act(hass, "send_sms", contexts[0], recipients=BEN, message="Hi")
    wall_clock.offset = timedelta(days=days)
    if restarts:
        await restart(hass, loaded)
    await act(hass, "send_sms", contexts[1], recipients=BEN, message="Hi")
    for sms in line.sent:
        await line.report(sms.tracking_id, "FAILED")
    assert causes(told, contexts) == [True, True]


async def test_a_clock_that_is_set_changes_no_end(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    told: list[Event],
    wall_clock: WallClock,
) -> None:
    """What is repeated a moment later is no news, whatever the clock says."""
    await act(hass, "send_sms", recipients=BEN, message="Hi")
    await line.report(line.sent[0].tracking_id, "FAILED")
    wall_clock.offset = timedelta(days=8)
    await act(hass, "send_sms", recipients=BEN, message="Hi")
    await line.report(line.sent[0].tracking_id, "FAILED")
    assert [event.data["status"] for event in told] == ["failed"]


async def test_the_oldest_is_forgotten_first_be_it_a_text_or_a_call(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also after a restart, which reads texts before calls."""
    monkeypatch.setattr(f"{TRACKED}._MOST_MESSAGES", 2)
    await act(hass, "make_call", recipient=BEN)
    for message in ("One", "Two"):
        freezer.tick(1)
        await act(hass, "send_sms", recipients=BEN, message=message)
        await restart(hass, loaded)
    tracked = loaded.runtime_data.tracked
    assert {kind for kind, _ in tracked.open_keys()} == {"sms"}


def next_event(hass: HomeAssistant, name: str) -> asyncio.Future[Event]:
    """Return a future of the next event of ours that has this name."""
    following: asyncio.Future[Event] = asyncio.get_running_loop().create_future()

    @callback
    def take(event: Event) -> None:
        following.set_result(event)

    hass.bus.async_listen_once(f"cecula_sync_{name}", take)
    return following


async def test_a_report_of_what_others_sent_waits_for_no_answer_but_a_send_s(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    told: list[Event],
) -> None:
    """It may be in the answer; if it is not, it is told as nobody's."""
    simulator.arm("slow", operation="send-sms", seconds=0.5)
    context = Context()
    sending = asyncio.create_task(
        act(hass, "send_sms", context, recipients=BEN, message="Hi")
    )
    await until(simulator, lambda: line.sent)
    body = {"messageId": "99", "status": "SENT"}
    assert await line.post_webhook("sms_status", body) == [200]
    assert told == []
    await sending
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [event.data["tracking_id"] for event in told] == ["99"]
    assert told[0].context.id != context.id


async def test_a_report_is_held_until_the_last_send_under_way_is_answered(
    hass: HomeAssistant, simulator: Simulator, line: Line, told: list[Event]
) -> None:
    """Any of them may have won its id."""
    contexts = [Context(), Context()]
    sends = []
    for context, seconds in zip(contexts, (0.3, 0.8), strict=True):
        simulator.arm("slow", operation="send-sms", seconds=seconds)
        sending = act(hass, "send_sms", context, recipients=BEN, message="Hi")
        sends.append(asyncio.create_task(sending))
        await until(simulator, lambda: len(line.sent) == len(sends))
    await line.report(line.sent[1].tracking_id, "SENT")
    await sends[0]
    assert told == []
    await sends[1]
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [event.context for event in told] == contexts[1:]


async def test_a_report_is_held_for_no_send_but_its_own(
    hass: HomeAssistant, simulator: Simulator, line: Line, told: list[Event]
) -> None:
    """Where sends overlap all day, it would never be told."""
    simulator.arm("slow", operation="send-sms", seconds=0.3)
    first = asyncio.create_task(act(hass, "send_sms", recipients=BEN, message="One"))
    await until(simulator, lambda: line.sent)
    tracking_id = line.sent[0].tracking_id
    await line.report(tracking_id, "FAILED")
    simulator.arm("slow", operation="send-sms", seconds=0.5)
    second = asyncio.create_task(act(hass, "send_sms", recipients=BEN, message="Two"))
    await until(simulator, lambda: len(line.sent) == 2)
    await line.post_webhook("sms_status", {"messageId": "99", "status": "SENT"})
    following = next_event(hass, "sms_status")
    await first
    await following
    assert not second.done()
    assert [event.data["tracking_id"] for event in told] == [tracking_id]
    simulator.arm("slow", operation="send-sms", seconds=0.5)
    third = asyncio.create_task(act(hass, "send_sms", recipients=BEN, message="Three"))
    following = next_event(hass, "sms_status")
    await second
    await following
    assert not third.done()
    assert told[1].data["tracking_id"] == "99"
    await third


@pytest.mark.parametrize("is_ours", [True, False])
async def test_a_report_that_overtakes_its_send_is_answered_and_survives(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    told: list[Event],
    is_ours: bool,
) -> None:
    """It lies on disk until it is clear whose it is; told once, also after a reload."""
    simulator.arm("slow", operation="send-sms", seconds=0.5)
    sending = asyncio.create_task(act(hass, "send_sms", recipients=BEN, message="Hi"))
    await until(simulator, lambda: line.sent)
    tracking_id = line.sent[0].tracking_id if is_ours else "of-somebody-else"
    body = {"messageId": tracking_id, "status": "DELIVERED"}
    assert await line.post_webhook("sms_status", body) == [200]
    assert not sending.done()
    assert '"parked:' in kept_files(hass)["line_one.inbox"]
    if is_ours:
        await hass.config_entries.async_reload(loaded.entry_id)
    await sending
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [event.data["tracking_id"] for event in told] == [tracking_id]
    await loaded.runtime_data.webhook.intake.journal.async_commit()
    assert '"parked:' not in kept_files(hass)["line_one.inbox"]


async def test_what_is_behind_a_report_does_not_wait_for_its_send(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    told: list[Event],
) -> None:
    """A text that opens the gate was parked after it."""
    runtime, following = loaded.runtime_data, next_event(hass, "sms_received")
    await runtime.webhook.async_detach()
    report = {"messageId": "99", "status": "SENT"}
    assert await line.post_webhook("sms_status", report) == [200]
    await line.receive_sms(ADA, "Open")
    simulator.arm("slow", operation="send-sms", seconds=0.5)
    sending = asyncio.create_task(act(hass, "send_sms", recipients=BEN, message="Up"))
    await until(simulator, lambda: line.sent)
    assert await runtime.webhook.intake.async_open(runtime.inbox, runtime.delivery)
    await following
    assert not sending.done()
    assert told == []
    await sending
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [event.data["tracking_id"] for event in told] == ["99"]


@pytest.mark.parametrize("is_broken", [False, True])
async def test_a_report_that_was_parked_is_told_as_the_line_opens(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    told: list[Event],
    monkeypatch: pytest.MonkeyPatch,
    is_broken: bool,
) -> None:
    """Though the disk takes nothing, or somebody parked what nobody can read."""
    disk, context = Disk(monkeypatch), Context()
    await act(hass, "send_sms", context, recipients=BEN, message="Hi")
    runtime = loaded.runtime_data
    intake = runtime.webhook.intake
    await runtime.webhook.async_detach()
    assert await intake._parking.async_park(b"{}") is not None
    assert await line.report(line.sent[0].tracking_id, "SENT") == [200]
    assert told == []
    with disk.broken() if is_broken else contextlib.nullcontext():
        assert await intake.async_open(runtime.inbox, runtime.delivery)
    assert [event.context for event in told] == [context]
    assert intake._parking.waiting() == []


@pytest.mark.usefixtures("told")
async def test_an_opening_ends_where_the_line_is_unloaded_meanwhile(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is parked further on is for the line that comes next."""
    disk, runtime = Disk(monkeypatch), loaded.runtime_data
    intake = runtime.webhook.intake
    await runtime.webhook.async_detach()
    for text in ("One", "Two"):
        assert await line.receive_sms(ADA, text) == [200]
    with disk.halted() as halt:
        opening = asyncio.create_task(
            intake.async_open(runtime.inbox, runtime.delivery)
        )
        await halt.reached_by(opening)
        detaching = asyncio.create_task(runtime.webhook.async_detach())
        await asyncio.sleep(0)
    assert not await opening
    await detaching
    assert len(intake._parking.waiting()) == 1


async def test_an_early_report_that_finds_no_room_is_refused(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    told: list[Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The provider may try again; the status is looked up in any case."""
    monkeypatch.setattr("custom_components.cecula_sync.parking._MOST_PARKED", 0)
    simulator.arm("slow", operation="send-sms", seconds=0.3)
    sending = asyncio.create_task(act(hass, "send_sms", recipients=BEN, message="Hi"))
    await until(simulator, lambda: line.sent)
    tracking_id = line.sent[0].tracking_id
    assert await line.report(tracking_id, "SENT") == [503]
    await sending
    assert await line.report(tracking_id, "SENT") == [200]
    assert [event.data["status"] for event in told] == ["sent"]


async def test_texts_are_counted_by_what_became_of_them(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, told: list[Event]
) -> None:
    """Each once; those that others sent by the SIM are not the house's."""
    assert totals(hass) == ["0", "0", "0"]
    for sensor in (SENT, DELIVERED, FAILED):
        attributes = state_of(hass, sensor).attributes
        assert attributes["state_class"] == "total_increasing"
        assert attributes["unit_of_measurement"] == "messages"
    await act(hass, "send_sms", recipients=[ADA, BEN, CHI], message="Hi")
    assert totals(hass) == ["3", "0", "0"]
    for sms, status in zip(line.sent, ("DELIVERED", "FAILED", "EXPIRED"), strict=True):
        for each in ("SENT", status, status):
            await line.report(sms.tracking_id, each)
    assert totals(hass) == ["3", "1", "2"]
    await line.post_webhook("sms_status", {"messageId": "99", "status": "DELIVERED"})
    assert totals(hass) == ["3", "1", "2"]


async def test_totals_go_on_after_a_restart(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, told: list[Event]
) -> None:
    """So that long-term statistics have no gap and no reset."""
    await act(hass, "send_sms", recipients=[ADA, BEN], message="Hi")
    await line.report(line.sent[0].tracking_id, "DELIVERED")
    await restart(hass, loaded)
    assert totals(hass) == ["2", "1", "0"]
    await line.report(line.sent[1].tracking_id, "FAILED")
    await act(hass, "send_sms", recipients=BEN, message="Hi")
    assert totals(hass) == ["3", "1", "1"]
    await restart(hass, loaded)
    assert totals(hass) == ["3", "1", "1"]


def fill_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no write succeed."""

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "append", fail)
    monkeypatch.setattr(files, "rewrite", fail)


async def test_a_full_disk_stops_no_send_and_loses_nothing_once_it_has_room(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    told: list[Event],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What is not kept is not acknowledged either: the provider posts it again."""
    context = Context()
    with pytest.MonkeyPatch.context() as patched:
        fill_disk(patched)
        response = await act(
            hass, "send_sms", context, contacts="notify.ada", message="A secret"
        )
        assert response["recipients"][0]["status"] == "queued"
        assert await line.report(line.sent[0].tracking_id, "SENT") == [500]
    assert [event.data["status"] for event in told] == ["sent"]
    assert "could not be kept on disk: OSError" in caplog.text
    errors = [item.getMessage() for item in caplog.records if item.levelname == "ERROR"]
    assert_tells_no_secret("\n".join(errors), ADA, "A secret")
    assert await line.report(line.sent[0].tracking_id, "SENT") == [200]
    await restart(hass, loaded)
    await line.report(line.sent[0].tracking_id, "DELIVERED")
    assert [event.data["status"] for event in told] == ["sent", "delivered"]
    assert told[1].context.id == context.id
    assert totals(hass) == ["1", "1", "0"]


async def test_a_full_disk_and_a_reload_lose_no_text(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    told: list[Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither what became of it, nor that it was sent."""
    context = Context()
    disk = Disk(monkeypatch)
    with disk.broken():
        await act(hass, "send_sms", context, contacts="notify.ada", message="Hi")
        await restart(hass, loaded)
        assert totals(hass) == ["1", "0", "0"]
    await line.report(line.sent[0].tracking_id, "FAILED")
    assert causes(told, [context]) == [True]
    (message,) = (await act(hass, "get_messages"))["messages"]
    assert (message["text"], message["status"]) == ("Hi", "failed")


async def test_what_an_earlier_run_sent_does_not_follow_the_clock(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    told: list[Event],
    wall_clock: WallClock,
) -> None:
    """Its clock was another: what ended long ago by this one is forgotten."""
    await act(hass, "send_sms", recipients=BEN, message="Hi")
    await line.report(line.sent[0].tracking_id, "DELIVERED")
    assert [event.data["status"] for event in told] == ["delivered"]
    await restart(hass, loaded)
    wall_clock.offset = timedelta(days=8)
    await act(hass, "send_sms", recipients=BEN, message="Hi again")
    assert len(loaded.runtime_data.tracked) == 1


async def test_nothing_of_a_number_is_written_once_it_is_removed(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A full disk left something to be written, which is not kept for ever."""
    disk = Disk(monkeypatch)
    with disk.broken():
        assert await hass.config_entries.async_setup(entry.entry_id)
        await act(hass, "send_sms", recipients=BEN, message="A secret")
        await hass.config_entries.async_remove(entry.entry_id)
    await pass_time(hass, freezer, 3600)
    assert kept_files(hass) == {}
    assert not hass.data[store._DATA_NEWEST]


async def test_an_entry_whose_store_a_newer_version_wrote_says_so(
    hass: HomeAssistant, entry: MockConfigEntry, line: Line
) -> None:
    """It is neither read nor overwritten."""
    newer = json.dumps({"version": 2}) + "\n"
    keep_file(hass, "line_one.deliveries", newer)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.error_reason_translation_key == "store_too_new"
    await hass.async_block_till_done()
    assert deliveries(hass) == newer


async def test_nothing_stays_on_disk_when_a_number_is_removed(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, told: list[Event]
) -> None:
    """Neither what was sent nor the conversation."""
    await act(hass, "send_sms", recipients=BEN, message="Hi")
    await restart(hass, loaded)
    files = {f"line_one.{name}" for name in ("deliveries", "history", "inbox")}
    assert set(kept_files(hass)) >= files
    await hass.config_entries.async_remove(loaded.entry_id)
    await hass.async_block_till_done()
    assert kept_files(hass) == {}


async def test_a_status_that_comes_while_the_line_ends_is_told_once(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the disk can't take any more is not told, but by the line that follows."""
    disk, told = Disk(monkeypatch), captured(hass, "sms_status")
    await act(hass, "send_sms", recipients=BEN, message="Hi")
    tracking_id = line.sent[0].tracking_id
    assert await line.report(tracking_id, "DELIVERED") == []
    simulator.arm("slow", operation="sent-sms-status", seconds=0.2)
    asking = asyncio.create_task(act(hass, "get_sms_status", tracking_id=tracking_id))
    await until(simulator, lambda: simulator.requests_to("sent-sms-status"))
    with disk.halted() as halt:
        unloading = asyncio.create_task(
            hass.config_entries.async_unload(loaded.entry_id)
        )
        await halt.reached_by(unloading)
        assert not unloading.done()
        assert (await asking)["status"] == "delivered"
    assert await unloading
    assert told == []
    assert await hass.config_entries.async_setup(loaded.entry_id)
    await act(hass, "get_sms_status", tracking_id=tracking_id)
    assert [event.data["status"] for event in told] == ["delivered"]


@pytest.mark.parametrize("action", ["send_sms", "make_call"])
async def test_an_alarm_leaves_though_the_disk_hangs(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    action: str,
) -> None:
    """It refuses nothing and takes nothing; whoever sends hears how it went."""
    for room in ("guard", "delivery"):
        name = f"custom_components.cecula_sync.{room}.SEND_PATIENCE_SECONDS"
        monkeypatch.setattr(name, 0.05)
    disk = Disk(monkeypatch)
    data: dict[str, Any] = {
        "send_sms": {"recipients": BEN, "message": "Fire"},
        "make_call": {"recipient": BEN},
    }[action]
    with disk.halted():
        response = await act(hass, action, None, **data)
        assert len([*line.sent, *line.calls]) == 1
    assert response
    assert caplog.text.count("could not be kept on disk: it takes too long") == 2
    await restart(hass, loaded)
    assert len(loaded.runtime_data.tracked) == 1
