"""Many wait for the disk at once: what one write brings there is written once."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.cecula_sync import files
from custom_components.cecula_sync.store import Journal, JournalError

from .inbound.disk import Disk
from .journals import Load, lines, load

__all__ = ["load"]


def counted_writes(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the lines of each write from now on."""
    writes: list[list[str]] = []
    append = files.append

    def counted(path: str, added: list[str], *, sync: bool) -> None:
        writes.append(added)
        append(path, added, sync=sync)

    monkeypatch.setattr(files, "append", counted)
    return writes


async def put_and_commit(hass: HomeAssistant, journal: Journal, number: int) -> None:
    """Put a line, see that it is in the file, and put something more."""
    journal.put(f"{number}", number)
    await journal.async_commit()
    assert f'["{number}", {number}]' in lines(hass)
    journal.put("last", number)


async def test_what_comes_at_once_is_written_at_once(
    hass: HomeAssistant, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the disk is free when the first one comes."""
    journal = await load()
    journal.put("first", 0)
    await journal.async_commit()
    writes = counted_writes(monkeypatch)
    await asyncio.gather(*(put_and_commit(hass, journal, each) for each in range(3)))
    assert [len(added) for added in writes] == [3]


async def test_one_write_is_for_all_who_wait(
    hass: HomeAssistant, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each returns when its own line is in the file, whatever was put since."""
    journal = await load()
    journal.put("first", 0)
    await journal.async_commit()
    writes = counted_writes(monkeypatch)
    disk = Disk(monkeypatch)

    def come(number: int) -> asyncio.Task[None]:
        return asyncio.create_task(put_and_commit(hass, journal, number))

    with disk.halted() as halt:
        tasks = [come(0)]
        await halt.reached_by(tasks[0])
        tasks += [come(number) for number in range(1, 20)]
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert [len(added) for added in writes] == [1, 19]
    await journal.async_commit()
    assert len(writes) == 3


async def test_a_write_that_fails_is_made_up_for_by_the_next(
    hass: HomeAssistant, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody takes a line for written that the disk refused."""
    journal = await load()
    journal.put("a", 1)
    await journal.async_commit()

    def fail(*_: Any, **__: Any) -> None:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr(files, "append", fail)
        journal.put("b", 2)
        for _ in range(2):
            patched.setattr(files, "rewrite", fail)
            with pytest.raises(JournalError):
                await journal.async_commit()
    await journal.async_commit()
    assert (await load()).data == {"a": 1, "b": 2}
