"""Looks that fail one after the other: the log tells of it, and for polling Repairs."""

import logging

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.cecula_sync.const import DOMAIN
from tests.translation_guard import text_at

from .disk import Disk
from .house import LISTS, House

# The first look that fails, and the fifth a quarter of an hour later.
LONG = 60 + 15 * 60
FAILS = "Two looks for texts and calls failed: "
WORKS = "New texts and missed calls can be fetched again"


@pytest.fixture(autouse=True)
def _log(caplog: pytest.LogCaptureFixture) -> None:
    """Log as a house does of which nobody wants to know all."""
    caplog.set_level(logging.INFO, f"custom_components.{DOMAIN}")


def logged(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """Return what the log tells of looks, and how loudly."""
    return [
        (record.levelname, record.getMessage())
        for record in caplog.records
        if record.getMessage().startswith((FAILS, WORKS))
    ]


def is_told(house: House) -> bool:
    """Return whether Repairs tells that nothing can be fetched."""
    issue_id = f"polling_fails_{house.entry.entry_id}"
    return ir.async_get(house.hass).async_get_issue(DOMAIN, issue_id) is not None


def break_lists(house: House, *kinds: str) -> None:
    """Have the provider give no list, until it does again."""
    for kind in kinds or LISTS:
        house.simulator.arm("http_500", operation=LISTS[kind], times=0)


async def fail_long(house: House) -> None:
    """Have a house that polls find nothing for a quarter of an hour."""
    await house.set_up(inbound="polling")
    break_lists(house)
    await house.pass_time(LONG)
    assert is_told(house)


@pytest.mark.parametrize("inbound", ["webhook", "polling"])
async def test_the_log_tells_once_that_looks_fail_and_once_that_they_work(
    house: House, caplog: pytest.LogCaptureFixture, inbound: str
) -> None:
    """From the second that fails on."""
    await house.set_up(inbound=inbound)
    break_lists(house)
    await house.look()
    assert logged(caplog) == []
    await house.pass_time(60)
    failing = ("WARNING", FAILS + text_at("exceptions", "look_failed", "message")[:-1])
    assert logged(caplog) == [failing]
    await house.pass_time(4 * 3600)
    assert logged(caplog) == [failing]
    house.simulator.disarm()
    await house.pass_time(4 * 3600)
    assert logged(caplog) == [failing, ("INFO", WORKS)]


async def test_the_log_says_nothing_of_a_hiccup(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor of many, each after a look that went well."""
    await house.set_up(inbound="polling")
    for _ in range(3):
        break_lists(house)
        await house.pass_time(60)
        house.simulator.disarm()
        await house.pass_time(60)
    assert logged(caplog) == []


async def test_the_log_tells_that_nothing_is_read_where_the_disk_takes_nothing(
    house: House, disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    """For nothing may be read then."""
    await house.set_up(inbound="polling")
    with disk.broken():
        await house.pass_time(LONG)
    failing = ("WARNING", FAILS + text_at("exceptions", "look_failed", "message")[:-1])
    assert logged(caplog) == [failing]
    assert is_told(house)


@pytest.mark.parametrize("broken", [("sms",), ("call",), ("sms", "call")])
async def test_repairs_tells_of_polling_that_fails_for_a_quarter_of_an_hour(
    house: House, broken: tuple[str, ...]
) -> None:
    """And of it no longer once a look goes well."""
    await house.set_up(inbound="polling")
    break_lists(house, *broken)
    await house.pass_time(LONG - 1)
    assert not is_told(house)
    await house.pass_time(1)
    assert is_told(house)
    await house.pass_time(3600)
    assert is_told(house)
    house.simulator.disarm()
    await house.look()
    assert not is_told(house)


async def test_repairs_tells_nothing_while_the_webhook_hears(house: House) -> None:
    """A look that fails then is no matter for a user."""
    await house.set_up()
    break_lists(house)
    await house.pass_time(4 * 3600)
    assert not is_told(house)


async def test_it_goes_when_the_user_changes_to_the_webhook(house: House) -> None:
    """And comes at once with a change back: nothing has been heard since."""
    await fail_long(house)
    for inbound in ("webhook", "polling"):
        house.hass.config_entries.async_update_entry(
            house.entry, options={"inbound": inbound}
        )
        await house.settle()
        assert is_told(house) == (inbound == "polling")


async def test_it_goes_when_the_user_changed_while_the_number_was_not_loaded(
    house: House,
) -> None:
    """By the first look, though that fails too."""
    await fail_long(house)
    assert await house.hass.config_entries.async_unload(house.entry.entry_id)
    await house.set_up(inbound="webhook")
    assert not is_told(house)


async def test_it_stays_over_a_reload_that_changes_nothing(house: House) -> None:
    """What failed before fails still."""
    await fail_long(house)
    assert await house.hass.config_entries.async_reload(house.entry.entry_id)
    await house.settle()
    assert is_told(house)


async def test_it_goes_with_a_number_that_is_removed(house: House) -> None:
    """Nobody could close it."""
    await fail_long(house)
    await house.hass.config_entries.async_remove(house.entry.entry_id)
    await house.hass.async_block_till_done()
    assert not is_told(house)


async def test_it_goes_with_a_number_that_is_disabled(house: House) -> None:
    """It polls no longer."""
    await fail_long(house)
    await house.hass.config_entries.async_set_disabled_by(
        house.entry.entry_id, ConfigEntryDisabler.USER
    )
    await house.hass.async_block_till_done()
    assert not is_told(house)


async def test_of_a_refused_key_the_notice_that_asks_for_another_tells(
    house: House,
) -> None:
    """Two for one cause would be one too many."""
    await house.set_up(inbound="polling")
    house.simulator.arm("unauthorized", operation=LISTS["sms"], times=0)
    await house.pass_time(LONG)
    assert not is_told(house)
    (flow,) = house.hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"
