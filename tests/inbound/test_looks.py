"""Reading can destroy: what was read is on disk first, and is read once."""

import asyncio
from collections.abc import Awaitable, Callable
import json
import re
from typing import Any

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.cecula_sync.api import client as client_module
from custom_components.cecula_sync.api.client import CeculaSyncClient
from custom_components.cecula_sync.const import DOMAIN

from .disk import Disk
from .house import LISTS, House

OLD = {"baseline:sms": "2026-11-01", "baseline:call": "2026-11-01"}


@pytest.mark.parametrize(
    ("kind", "parser"), [("sms", "parse_sms_list"), ("call", "parse_missed_calls")]
)
async def test_an_answer_is_on_disk_before_it_is_parsed(
    house: House, monkeypatch: pytest.MonkeyPatch, kind: str, parser: str
) -> None:
    """Byte for byte; and no longer than until it is told."""
    await house.set_up()
    parse: Callable[..., Any] = getattr(client_module, parser)
    on_disk: list[bytes] = []

    def parse_what_is_kept(body: bytes, *args: Any) -> Any:
        on_disk.append(house.kept()[f"answer:{kind}"].encode())
        assert on_disk[-1] == body
        return parse(body, *args)

    monkeypatch.setattr(client_module, parser, parse_what_is_kept)
    came = house.text("Open") if kind == "sms" else house.call()
    await house.look()
    assert [json.loads(body) for body in on_disk] == [[json.loads(came.body)]]
    await house.pass_time(120)
    assert house.heard == [came.late()]
    assert f"answer:{kind}" not in house.kept()
    assert "Open" not in house.kept_in().read_text()


async def test_where_the_disk_takes_nothing_nothing_is_read(
    house: House, disk: Disk
) -> None:
    """It is read once the disk takes it, and then it is told."""
    await house.set_up(inbound="polling")
    text, call = house.text("Open"), house.call()
    before = house.looks("sms"), house.looks("call")
    with disk.broken():
        await house.look()
        await house.pass_time(200)
    assert (house.looks("sms"), house.looks("call")) == before
    assert house.heard == []
    await house.pass_time(240)
    assert set(house.heard) == {text.late(), call.late()}


async def test_a_disk_that_takes_lines_only_keeps_nothing_from_being_heard(
    house: House, disk: Disk
) -> None:
    """What was read is taken out of the file when there is room to write it anew."""
    await house.set_up(inbound="polling")
    with disk.cramped():
        texts = [house.text("One")]
        await house.pass_time(60)
        texts.append(house.text("Two"))
        await house.pass_time(600)
        assert "Two" in house.kept_in().read_text()
    assert house.heard == [text.live(channel="poll") for text in texts]
    house.text("Three")
    await house.pass_time(120)
    assert len(house.heard) == 3
    assert not {"One", "Two"} & set(re.findall(r"\w+", house.kept_in().read_text()))


async def test_an_answer_that_the_disk_does_not_take_is_told_all_the_same(
    house: House, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its list is empty by now."""
    await house.set_up(inbound="polling")
    text = house.text("Open")
    take = CeculaSyncClient.take_new_sms

    async def take_in_vain(client: CeculaSyncClient, keep: Keep) -> Any:
        async def keep_nothing(body: bytes) -> None:
            with disk.broken():
                await keep(body)

        return await take(client, keep_nothing)

    monkeypatch.setattr(CeculaSyncClient, "take_new_sms", take_in_vain)
    await house.look()
    assert house.heard == [text.live(channel="poll")]
    await house.pass_time(120)
    assert house.heard == [text.live(channel="poll")]


@pytest.mark.parametrize("inbound", ["webhook", "polling"])
async def test_what_was_read_before_a_crash_is_told_late(
    house: House, inbound: str
) -> None:
    """Nobody else has it any more."""
    came = {"sms": house.text("Open"), "call": house.call()}
    answers = {f"answer:{kind}": f"[{came[kind].body.decode()}]" for kind in came}
    house.line.received.clear()
    house.line.received_calls.clear()
    house.keep(**OLD, **answers)
    await house.set_up(inbound=inbound)
    await house.pass_time(120)
    assert set(house.heard) == {came["sms"].late(), came["call"].late()}
    assert not house.kept().keys() & answers.keys()


async def test_a_baseline_that_was_read_before_a_crash_is_filed(house: House) -> None:
    """It was the first answer, and still is."""
    text = house.text("Old")
    house.line.received.clear()
    house.keep(**{"answer:sms": f"[{text.body.decode()}]"})
    await house.set_up()
    await house.pass_time(120)
    assert house.heard == []


async def test_what_waited_for_its_webhook_before_a_crash_is_told_late(
    house: House,
) -> None:
    """Once, though its list hands it out again."""
    house.line.switches.sms_list_empties = False
    await house.set_up()
    text = house.text("Open")
    await house.look()
    kept = house.kept()
    await house.close()
    house.keep(**kept)
    await house.set_up()
    await house.pass_time(200)
    assert house.heard == [text.late()]


type Keep = Callable[[bytes], Awaitable[None]]


class SlowAnswer:
    """The answer to a look for texts: it has come, and it is not on disk yet."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stand between the provider and the disk."""
        self.has_come = asyncio.Event()
        self.goes_on = asyncio.Event()
        take = CeculaSyncClient.take_new_sms

        async def take_slowly(client: CeculaSyncClient, keep: Keep) -> Any:
            async def keep_slowly(body: bytes) -> None:
                self.has_come.set()
                await self.goes_on.wait()
                await keep(body)

            return await take(client, keep_slowly)

        monkeypatch.setattr(CeculaSyncClient, "take_new_sms", take_slowly)


@pytest.mark.parametrize("inbound", ["webhook", "polling"])
async def test_unloading_waits_for_an_answer_under_way(
    house: House, monkeypatch: pytest.MonkeyPatch, inbound: str
) -> None:
    """What it brings is told, at once or by the next run."""
    await house.set_up(inbound=inbound)
    slow = SlowAnswer(monkeypatch)
    text = house.text("Open")
    house.entry.runtime_data.catch_up.async_look()
    await slow.has_come.wait()
    assert house.line.inbox == []
    unloading = asyncio.create_task(
        house.hass.config_entries.async_unload(house.entry.entry_id), eager_start=True
    )
    assert not unloading.done()
    slow.goes_on.set()
    assert await unloading
    await house.set_up()
    await house.pass_time(120)
    is_live = inbound == "polling"
    assert house.heard == [text.live(channel="poll") if is_live else text.late()]


async def test_the_stop_of_home_assistant_waits_for_an_answer_under_way(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run tells it."""
    await house.set_up()
    slow = SlowAnswer(monkeypatch)
    text = house.text("Open")
    house.entry.runtime_data.catch_up.async_look()
    await slow.has_come.wait()
    house.hass.set_state(CoreState.stopping)
    house.hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    slow.goes_on.set()
    await house.hass.async_block_till_done()
    assert "Open" in house.kept_in().read_text()
    house.hass.set_state(CoreState.running)
    await house.close()
    await house.set_up()
    await house.pass_time(120)
    assert house.heard == [text.late()]


@pytest.mark.parametrize(
    ("fault", "how"),
    [
        ("http_500", {}),
        ("http_503_html", {}),
        ("redirect", {}),
        ("drop", {}),
        ("accept_then_drop", {}),
        ("accept_then_drop", {"reset": True}),
        ("truncated", {}),
        ("empty_200", {"processed": True}),
        ("broken_json", {"processed": True}),
        ("rate_limited", {}),
        ("code", {"code": "CE2000"}),
    ],
)
async def test_a_look_is_never_repeated_at_once(
    house: House, fault: str, how: dict[str, Any]
) -> None:
    """What was read may be gone; another look comes in its time."""
    await house.set_up()
    for kind, operation in LISTS.items():
        before = house.looks(kind)
        house.simulator.arm(fault, operation=operation, **how)
        await house.look()
        assert house.looks(kind) == before + 1
        await house.pass_time(59)
        assert house.looks(kind) == before + 1
        await house.pass_time(1)
        assert house.looks(kind) == before + 2


async def test_two_looks_at_once_are_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two answers at once could not be counted."""
    await house.set_up()
    slow = SlowAnswer(monkeypatch)
    before = house.looks("sms")
    for _ in range(3):
        house.entry.runtime_data.catch_up.async_look()
        await slow.has_come.wait()
    slow.goes_on.set()
    await house.settle()
    assert house.looks("sms") == before + 1


async def test_a_look_that_is_asked_for_puts_off_the_next_and_adds_none(
    house: House,
) -> None:
    """Else each press of the button would make the house poll more often for good."""
    await house.set_up(inbound="polling")
    for _ in range(3):
        await house.pass_time(20)
        await house.look()
    before = house.looks("sms")
    await house.pass_time(600)
    assert house.looks("sms") - before == 10


async def test_a_line_that_is_unloaded_in_a_look_does_not_look_again(
    house: House, disk: Disk
) -> None:
    """Not for the calls after the texts, nor a minute later."""
    await house.set_up(inbound="polling")
    before = house.looks("call")
    catch_up = house.entry.runtime_data.catch_up
    with disk.halted() as halt:
        catch_up.async_look()
        await halt.reached_by(asyncio.create_task(catch_up.async_looked()))
        unloading = asyncio.create_task(
            house.hass.config_entries.async_unload(house.entry.entry_id)
        )
        await asyncio.sleep(0)
    assert await unloading
    await house.pass_time(600)
    assert house.looks("call") == before


@pytest.mark.parametrize("inbound", ["polling", "webhook"])
async def test_another_time_zone_makes_nothing_live_that_is_listed_still(
    hass: HomeAssistant, house: House, inbound: str
) -> None:
    """A server of one's own tells no zone: all that it lists has other times now."""
    house.line.switches.sms_list_empties = False
    await house.set_up(inbound=inbound)
    await house.post(house.text("Open"))
    await house.pass_time(1000)
    before = len(house.heard)
    await hass.config.async_update(time_zone="Europe/Berlin")
    await house.pass_time(2000)
    assert all(heard.is_late for heard in house.heard[before:])
    issue = f"sms_webhook_missing_{house.entry.entry_id}"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue) is None
