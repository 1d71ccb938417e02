"""The past opens no gates, and the start loses nothing."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.setup import async_setup_component
import pytest

from custom_components.cecula_sync.api.client import CeculaSyncClient
from custom_components.cecula_sync.const import DOMAIN
from custom_components.cecula_sync.parking import Parking
from custom_components.cecula_sync.webhook import DATA_WEBHOOKS
from simulator import Line

from .disk import Disk
from .house import Came, House


async def begin_to_start(house: House, **options: str) -> None:
    """Have an old line set up while Home Assistant starts."""
    house.hass.set_state(CoreState.starting)
    house.hass.config_entries.async_update_entry(
        house.entry,
        data={**house.entry.data, "listening_since": "2026-11-01T00:00:00+00:00"},
    )
    await house.set_up(**options)


async def start(house: House) -> None:
    """Let Home Assistant be up."""
    house.hass.set_state(CoreState.running)
    house.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await house.settle()


def parked(house: House) -> list[str]:
    """Return the bodies that are parked on disk at this moment."""
    return [
        record["body"]
        for name, record in house.kept().items()
        if name.startswith("parked:")
    ]


async def test_what_is_posted_during_the_start_is_told_when_automations_listen(
    house: House,
) -> None:
    """On disk before it is answered; live, in its order, a second after the start."""
    await begin_to_start(house)
    text, call = house.text("Open"), house.call(seconds=5)
    assert await house.post(text) == 200
    assert parked(house) == [text.body.decode()]
    assert await house.post(call) == 200
    await house.pass_time(200)
    await start(house)
    await house.stride(0.4)
    assert house.heard == []
    await house.stride(0.6)
    assert house.heard == [text.live(), call.live()]
    await house.pass_time(120)
    assert parked(house) == []
    assert len(house.heard) == 2


async def test_only_so_much_waits(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider hears that there is no room, and may try again."""
    texts = [house.text(f"Text {number}") for number in range(4)]
    room = sum(len(text.body) for text in texts[:2])
    monkeypatch.setattr("custom_components.cecula_sync.parking._MOST_PARKED", room)
    await begin_to_start(house)
    assert await house.post(texts[0]) == 200
    manager = house.hass.data[DATA_WEBHOOKS][house.entry.entry_id]
    house.freezer.tick(1)
    manager.intake._parking = Parking(manager.intake.journal)  # as by another run
    assert [await house.post(text) for text in texts[1:]] == [200, 503, 503]
    await start(house)
    await house.stride(1)
    await house.settle()
    assert await house.hass.config_entries.async_unload(house.entry.entry_id)
    assert [await house.post(text) for text in texts[2:]] == [200, 200]
    assert await house.post(house.text("Text 5")) == 503


async def test_nothing_is_read_before_it_can_be_told(house: House) -> None:
    """The lists wait too, and what the first look finds is of the past."""
    await begin_to_start(house, inbound="polling")
    text = house.text("Away")
    await house.pass_time(60)
    await start(house)
    assert house.looks("sms") == 0
    await house.stride(1)
    assert (house.looks("sms"), house.heard) == (1, [text.late()])


async def test_what_is_posted_and_found_at_the_start_is_told_once(
    house: House,
) -> None:
    """As live as its post."""
    await begin_to_start(house)
    text = house.text("Open")
    await house.post(text)
    await start(house)
    await house.stride(1)
    await house.pass_time(180)
    assert house.heard == [text.live()]


@pytest.mark.parametrize(("seconds", "is_late"), [(299, False), (301, True)])
async def test_what_was_parked_for_over_five_minutes_is_late(
    house: House, seconds: int, is_late: bool
) -> None:
    """A start may take long."""
    await begin_to_start(house)
    text = house.text("Open")
    await house.post(text)
    await house.stride(seconds - 1)
    await start(house)
    await house.stride(1)
    expected = text.late(channel="webhook") if is_late else text.live()
    assert house.heard == [expected]


async def test_a_post_is_heard_while_its_line_cannot_be_set_up(
    hass: HomeAssistant, house: House, line: Line
) -> None:
    """Home Assistant would answer 200 for it, and it would be lost."""
    await house.open_door()
    await house.simulator.stop()
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done()
    assert house.entry.state is ConfigEntryState.SETUP_RETRY
    text = house.text("Open")
    assert await house.post(text) == 200
    await house.simulator.start(port=house.simulator.port)
    await house.stride(30)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert house.heard == [text.live()]


async def test_what_was_parked_in_an_earlier_run_is_late(house: House) -> None:
    """However short the time between."""
    await house.set_up()
    assert await house.hass.config_entries.async_unload(house.entry.entry_id)
    text = house.text("Open")
    assert await house.post(text) == 200
    await house.hang_up()
    await house.set_up()
    await house.pass_time(180)
    assert house.heard == [text.late(channel="webhook")]


async def test_what_was_parked_before_a_crash_is_late_and_its_retry_is_none(
    house: House,
) -> None:
    """It was on disk, and nobody knows whether its provider got the answer."""
    text = house.text("Open")
    record = {"body": text.body.decode(), "run": "1", "at": 0.0, "answered": False}
    house.keep(**{"parked:1:0": record, "baseline:sms": "", "baseline:call": ""})
    await house.set_up()
    assert await house.post(text) == 200
    await house.pass_time(180)
    assert house.heard == [text.late(channel="webhook")]


async def test_what_is_posted_while_a_line_is_reloaded_is_live(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes while the provider is asked for what it must tell first."""
    await house.set_up()
    text, call = house.text("Open"), house.call()
    answers: list[int] = []
    balance = CeculaSyncClient.balance

    async def balance_in_time(client: CeculaSyncClient) -> float:
        answers.extend([await house.post_only(text), await house.post_only(call)])
        assert house.heard == []
        return await balance(client)

    monkeypatch.setattr(CeculaSyncClient, "balance", balance_in_time)
    assert await house.hass.config_entries.async_reload(house.entry.entry_id)
    assert answers == [200, 200]
    await house.pass_time(180)
    assert house.heard == [text.live(), call.live()]


async def test_what_is_posted_while_home_assistant_stops_is_for_the_next_run(
    house: House,
) -> None:
    """Automations are gone by then. Home Assistant itself takes no direct one."""
    await house.set_up()
    house.hass.set_state(CoreState.stopping)
    text, refused = house.text("Open"), house.text("Close")
    assert await house.post_by_cloud(text) == 200
    assert await house.post_only(refused) == 503
    assert (house.heard, parked(house)) == ([], [text.body.decode()])
    house.hass.set_state(CoreState.running)
    await house.close()
    await house.set_up()
    await house.pass_time(180)
    assert house.heard == [text.late(channel="webhook"), refused.late()]


async def post_twice(house: House, text: Came) -> None:
    """Have two equal texts come, one after the other was taken."""
    assert await house.post(text) == 200
    assert await house.post(text) == 200


async def test_equal_posts_that_are_parked_are_as_many_items(house: House) -> None:
    """Each was answered before the next came."""
    await begin_to_start(house)
    text = house.text("Open")
    await post_twice(house, text)
    await start(house)
    await house.stride(1)
    await house.post(text)
    assert house.heard == [text.live(1), text.live(2), text.live(3)]


async def test_what_was_parked_is_told_though_the_disk_takes_nothing(
    house: House, disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    """Once, though a look finds it again; and the log says that something is wrong."""
    house.line.switches.sms_list_empties = False
    await house.set_up()
    assert await house.hass.config_entries.async_unload(house.entry.entry_id)
    text = house.text("Open")
    assert await house.post(text) == 200
    with disk.broken():
        assert await house.hass.config_entries.async_setup(house.entry.entry_id)
        await house.settle()
    await house.pass_time(1800)
    assert house.heard == [text.live()]
    assert "could not be handed on: JournalError" in caplog.text
