"""What `scripts/bench` is made of, without what it measures."""

from pathlib import Path
import re

import pytest

from benchmarks import page
from benchmarks.__main__ import _parser
from benchmarks.faults.befalls import FAULTS
from benchmarks.fuzz.bodies import EXAMPLES, Bodies
from simulator.faults import REQUEST_FAULTS

from .conftest import WEBHOOKS
from .pages import ROOT

TABLES = {
    *("faults", "sentences", "fuzz", "webhook", "broadcast"),
    *("setup", "growth", "idle", "week", "hours"),
}


def test_each_table_has_its_place_on_the_page() -> None:
    """What a run found is put there."""
    text = page.PAGE.read_text("utf-8")
    assert set(re.findall(r"<!-- (\w+): made", text)) == TABLES
    for name in TABLES:
        begin, end = page.markers(name)
        assert text.index(begin) < text.index(end)


def test_a_table_takes_the_place_of_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All around it stays."""
    monkeypatch.setattr(page, "PAGE", tmp_path / "proof.md")
    begin, end = page.markers("growth")
    page.PAGE.write_text(f"Before\n{begin}\nold\n{end}\nAfter\n")
    page.write("growth", page.table(("A", "B"), [("1", "2")]))
    page.write("growth", "new")
    assert page.PAGE.read_text() == f"Before\n{begin}\n\nnew\n\n{end}\nAfter\n"
    with pytest.raises(ValueError, match="no place"):
        page.write("nowhere", "new")


def test_each_command_that_the_page_names_is_there() -> None:
    """Nobody is to type what does nothing."""
    text = page.PAGE.read_text("utf-8")
    commands = re.findall(r"`scripts/bench ([^`]+)`", text)
    assert commands
    for command in commands:
        _parser().parse_args(command.split())


def test_the_table_has_every_fault_of_the_simulator() -> None:
    """A new one is not forgotten."""
    assert {fault.kind for fault in FAULTS} - {"network"} == REQUEST_FAULTS.keys()


def test_hostile_bodies_are_the_same_for_the_same_seed_and_come_in_all_sorts() -> None:
    """What was found can be found again."""
    one, other = Bodies(5), Bodies(5)
    made = [one.next() for _ in range(3000)]
    assert made == [other.next() for _ in range(3000)]
    assert {each.method for each in made} > {"POST", "GET", "PUT"}
    assert max(len(each.body) for each in made) > 64 * 1024
    assert any(each.chunks for each in made)
    assert any("Content-Encoding" in each.headers for each in made)


def test_hostile_bodies_are_made_from_what_the_provider_publishes() -> None:
    """The examples are those of the tests of what reads them."""
    published = {path.read_text("utf-8").strip() for path in WEBHOOKS.glob("*.json")}
    for example in EXAMPLES:
        assert any(
            all(f'"{key}":"{value}"' in text for key, value in example.items())
            for text in published
        ), example


def test_the_command_says_what_it_can_do() -> None:
    """Its own comment names all of it."""
    comment = (ROOT / "scripts" / "bench").read_text("utf-8")
    (choices,) = re.findall(r"\{([\w,]+)\}", _parser().format_usage())
    for name in choices.split(","):
        assert name in comment
