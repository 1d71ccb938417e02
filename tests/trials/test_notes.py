"""The witness's notes, read while they are written."""

import json
from pathlib import Path

from trials.notes import Notes


def line(at: float) -> str:
    """Return a note of a text."""
    data = {"message": f"at {at}"}
    note = {"at": at, "kind": "cecula_sync_sms_received_late", "data": data}
    return f"{json.dumps(note)}\n"


def test_before_the_first_note_there_is_none(tmp_path: Path) -> None:
    assert Notes(tmp_path / "witness.jsonl").read() == []


def test_a_note_counts_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "witness.jsonl"
    notes = Notes(path)
    path.write_text(line(1) + line(2)[:20])
    assert [note.at for note in notes.read()] == [1]
    path.write_text(line(1) + line(2))
    assert [note.at for note in notes.read()] == [1, 2]
    assert len(notes.read()) == 2


def test_a_note_tells_which_item_it_is_about(tmp_path: Path) -> None:
    path = tmp_path / "witness.jsonl"
    path.write_text(line(1))
    (note,) = Notes(path).read()
    assert note.item == ("sms", "at 1")
    assert note.late
