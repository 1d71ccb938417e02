"""Run a benchmark from the command line."""

import argparse
import asyncio
import platform
import sys
from typing import TYPE_CHECKING

from homeassistant.const import __version__

from . import page
from .faults.run import try_everything
from .faults.table import as_table, sentences
from .fuzz.guided import guided
from .fuzz.run import fuzz
from .soak.run import hours, week
from .speed import broadcast, growth, idle, setup, webhook

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

_SPEED: dict[str, tuple[str, Callable[[], Coroutine[None, None, str]]]] = {
    "webhook": ("from a post to its automation", webhook.measure),
    "broadcast": ("one text to many", broadcast.measure),
    "setup": ("setting up and importing", setup.measure),
    "growth": ("what grows with what is kept", growth.measure),
    "idle": ("memory, and what nothing costs", idle.measure),
}


_MOST_SHOWN = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a benchmark; return 1 where a promise was broken."""
    options = _parser().parse_args(arguments)
    content, wrong = options.run(options)
    print(*content.values(), *wrong[:_MOST_SHOWN], sep="\n\n")
    if options.write:
        for name, text in content.items():
            page.write(name, text)
    return int(bool(wrong))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description=sys.modules[__package__].__doc__
    )
    benches = parser.add_subparsers(dest="bench", required=True)

    def add(
        name: str, words: str, run: Callable[..., object]
    ) -> argparse.ArgumentParser:
        bench = benches.add_parser(name, help=words)
        bench.set_defaults(run=run)
        bench.add_argument(
            "--write", action="store_true", help="put the tables into docs/proof.md"
        )
        return bench

    add("faults", "every operation with every fault", _faults)
    hostile = add("fuzz", "hostile posts to the webhook", _fuzz)
    hostile.add_argument("--bodies", type=int, default=50_000, help="how many")
    hostile.add_argument("--seed", type=int, default=1)
    more = add("guided", "hostile posts that coverage leads to, with atheris", _guided)
    more.add_argument("--seconds", type=int, default=60)
    for name, (words, _) in _SPEED.items():
        add(name, words, _speed)
    soak = add("soak", "a long run of mixed load", _soak)
    soak.add_argument("--hours", type=float, help="of the real clock")
    soak.add_argument("--days", type=int, default=7, help="of a simulated clock")
    soak.add_argument("--seed", type=int, default=1)
    return parser


type Outcome = tuple[dict[str, str], list[str]]


def _faults(_: argparse.Namespace) -> Outcome:
    rows = asyncio.run(try_everything())
    wrong = [
        f"{row.operation.name}, {row.fault.name}: {each}"
        for row in rows
        for each in row.wrong
    ]
    found = f"{len(rows):,} trials, {len(wrong)} promises broken."
    return {
        "faults": f"{as_table(rows)}\n\n{found}",
        "sentences": sentences(rows),
    }, wrong


def _fuzz(options: argparse.Namespace) -> Outcome:
    content, wrong = asyncio.run(fuzz(options.bodies, options.seed))
    return {"fuzz": _dated(content, f"fuzz --bodies {options.bodies}")}, wrong


def _guided(options: argparse.Namespace) -> Outcome:
    return {}, ["see above"] if guided(options.seconds) else []


def _speed(options: argparse.Namespace) -> Outcome:
    _, measure = _SPEED[options.bench]
    content = asyncio.run(measure())
    return {options.bench: _dated(content, options.bench)}, []


def _soak(options: argparse.Namespace) -> Outcome:
    if options.hours is None:
        content, wrong = asyncio.run(week(options.days, options.seed))
        return {"week": _dated(content, f"soak --days {options.days}")}, wrong
    content, wrong = asyncio.run(hours(options.hours, options.seed))
    return {"hours": _dated(content, f"soak --hours {options.hours:g}")}, wrong


def _dated(content: str, command: str) -> str:
    """Say how it was made, and on what."""
    return (
        f"{content}\n\n`scripts/bench {command}`, Home Assistant {__version__}, "
        f"Python {platform.python_version()}, {_machine()}."
    )


def _machine() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123 (no folder)
        names = [line.split(":")[1].strip() for line in file if "model name" in line]
    kind = names[0] if names else platform.machine()
    return f"{len(names) or 1} cores of {kind}"


if __name__ == "__main__":
    sys.exit(main())
