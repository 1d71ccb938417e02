"""What a damaged disk, a failing cloud and an untimely reload do not break."""

import asyncio
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from custom_components.cecula_sync import files
from custom_components.cecula_sync.const import DOMAIN
from custom_components.cecula_sync.diagnostics import async_get_config_entry_diagnostics
from custom_components.cecula_sync.webhook import DATA_WEBHOOKS
from simulator import Line, Simulator

from .conftest import ADA, BEN, NUMBER, WEBHOOK_ID, WEBHOOKS, Post, captured, entry_data
from .doors import (
    act,
    add_second_line,
    assert_tells_no_secret,
    hook_up,
    keep_file,
    kept_files,
    pass_time,
    restart,
    until,
)
from .fake_cloud import set_up_cloud
from .flows import assert_aborted, key_form, submit
from .inbound.disk import Disk
from .translation_guard import text_at

HEADER = json.dumps({"version": 1})
GOOD_MESSAGE = {
    "direction": "in",
    "kind": "sms",
    "number": ADA,
    "contact_id": "ada",
    "text": "Kept",
    "time": "2026-11-24T08:00:00+00:00",
    "status": "received",
    "tracking_id": None,
}
GOOD_DELIVERY = {
    "recipient": BEN,
    "contact_id": None,
    "context": ["a", None, None],
    "status": "queued",
    "told": ["queued"],
    "accepted_at": 1.0,
}
DAMAGED: dict[str, list[list[Any]]] = {
    "inbox": [
        ["tally:sms:1", 5],
        ["tally:sms:2", [1, "x", 1, 1, [], 0]],
        ["held:sms:3", {"message": "no more than this"}],
        ["parked:1:0", {"body": "{}"}],
        ["parked:1:1", None],
        ["aside:letter:4", "[]"],
        ["aside:sms:5", 5],
        ["answer:sms", 5],
    ],
    "deliveries": [
        ["totals", 5],
        ["sms:1", {}],
        ["sms:2", {"recipient": BEN, "contact_id": None, "context": 5}],
        ["sms:3", GOOD_DELIVERY | {"status": ["queued"]}],
        ["sms:4", GOOD_DELIVERY | {"recipient": None}],
        ["sms:5", GOOD_DELIVERY | {"told": [1]}],
    ],
    "history": [
        ["a1", GOOD_MESSAGE],
        ["2", {"kind": "sms"}],
        ["3", GOOD_MESSAGE],
        ["4", GOOD_MESSAGE | {"time": "2026-11-24T08:00:00"}],
        ["5", GOOD_MESSAGE | {"tracking_id": ["x"]}],
        ["6", GOOD_MESSAGE | {"number": [ADA]}],
        ["7", GOOD_MESSAGE | {"kind": ["sms"]}],
        ["8", GOOD_MESSAGE | {"direction": "sideways"}],
        ["9", GOOD_MESSAGE | {"status": None}],
        ["01", GOOD_MESSAGE | {"time": "2026-01-24T08:00:00+00:00"}],
    ],
    "guard": [["1", 5], ["2", ["now", 1]], ["x", [1.0, 1]]],
}


async def test_a_damaged_value_costs_no_more_than_itself(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    post: Post,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The number sends, hears and remembers all else, and forgets what is damaged."""
    freezer.move_to("2026-11-24 09:00:00+00:00")
    for name, values in DAMAGED.items():
        lines = [HEADER, *map(json.dumps, values), ""]
        keep_file(hass, f"{entry.entry_id}.{name}", "\n".join(lines))
    heard = captured(hass, "sms_received")
    assert await hass.config_entries.async_setup(entry.entry_id)
    await act(hass, "send_sms", recipients=BEN, message="The house burns")
    assert len(line.sent) == 1
    assert await post((WEBHOOKS / "inbound_sms.json").read_bytes()) == 200
    assert [event.data["message"] for event in heard] == ["One love"]
    texts = [each["text"] for each in (await act(hass, "get_messages"))["messages"]]
    assert texts == ["The house burns", "Kept", "One love"]
    caplog.clear()
    await restart(hass, entry)
    assert "can't be read" not in caplog.text


@pytest.mark.parametrize("name", ["inbox", "deliveries", "history", "guard"])
async def test_a_disk_that_can_t_be_read_for_once_is_read_later(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """Nobody need come and reload the number."""
    read, failures = files.read, [OSError]

    def read_or_fail(path: str) -> object:
        if failures and path.endswith(name):
            raise failures.pop()
        return read(path)

    monkeypatch.setattr(files, "read", read_or_fail)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert (entry.state, failures) == (ConfigEntryState.SETUP_RETRY, [])
    assert entry.error_reason_translation_key == "store_unreadable"
    await pass_time(hass, freezer, 60)
    assert hass.config_entries.async_loaded_entries(DOMAIN) == [entry]


async def test_a_number_that_was_disabled_all_along_is_removed_with_its_files(
    hass: HomeAssistant, simulator: Simulator
) -> None:
    """Where all numbers are disabled, nothing of ours was ever set up."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        data=entry_data(simulator),
        disabled_by=ConfigEntryDisabler.USER,
    )
    entry.add_to_hass(hass)
    keep_file(hass, f"{entry.entry_id}.history", HEADER)
    assert DATA_WEBHOOKS not in hass.data
    await hass.config_entries.async_remove(entry.entry_id)
    assert kept_files(hass) == {}


async def test_a_failing_cloud_keeps_nothing_from_being_removed_or_renewed(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Its client has errors of its own."""
    with set_up_cloud(hass) as cloud:
        cloud.failure = TimeoutError()
        await loaded.runtime_data.webhook.async_renew()
        assert loaded.data["webhook_id"] != WEBHOOK_ID
        assert set(hass.data["webhook"]) == {loaded.data["webhook_id"]}
        await hass.config_entries.async_remove(loaded.entry_id)
    assert kept_files(hass) == {}


@pytest.fixture
def disk(entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch) -> Disk:
    """Return the disk that our files lie on."""
    return Disk(monkeypatch)


async def test_a_number_that_is_disabled_while_it_opens_does_not_come_to_life(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    line: Line,
    post: Post,
    disk: Disk,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Its opening waits for the disk; what it did not tell is late for the next."""
    hass.set_state(CoreState.starting)
    assert await hass.config_entries.async_setup(entry.entry_id)
    for text in (b"One", b"Two"):
        body = (WEBHOOKS / "inbound_sms.json").read_bytes().replace(b"One love", text)
        assert await post(body) == 200
    heard = captured(hass, "sms_received")
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done()
    with disk.halted() as halt:
        opening = asyncio.create_task(pass_time(hass, freezer, 1))
        await halt.reached_by(opening)
        disabling = asyncio.create_task(
            hass.config_entries.async_set_disabled_by(
                entry.entry_id, ConfigEntryDisabler.USER
            )
        )
        for _ in range(50):
            await asyncio.sleep(0)
    await asyncio.gather(opening, disabling)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [event.data["message"] for event in heard] == ["One"]
    assert line.requests[-1].operation not in {"get-new-sms", "new-missed-calls"}
    late = captured(hass, "sms_received_late")
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [event.data["message"] for event in late] == ["Two"]


async def test_a_reload_sends_no_more_requests_of_a_text_to_many(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    hass_client_no_auth: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever was not tried is told so; the number as it is now sends none of it."""
    monkeypatch.setattr("custom_components.cecula_sync.sender.MAX_RECIPIENTS", 1)
    hook_up(line, await hass_client_no_auth())
    simulator.arm("slow", operation="send-sms", seconds=0.3)
    sending = asyncio.create_task(
        act(hass, "send_sms", recipients=[ADA, BEN], message="Hi")
    )
    await until(simulator, lambda: line.sent)
    assert await hass.config_entries.async_reload(loaded.entry_id)
    response = await sending
    statuses = [each["status"] for each in response["recipients"]]
    assert statuses == ["queued", "not_tried"]
    assert [sms.recipient for sms in line.sent] == [ADA]
    told = captured(hass, "sms_status")
    await line.report(line.sent[0].tracking_id, "DELIVERED")
    assert [event.data["contact"] for event in told] == ["Ada"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *((field, None) for field in ("number", "api_key", "base_url", "webhook_id")),
        ("number", 5),
        ("verify_ssl", "yes"),
    ],
)
async def test_a_damaged_entry_fails_alone_and_says_so(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    caplog: pytest.LogCaptureFixture,
    field: str,
    value: Any,
) -> None:
    """The other number works, and the damaged one can be removed."""
    data = {name: each for name, each in entry.data.items() if name != field}
    if value is not None:
        data[field] = value
    hass.config_entries.async_update_entry(entry, data=data)
    other, other_line = await add_second_line(hass, simulator)
    assert other.state is ConfigEntryState.LOADED
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "entry_damaged"
    assert entry.error_reason_translation_placeholders == {"fields": field}
    assert text_at("exceptions", "entry_damaged", "message")
    told = await async_get_config_entry_diagnostics(hass, entry)
    assert told["entry"]["reason"] == "entry_damaged"
    assert_tells_no_secret(caplog.text, NUMBER, entry.title)
    await act(hass, "send_sms", contacts="notify.chi", message="Hi")
    assert len(other_line.sent) == 1
    assert await async_setup_component(hass, "system_health", {})
    health = await get_system_health_info(hass, DOMAIN)
    assert (health["numbers"], health["numbers_loaded"]) == (2, 1)
    assert await health["can_reach_server"] == "ok"
    await hass.config_entries.async_remove(entry.entry_id)
    assert hass.config_entries.async_entries(DOMAIN) == [other]


@pytest.mark.parametrize("field", ["api_key", "base_url", "verify_ssl"])
async def test_a_connection_that_is_damaged_can_be_entered_again(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    simulator: Simulator,
    line: Line,
    field: str,
) -> None:
    """By the form that changes it, where a key that is lost has no default."""
    data = {name: each for name, each in entry.data.items() if name != field}
    hass.config_entries.async_update_entry(entry, data=data)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    shown = dict(await entry.start_reconfigure_flow(hass))
    if field == "api_key":
        shown = await submit(hass, shown, key_form(simulator, api_key=""))
        assert shown["errors"] == {"api_key": "invalid_auth"}
    done = await submit(hass, shown, key_form(simulator))
    assert_aborted(done, "connection_works")
    assert entry.state is ConfigEntryState.LOADED
