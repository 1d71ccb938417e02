"""What lies on disk when the disk fails, or somebody else wrote there."""

import asyncio
import contextlib
import errno
import json
import logging
import os
from pathlib import Path
import threading
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
import pytest

from custom_components.cecula_sync import files
from custom_components.cecula_sync.store import JournalError

from .doors import keep_file, kept_files, pass_time
from .inbound.disk import Disk
from .journals import HEADER, NAME, TEXT, Load, lines, load

__all__ = ["load"]


async def test_a_file_that_was_cut_anywhere_gives_all_that_is_whole(
    hass: HomeAssistant, load: Load
) -> None:
    """So it ends when the house is killed, or the disk full, in the midst of a line."""
    items = [["a", 1], ["b", TEXT], ["a"], ["c", {"d": "e"}]]
    whole = HEADER + "".join(f"{json.dumps(item)}\n" for item in items)
    for length in range(len(whole) + 1):
        keep_file(hass, NAME, whole[:length])
        expected: dict[str, Any] = {}
        for line in whole[len(HEADER) : length].split("\n")[:-1]:
            key, *values = json.loads(line)
            expected[key] = values[0] if values else None
        there = {key: value for key, value in expected.items() if value is not None}
        assert (await load()).data == there


async def test_after_a_cut_the_file_is_written_anew(
    hass: HomeAssistant, load: Load
) -> None:
    """Else the next line would stick to the rest of the last one."""
    keep_file(hass, NAME, f'{HEADER}["a", 1]\n["b", "Th')
    journal = await load()
    journal.put("c", 3)
    await journal.async_commit()
    assert lines(hass) == [HEADER.strip(), '["a", 1]', '["c", 3]']


@pytest.mark.parametrize(
    "rubbish",
    [
        pytest.param(f'["b", "{TEXT}', id="no JSON"),
        pytest.param(f'"{TEXT}"', id="text"),
        pytest.param(f'{{"b": "{TEXT}"}}', id="object"),
        pytest.param(f'["{TEXT}", 1, 2]', id="too long"),
        pytest.param("[]", id="empty list"),
        pytest.param("[1, 2]", id="no key"),
        pytest.param("17", id="number"),
        pytest.param("\0\0\0", id="zeros of a power cut"),
        pytest.param("", id="empty"),
    ],
)
async def test_a_line_that_can_t_be_read_is_left_out(
    hass: HomeAssistant,
    load: Load,
    rubbish: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The others are kept, and the log tells so without telling what it was."""
    keep_file(hass, NAME, f'{HEADER}["a", 1]\n{rubbish}\n["c", 3]\n{rubbish}\n')
    journal = await load()
    assert journal.data == {"a": 1, "c": 3}
    (warning,) = [item for item in caplog.records if item.levelno >= logging.WARNING]
    assert warning.getMessage().startswith("2 lines of ")
    assert TEXT not in warning.getMessage()
    journal.put("d", 4)
    await journal.async_commit()
    assert lines(hass) == [HEADER.strip(), '["a", 1]', '["c", 3]', '["d", 4]']


async def test_bytes_that_are_no_text_cost_their_line_only(
    hass: HomeAssistant, load: Load
) -> None:
    """A disk may go bad."""
    path = hass.config.path(".storage", f"cecula_sync.{NAME}")
    keep_file(hass, NAME, f'{HEADER}["a", 1]\n#["c", 3]\n')

    def spoil() -> None:
        content = Path(path).read_bytes().replace(b"#", b"\xff\xfe\n")
        Path(path).write_bytes(content)

    await hass.async_add_executor_job(spoil)
    assert (await load()).data == {"a": 1, "c": 3}


@pytest.mark.parametrize(
    "header",
    ["", "rubbish", "[]", "{}", '{"version": "one"}', '{"version": 0}', "\0"],
)
async def test_a_header_that_can_t_be_read_hides_nothing(
    hass: HomeAssistant, load: Load, header: str
) -> None:
    """It tells nothing but the version."""
    keep_file(hass, NAME, f'{header}\n["a", 1]\n')
    assert (await load()).data == {"a": 1}


async def test_a_file_of_a_newer_version_is_not_touched(
    hass: HomeAssistant, load: Load
) -> None:
    """Nobody here knows how to read it."""
    newer = '{"version": 2}\n["a", 1]\n'
    keep_file(hass, NAME, newer)
    with pytest.raises(JournalError, match="newer version"):
        await load()
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    assert kept_files(hass)[NAME] == newer


async def test_a_file_that_can_t_be_opened_is_told(
    hass: HomeAssistant, load: Load
) -> None:
    """It must not be taken for an empty one, and overwritten."""
    folder = hass.config.path(".storage", f"cecula_sync.{NAME}")
    await hass.async_add_executor_job(os.makedirs, folder)
    with pytest.raises(JournalError, match="IsADirectoryError"):
        await load()


@contextlib.contextmanager
def full_disk(*, takes: int = 0) -> Any:
    """Let writes fail, after they took some bytes."""

    def write_some(file: int, content: bytes) -> None:
        os.write(file, content[:takes])
        raise OSError(errno.ENOSPC, "No space left on device")

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(files, "_write_all", write_some)
        patched.setattr("homeassistant.util.file.AtomicWriter", fail)
        yield


@pytest.mark.parametrize("is_new", [True, False])
async def test_what_a_full_disk_did_not_take_is_not_lost(
    hass: HomeAssistant, load: Load, is_new: bool
) -> None:
    """Who waits is told; the next commit that succeeds has it all."""
    journal = await load()
    if not is_new:
        journal.put("old", "0")
        await journal.async_commit()
    with full_disk(takes=5):
        for number in range(3):
            journal.put(f"key {number}", TEXT)
            with pytest.raises(JournalError, match="OSError") as caught:
                await journal.async_commit()
            assert TEXT not in str(caught.value)
    await journal.async_commit()
    expected = {f"key {number}": TEXT for number in range(3)}
    if not is_new:
        expected["old"] = "0"
    assert journal.data == expected
    assert (await load()).data == expected
    assert len(lines(hass)) == len(expected) + 1


async def test_what_could_not_be_synced_is_written_anew_the_next_time(
    hass: HomeAssistant, load: Load
) -> None:
    """Though no line is new; writing anew syncs."""
    journal = await load()
    for _ in range(2):
        journal.put("a", 1)
        await journal.async_commit()
    assert len(lines(hass)) == 3

    def fail(_file: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(JournalError):
            await journal.async_commit(sync=True)
    await journal.async_commit(sync=True)
    assert lines(hass) == [HEADER.strip(), '["a", 1]']


async def test_a_full_disk_is_logged_where_nobody_waits(
    hass: HomeAssistant,
    load: Load,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Without what was to be written."""
    journal = await load()
    journal.put("a", TEXT)
    await journal.async_commit()
    journal.put("b", TEXT)
    with full_disk():
        await pass_time(hass, freezer, 1)
    assert "could not be written: OSError" in caplog.text
    assert TEXT not in caplog.text


async def test_what_nobody_waits_for_is_tried_again_until_the_disk_takes_it(
    hass: HomeAssistant,
    load: Load,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Soon at first, at last every ten minutes; then as ever."""
    journal = await load()
    journal.put("a", 1)
    await journal.async_commit()
    disk = Disk(monkeypatch)
    journal.put("b", 2)
    with disk.broken():
        for _ in range(3600):
            await pass_time(hass, freezer, 1)
        assert 10 < disk.tried < 20
        disk.tried = 0
        for _ in range(60):
            await pass_time(hass, freezer, 60)
        assert disk.tried == 6
    for _ in range(10):
        await pass_time(hass, freezer, 60)
    assert (await load()).data == {"a": 1, "b": 2}
    journal.put("c", 3)
    await pass_time(hass, freezer, 1)
    assert (await load()).data == {"a": 1, "b": 2, "c": 3}


async def test_a_journal_that_is_closed_tries_nothing_any_more(
    hass: HomeAssistant,
    load: Load,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its file may be another's by then, or gone."""
    journal = await load()
    journal.put("a", 1)
    disk = Disk(monkeypatch)
    with disk.broken():
        await pass_time(hass, freezer, 1)
        await journal.async_close()
    disk.tried = 0
    await pass_time(hass, freezer, 3600)
    assert disk.tried == 0


async def test_what_could_not_be_written_at_the_close_is_left_to_the_next(
    hass: HomeAssistant,
    load: Load,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However often the disk refuses it; once it is written, nothing is left."""
    journal = await load()
    journal.put("old", TEXT)
    journal.put("a", 1)
    await journal.async_commit()
    disk = Disk(monkeypatch)
    with disk.broken():
        journal.put("b", 2)
        journal.remove("old", shred=True)
        await journal.async_close()
        for number in range(3):
            journal = await load()
            assert journal.data == {"a": 1, "b": 2} | {
                f"c{each}": each for each in range(number)
            }
            journal.put(f"c{number}", number)
            await journal.async_close()
    journal = await load()
    await pass_time(hass, freezer, 1)
    expected = {"a": 1, "b": 2, "c0": 0, "c1": 1, "c2": 2}
    assert dict(map(json.loads, lines(hass)[1:])) == journal.data == expected
    journal.put("b", 3)
    await journal.async_close()
    assert (await load()).data == {**expected, "b": 3}


async def test_a_line_that_was_cut_at_the_close_is_whole_in_the_next(
    hass: HomeAssistant, load: Load
) -> None:
    """A disk that gets full takes a part of it."""
    journal = await load()
    journal.put("a", 1)
    await journal.async_commit()
    journal.put("b", TEXT)
    with full_disk(takes=8):
        await journal.async_close()
    assert lines(hass)[-1] == '["b", "T'
    journal = await load()
    await journal.async_close()
    assert (await load()).data == {"a": 1, "b": TEXT}


async def test_a_disk_that_can_t_be_read_takes_nothing_from_what_was_left(
    hass: HomeAssistant, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is there when the disk can be read again."""
    journal = await load()
    disk = Disk(monkeypatch)
    with disk.broken():
        journal.put("a", 1)
        await journal.async_close()

    def fail(_path: str) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(files, "read", fail)
        with pytest.raises(JournalError):
            await load()
    assert (await load()).data == {"a": 1}


async def test_a_disk_with_no_room_for_all_takes_lines(
    hass: HomeAssistant,
    load: Load,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is tried with all again a minute later: what is shredded must go."""
    journal = await load()
    journal.put("a", TEXT)
    await journal.async_commit()
    disk = Disk(monkeypatch)
    with disk.cramped():
        journal.remove("a", shred=True)
        await journal.async_commit(sync=True)
        assert lines(hass)[1:] == [f'["a", "{TEXT}"]', '["a"]']
        disk.tried = 0
        for number in range(3):
            journal.put("b", number)
            await journal.async_commit()
        assert disk.tried == 3
    assert (await load()).data == journal.data == {"b": 2}
    freezer.tick(60)
    journal.put("c", 3)
    await journal.async_commit()
    assert lines(hass)[1:] == ['["b", 2]', '["c", 3]']


async def test_what_is_shredded_goes_though_nothing_is_kept_after_it(
    hass: HomeAssistant,
    load: Load,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Once the disk has room for all; and a line does not wait for that."""
    journal = await load()
    journal.put("a", TEXT)
    await journal.async_commit()
    with Disk(monkeypatch).cramped():
        journal.remove("a", shred=True)
        await pass_time(hass, freezer, 2)
        journal.put("b", 2)
        await pass_time(hass, freezer, 2)
        assert lines(hass)[1:] == [f'["a", "{TEXT}"]', '["a"]', '["b", 2]']
    await pass_time(hass, freezer, 120)
    assert lines(hass)[1:] == ['["b", 2]']


async def test_what_was_to_be_shredded_by_an_earlier_run_goes(
    hass: HomeAssistant, load: Load, freezer: FrozenDateTimeFactory
) -> None:
    """It had no time to write the file anew."""
    keep_file(hass, NAME, f'{HEADER}["a", "{TEXT}"]\n["b", 2]\n["a"]\n')
    await load()
    await pass_time(hass, freezer, 61)
    assert lines(hass)[1:] == ['["b", 2]']


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f'{HEADER}["a", 1]\n["b", "Th', id="cut line"),
        pytest.param(HEADER.strip(), id="cut header"),
        pytest.param("", id="empty"),
    ],
)
async def test_no_line_is_put_behind_one_that_was_cut(
    hass: HomeAssistant, load: Load, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    """It would be lost with it, though the disk took it."""
    keep_file(hass, NAME, content)
    journal = await load()
    disk = Disk(monkeypatch)
    journal.put("c", 3)
    with disk.cramped():
        for _ in range(2):
            with pytest.raises(JournalError):
                await journal.async_commit()
    assert kept_files(hass)[NAME] == content
    await journal.async_commit()
    assert (await load()).data == journal.data


async def test_a_commit_goes_on_when_its_caller_is_gone(
    hass: HomeAssistant, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it did not bring to the disk is for the next one, not lost."""
    journal = await load()
    journal.put("a", 1)
    go_on = threading.Event()

    def wait_and_fail(*_: Any) -> None:
        go_on.wait()
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(files, "rewrite", wait_and_fail)
        committing = asyncio.create_task(journal.async_commit())
        await asyncio.sleep(0)
        committing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await committing
        go_on.set()
        await hass.async_block_till_done()
    await journal.async_commit()
    assert (await load()).data == {"a": 1}


async def test_what_a_journal_leaves_too_late_is_not_taken_for_newer(
    hass: HomeAssistant, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its close hangs, fails, and meanwhile the next one has gone on."""
    disk = Disk(monkeypatch)
    old = await load()
    old.put("total", 1)
    with disk.broken():
        with disk.halted() as halt:
            closing = asyncio.create_task(old.async_close())
            await halt.reached_by(closing)
            new = await load()
        await closing
    new.put("total", 50)
    await new.async_commit()
    await new.async_close()
    assert (await load()).data == {"total": 50}


async def test_a_disk_that_works_again_is_not_waited_for_as_one_that_fails(
    hass: HomeAssistant,
    load: Load,
    monkeypatch: pytest.MonkeyPatch,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What nobody waits for is on disk in a second, as before."""
    disk = Disk(monkeypatch)
    journal = await load()
    with disk.broken():
        journal.put("a", 1)
        await pass_time(hass, freezer, 60)
        await pass_time(hass, freezer, 60)
    await journal.async_commit()
    journal.put("b", 2)
    await pass_time(hass, freezer, 1)
    assert '["b", 2]' in lines(hass)
