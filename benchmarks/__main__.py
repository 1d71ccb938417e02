"""Run a benchmark from the command line."""

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING

from . import page
from .faults.run import try_everything
from .faults.table import as_table, sentences
from .fuzz.run import fuzz

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a benchmark; return 1 where a promise was broken."""
    options = _parser().parse_args(arguments)
    return int(options.run(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description=sys.modules[__package__].__doc__
    )
    benches = parser.add_subparsers(dest="bench", required=True)
    faults = benches.add_parser("faults", help="every operation with every fault")
    faults.set_defaults(run=_faults)
    fuzz = benches.add_parser("fuzz", help="hostile posts to the webhook")
    fuzz.add_argument("--bodies", type=int, default=50_000, help="how many")
    fuzz.add_argument("--seed", type=int, default=1)
    fuzz.set_defaults(run=_fuzz)
    for each in (faults, fuzz):
        each.add_argument(
            "--write", action="store_true", help="put the tables into docs/proof.md"
        )
    return parser


def _faults(options: argparse.Namespace) -> bool:
    rows = asyncio.run(try_everything())
    content = as_table(rows)
    wrong = [
        f"{row.operation.name}, {row.fault.name}: {each}"
        for row in rows
        for each in row.wrong
    ]
    print(
        content, *wrong, f"{len(rows)} trials, {len(wrong)} promises broken.", sep="\n"
    )
    if options.write:
        page.write("faults", content)
        page.write("sentences", sentences(rows))
    return bool(wrong)


def _fuzz(options: argparse.Namespace) -> bool:
    content, wrong = asyncio.run(fuzz(options.bodies, options.seed))
    print(content, *wrong[:20], sep="\n")
    if options.write:
        page.write("fuzz", content)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
