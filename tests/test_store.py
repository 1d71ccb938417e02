"""What lies on disk: it is there when it is said to be, and gone when it is to be."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
import contextlib
import errno
import json
import logging
import os
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
import pytest

from custom_components.cecula_sync import store
from custom_components.cecula_sync.store import Journal, JournalError

from .doors import keep_file, kept_files, pass_time

NAME = "line.test"
HEADER = '{"version": 1}\n'
TEXT = "The gate code is 4711"

type Load = Callable[[], Awaitable[Journal]]


@pytest.fixture
async def load(hass: HomeAssistant) -> AsyncGenerator[Load]:
    """Return a way to read the file as the next run of the house would."""
    opened = []

    async def read() -> Journal:
        journal = Journal(hass, NAME)
        opened.append(journal)
        await journal.async_load()
        return journal

    yield read
    for journal in opened:
        await journal.async_close()


def lines(hass: HomeAssistant) -> list[str]:
    """Return the lines of the file."""
    return kept_files(hass)[NAME].splitlines()


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
    keep_file(hass, NAME, f'{HEADER}["a", 1]\n{rubbish}\n["c", 3]\n')
    journal = await load()
    assert journal.data == {"a": 1, "c": 3}
    (warning,) = [item for item in caplog.records if item.levelno >= logging.WARNING]
    assert "A line of" in warning.getMessage()
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


@contextlib.contextmanager
def full_disk(*, takes: int = 0) -> Any:
    """Let writes fail, after they took some bytes."""

    def write_some(file: int, content: bytes) -> None:
        os.write(file, content[:takes])
        raise OSError(errno.ENOSPC, "No space left on device")

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(store, "_write_all", write_some)
        patched.setattr("homeassistant.util.file.AtomicWriter", fail)
        yield


@pytest.mark.parametrize("is_new", [True, False])
async def test_what_a_full_disk_did_not_take_is_not_lost(
    hass: HomeAssistant, load: Load, is_new: bool
) -> None:
    """Who waits is told; the next commit that succeeds has it all."""
    journal = await load()
    if not is_new:
        journal.put("old", 0)
        await journal.async_commit()
    with full_disk(takes=5):
        for number in range(3):
            journal.put(f"key {number}", TEXT)
            with pytest.raises(JournalError, match="OSError") as caught:
                await journal.async_commit()
            assert TEXT not in str(caught.value)
        journal.remove("key 1")
    await journal.async_commit()
    expected = {"key 0": TEXT, "key 2": TEXT} | ({} if is_new else {"old": 0})
    assert journal.data == expected
    assert (await load()).data == expected
    assert len(lines(hass)) == len(expected) + 1


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


async def test_a_commit_goes_on_when_its_caller_is_gone(
    hass: HomeAssistant, load: Load
) -> None:
    """A provider that hangs up must not leave half a line."""
    journal = await load()
    journal.put("a", 1)
    committing = asyncio.create_task(journal.async_commit())
    await asyncio.sleep(0)
    committing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await committing
    await hass.async_block_till_done()
    assert (await load()).data == {"a": 1}
