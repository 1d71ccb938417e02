"""Run a trial from the command line."""

import argparse
import asyncio
from pathlib import Path
from random import Random, randrange
import shutil
import sys
import tempfile
import time
from typing import TYPE_CHECKING

import aiohttp

from demo.errors import DemoError

from . import start
from .crash import CrashTest
from .house import House

if TYPE_CHECKING:
    from collections.abc import Sequence

_DEFAULT_KILLS = 50
_MOST_SEEDS = 1_000_000
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a trial; return 1 where something was lost or doubled."""
    options = _parser().parse_args(arguments)
    path = Path(tempfile.mkdtemp(prefix=f"cecula-{options.trial}-"))
    began = time.monotonic()
    try:
        violations = asyncio.run(_TRIALS[options.trial](path, options))
    except KeyboardInterrupt:
        return _INTERRUPTED
    except (DemoError, aiohttp.ClientError, OSError) as err:
        violations = [f"The trial can't go on: {str(err) or repr(err)}"]
    print("\n".join(violations) or "Nothing lost, nothing doubled.")
    print(f"It took {time.monotonic() - began:.0f} s.")
    if violations:
        print(f"Logs and the witness's notes are kept in {path}")
        return 1
    shutil.rmtree(path)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m trials", description=sys.modules[__package__].__doc__
    )
    trials = parser.add_subparsers(dest="trial", required=True)
    crash = trials.add_parser("crash", help="kill Home Assistant again and again")
    crash.add_argument("--kills", type=int, default=_DEFAULT_KILLS, help="how often")
    crash.add_argument("--seed", type=int, help="of all that is left to chance")
    trials.add_parser("start", help="restart Home Assistant while texts come in")
    return parser


async def _crash(path: Path, options: argparse.Namespace) -> list[str]:
    seed = randrange(_MOST_SEEDS) if options.seed is None else options.seed
    print(f"Seed {seed}. Setting up a house in {path} ...", flush=True)
    async with House(path) as house:
        trial = CrashTest(house, Random(seed), kills=options.kills)
        verdict = await trial.run()
    print(f"\n{verdict.table()}\n")
    return verdict.violations + house.complaints()


async def _start(path: Path, _: argparse.Namespace) -> list[str]:
    print(f"Setting up a house in {path} ...", flush=True)
    async with House(path, automations=start.AUTOMATIONS) as house:
        outcome = await start.run(house)
    print(f"\n{start.table(outcome)}\n")
    return start.violations(outcome) + house.complaints()


_TRIALS = {"crash": _crash, "start": _start}

if __name__ == "__main__":
    sys.exit(main())
