"""Go on the tour from the command line."""

import argparse
import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
import sys
import tempfile
import time
from typing import TYPE_CHECKING

import aiohttp

from demo.errors import DemoError

from . import forms
from .album import Album
from .browser import browsing, find_chromium
from .guide import Tour
from .house import House
from .itinerary import travel
from .looks import DEFAULT_LOOK, LOOKS
from .screen import Screen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from .looks import Look

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Go on the tour; return 1 if something was not as it should be."""
    options = _parser().parse_args(arguments)
    pictures = options.folder or Path(tempfile.mkdtemp(prefix="cecula-tour-"))
    began = time.monotonic()
    try:
        if options.forms:
            asyncio.run(_take_forms(pictures))
        else:
            look = LOOKS[options.look]
            asyncio.run(_go(pictures, look, every_look=options.every_look))
    except KeyboardInterrupt:
        return _INTERRUPTED
    except (DemoError, aiohttp.ClientError, OSError) as err:
        print(f"\n{str(err) or repr(err)}", file=sys.stderr)
        return 1
    print(f"\nAll was there, after {time.monotonic() - began:.0f} s.")
    print(f"The screenshots are in {pictures}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/tour", description=sys.modules[__package__].__doc__
    )
    parser.add_argument(
        "folder", type=Path, nargs="?", help="for the screenshots (default: a new one)"
    )
    parser.add_argument(
        "--look",
        choices=LOOKS,
        default=DEFAULT_LOOK,
        help="in which all is clicked through (default: %(default)s)",
    )
    parser.add_argument(
        "--every-look",
        action="store_true",
        help="take every screenshot light and dark, wide and narrow, not key ones only",
    )
    parser.add_argument(
        "--forms",
        action="store_true",
        help="take the blueprints' forms instead, for docs/images/blueprints",
    )
    return parser


async def _go(pictures: Path, look: Look, *, every_look: bool) -> None:
    album = Album(pictures, look, every_look=every_look)
    with tempfile.TemporaryDirectory(prefix="cecula-tour-house-") as path:
        async with _moving_in(Path(path), album, look) as tour:
            await travel(tour, album)


async def _take_forms(pictures: Path) -> None:
    look = LOOKS[DEFAULT_LOOK]
    album = Album(pictures, look, every_look=False)
    with tempfile.TemporaryDirectory(prefix="cecula-tour-house-") as path:
        forms.lend(Path(path))
        async with _moving_in(Path(path), album, look) as tour:
            await forms.take(tour.screen, pictures)


@asynccontextmanager
async def _moving_in(path: Path, album: Album, look: Look) -> AsyncIterator[Tour]:
    chromium = find_chromium()
    print("Starting the simulator and Home Assistant ...", flush=True)
    async with House(path) as house, browsing(house, chromium, look) as context:
        page = await context.new_page()
        screen = Screen(page, album, house.home.url)
        yield Tour(house=house, screen=screen)


if __name__ == "__main__":
    sys.exit(main())
