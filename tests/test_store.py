"""What lies on disk: it is there when it is said to be, and gone when it is to be."""

import os
from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
import pytest

from .doors import kept_files, pass_time
from .journals import HEADER, NAME, TEXT, Load, lines, load

__all__ = ["load"]


def mode_of(hass: HomeAssistant) -> int:
    """Return who may do what with the file."""
    path = Path(hass.config.path(".storage", f"cecula_sync.{NAME}"))
    return path.stat().st_mode & 0o777


async def test_what_was_put_is_there_in_the_next_run(
    hass: HomeAssistant, load: Load
) -> None:
    """Each key with its last value, in the order in which they came first."""
    journal = await load()
    assert journal.data == {}
    for key, value in (("b", 1), ("a", {"x": [None]}), ("c", "\ud83d\n"), ("b", 2)):
        journal.put(key, value)
        await journal.async_commit()
    journal.remove("a")
    journal.remove("never there")
    await journal.async_commit()
    again = await load()
    assert again.data == journal.data == {"b": 2, "c": "\ud83d\n"}
    assert list(again.data) == ["b", "c"]
    assert lines(hass)[-1] == '["a"]'
    assert mode_of(hass) == 0o600


async def test_each_change_is_a_line_at_the_end_of_the_file(
    hass: HomeAssistant, load: Load
) -> None:
    """What a change costs does not grow with what is kept."""
    journal = await load()
    journal.put("a", 1)
    await journal.async_commit()
    before = kept_files(hass)[NAME]
    journal.put("b", 2)
    await journal.async_commit()
    assert kept_files(hass)[NAME] == f'{before}["b", 2]\n'


async def test_a_file_that_is_mostly_of_no_use_is_written_anew(
    hass: HomeAssistant, load: Load
) -> None:
    """It does not grow without bounds, and keeps what is of use."""
    journal = await load()
    for number in range(10):
        journal.put(f"kept {number}", TEXT)
    longest = 0
    for number in range(300):
        journal.put("changing", number)
        await journal.async_commit()
        longest = max(longest, len(lines(hass)))
    assert 200 < longest < 300
    assert len(lines(hass)) < 100
    again = await load()
    assert again.data == journal.data
    assert (len(again.data), again.data["changing"]) == (11, 299)
    assert mode_of(hass) == 0o600


async def test_what_is_shredded_is_no_longer_in_the_file(
    hass: HomeAssistant, load: Load
) -> None:
    """Nor are the values that it had before; what is only removed may stay a while."""
    journal = await load()
    for key in ("removed", "shredded"):
        journal.put(key, f"{key}: old")
        journal.put(key, f"{key}: new")
        await journal.async_commit()
    journal.put("other", 1)
    journal.remove("removed")
    await journal.async_commit()
    assert "removed: new" in kept_files(hass)[NAME]
    journal.remove("shredded", shred=True)
    await journal.async_commit()
    assert lines(hass) == [HEADER.strip(), '["other", 1]']
    assert (await load()).data == {"other": 1}


async def test_what_nobody_waits_for_is_on_disk_a_second_later(
    hass: HomeAssistant, load: Load, freezer: FrozenDateTimeFactory
) -> None:
    """Many changes are one write."""
    journal = await load()
    journal.put("a", 1)
    journal.put("a", 2)
    assert NAME not in kept_files(hass)
    await pass_time(hass, freezer, 1)
    assert (await load()).data == {"a": 2}


@pytest.mark.parametrize("how", ["final write", "close"])
async def test_what_is_left_is_written_when_the_house_goes(
    hass: HomeAssistant, load: Load, how: str
) -> None:
    """By then all others have put in what they have to."""
    journal = await load()
    journal.put("a", 1)
    if how == "close":
        await journal.async_close()
        journal.put("b", 2)
        await journal.async_commit()
    else:
        hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
        await hass.async_block_till_done()
    assert (await load()).data == {"a": 1}


async def test_what_must_outlive_a_power_cut_is_synced(
    hass: HomeAssistant, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it is in the file already; and nothing is synced in vain."""
    synced: list[int] = []
    real = os.fsync

    def sync(file: int) -> None:
        synced.append(file)
        real(file)

    monkeypatch.setattr(os, "fsync", sync)
    journal = await load()
    journal.put("a", 1)
    await journal.async_commit()
    synced.clear()
    journal.put("b", 2)
    await journal.async_commit()
    assert len(synced) == 0
    for _ in range(2):
        await journal.async_commit(sync=True)
        assert len(synced) == 1
