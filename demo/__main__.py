"""Start the demo, or check it, from the command line."""

import argparse
import asyncio
from pathlib import Path
import signal
import sys
import tempfile
from typing import TYPE_CHECKING

import aiohttp

from . import checks, greeting
from .errors import DemoError
from .folder import ROOT, Folder
from .processes import free_port
from .progress import Progress
from .stage import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

_DEFAULT_PORT = 8123
_DEFAULT_PHONE_PORT = 8765
_LAST_PORT = 65535
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until interrupted, or until all is checked; return the exit code."""
    options = _parser().parse_args(arguments)
    work = _check if options.check else _show
    try:
        return asyncio.run(work(options))
    except DemoError as err:
        print(f"\n{err}", file=sys.stderr)
    except (aiohttp.ClientError, OSError) as err:
        print(f"\nThe demo can't go on: {err!r}", file=sys.stderr)
    except KeyboardInterrupt, asyncio.CancelledError:
        return _INTERRUPTED
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description="Show Cecula Sync in a real Home Assistant, with phones to play.",
    )
    add = parser.add_argument
    add("--check", action="store_true", help="do all of it once, tell, and stop")
    add("--port", type=_port, help=f"of Home Assistant (default: {_DEFAULT_PORT})")
    add(
        "--phone-port",
        type=_port,
        help=f"of the simulator (default: {_DEFAULT_PHONE_PORT})",
    )
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _LAST_PORT:
        message = f"{text} is no port; choose a number from 1024 to {_LAST_PORT}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


async def _show(options: argparse.Namespace) -> int:
    path = ROOT / ".demo"
    note = Folder(path).read_note()
    stage = Stage(
        path,
        Progress(),
        port=options.port or (note.port if note else _DEFAULT_PORT),
        phone_port=options.phone_port
        or (note.phone_port if note else _DEFAULT_PHONE_PORT),
    )
    _stop_on_signals(stage)
    async with stage:
        stage.progress.say(greeting.words(stage))
        try:
            await stage.run()
        except asyncio.CancelledError:
            # Ctrl+C is how the demo is meant to end.
            return 0


async def _check(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="cecula-demo-") as path:
        stage = Stage(
            Path(path),
            Progress(),
            port=options.port or free_port(),
            phone_port=options.phone_port or free_port(),
        )
        _stop_on_signals(stage)
        return await checks.run(stage)


def _stop_on_signals(stage: Stage) -> None:
    """End orderly at the first signal, and at once at the second."""
    task = asyncio.current_task()
    asked: list[int] = []

    def stop(number: int) -> None:
        asked.append(number)
        if len(asked) == 1 and task is not None:
            task.cancel()
        else:
            stage.kill()

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        # Under nohup, the terminal may go.
        numbers.append(signal.SIGHUP)
    for number in numbers:
        asyncio.get_running_loop().add_signal_handler(number, stop, number)


if __name__ == "__main__":
    sys.exit(main())
