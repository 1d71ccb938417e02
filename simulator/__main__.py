"""Start the simulator from the command line."""

import argparse
import asyncio
from datetime import timedelta
import errno
import json
from pathlib import Path
import signal
import sys
from typing import TYPE_CHECKING, Any

from . import snapshot
from .faults import WEBHOOK_KINDS
from .line import Line, Subscription
from .server import Simulator
from .switches import Switches
from .world import World

if TYPE_CHECKING:
    from collections.abc import Sequence

DEMO_KEY = "CCL.demo.secret"
DEMO_NUMBER = "+2348176470634"
DEMO_CREDIT = 500.0
DEMO_PHONES = {
    "+2348183172770": "Ada",
    "+2348031234567": "Emeka",
    "+447911123456": "Grace (UK)",
}
DEFAULT_PORT = 8765
A_YEAR = timedelta(days=365)
_SAVE_AFTER = 0.3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until interrupted; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return asyncio.run(_serve(options))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulator", description="Play Cecula Sync's API on 127.0.0.1."
    )
    add = parser.add_argument
    add("--port", type=int, default=DEFAULT_PORT, help="0 picks a free one")
    add("--state", type=Path, metavar="FILE", help="keep the world over restarts")
    add("--api-key", help=f"of the line (default: {DEMO_KEY})")
    add("--msisdn", help=f"number of the line (default: {DEMO_NUMBER})")
    add("--credit", type=float, help=f"of the line (default: {DEMO_CREDIT:g})")
    add("--webhook", metavar="URL", help="for all four kinds")
    for kind in ("sms", "call", "sms-status", "call-status"):
        add(f"--webhook-{kind}", metavar="URL", help="for this kind")
    add(
        "--switch",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="set a switch of the line; the value is JSON or plain text",
    )
    return parser


async def _serve(options: argparse.Namespace) -> int:
    world = World()
    _furnish(world, options)
    simulator = Simulator(world)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await simulator.start(options.port)
    except OSError as error:
        raise ValueError(_words_for(error, options.port)) from error
    _greet(simulator)
    try:
        await _keep(world, options.state, stop)
    finally:
        await simulator.stop()
    return 0


def _words_for(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use; choose another with --port, or 0 for any."
    return f"Port {port} cannot be opened: {error.strerror}."


def _furnish(world: World, options: argparse.Namespace) -> None:
    """Bring back what was kept; what the command line says comes on top."""
    if options.state is not None and options.state.exists():
        snapshot.load(world, options.state)
    else:
        for number, name in DEMO_PHONES.items():
            world.set_phone(number, name=name)
    line = _line(world, options)
    if options.api_key is not None:
        line.api_key = options.api_key
    if options.credit is not None:
        line.update({"credit": options.credit})
    if options.webhook is not None:
        line.webhooks.set(options.webhook)
    for kind in WEBHOOK_KINDS:
        if url := getattr(options, f"webhook_{kind}"):
            line.webhooks.set(url, kind)
    line.switches.update(dict(_switch(each) for each in options.switch))


def _line(world: World, options: argparse.Namespace) -> Line:
    number = options.msisdn or (world.lines[0].msisdn if world.lines else DEMO_NUMBER)
    try:
        return world.line(number)
    except LookupError:
        return world.add_line(
            api_key=options.api_key or DEMO_KEY,
            msisdn=number,
            credit=DEMO_CREDIT,
            switches=Switches.demo(),
            subscription=Subscription(expires=world.now() + A_YEAR),
        )


def _switch(setting: str) -> tuple[str, Any]:
    name, _, value = setting.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _greet(simulator: Simulator) -> None:
    _say(f"The phone:    {simulator.url}")
    _say(f"API base URL: {simulator.base_url}")
    for line in simulator.lines:
        _say(f"Line:         {line.msisdn}, API key {line.api_key}")


async def _keep(world: World, path: Path | None, stop: asyncio.Event) -> None:
    """Keep the state on disk as it changes, until it is time to stop."""
    stopped = asyncio.create_task(stop.wait())
    while not stopped.done():
        changed = asyncio.create_task(world.watch().wait())
        _save(world, path)
        await asyncio.wait((stopped, changed), return_when=asyncio.FIRST_COMPLETED)
        changed.cancel()
        await asyncio.wait((stopped,), timeout=_SAVE_AFTER)
    _save(world, path)


def _save(world: World, path: Path | None) -> None:
    if path is not None:
        snapshot.save(world, path)


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
