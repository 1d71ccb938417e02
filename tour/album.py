"""The screenshots of a tour, each in one look or in all."""

import asyncio
from typing import TYPE_CHECKING

from .looks import LOOKS

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from playwright.async_api import Locator, Page

    from .looks import Look

# What grows or fades in has come to rest by then; what counts seconds never does.
_MOST_TRIES = 20
_SECONDS_BETWEEN = 0.1


class Album:
    """A folder of screenshots, numbered as they were taken."""

    def __init__(self, folder: Path, look: Look, *, every_look: bool) -> None:
        """Take where they go, the tour's look, and whether all are in every look."""
        self._folder = folder
        self._look = look
        self._every_look = every_look
        self._count = 0
        folder.mkdir(parents=True, exist_ok=True)

    async def add(self, page: Page, name: str, *, is_key: bool = False) -> None:
        """Take a page as it is; if it is a key one, in the other looks too."""
        self._count += 1
        await self._take(page, name, self._look)
        if is_key or self._every_look:
            others = [look for look in LOOKS.values() if look is not self._look]
            await self._take_in(page, name, others)

    async def add_failure(self, page: Page) -> Path:
        """Take a page that is not as it should be."""
        self._count += 1
        return await self._take(page, "failure", self._look)

    async def _take_in(self, page: Page, name: str, looks: Collection[Look]) -> None:
        try:
            for look in looks:
                await _dress(page, look)
                await self._take(page, name, look)
        finally:
            await _dress(page, self._look)

    async def _take(self, page: Page, name: str, look: Look) -> Path:
        path = self._folder / f"{self._count:02}-{name}.{look.name}.png"
        path.write_bytes(await at_rest(page))
        return path


async def _dress(page: Page, look: Look) -> None:
    await page.emulate_media(color_scheme=look.colours)
    await page.set_viewport_size(look.size)


async def at_rest(seen: Page | Locator) -> bytes:
    """Return a screenshot, of a page or a part, that is like the one before it."""
    shot = b""
    for _ in range(_MOST_TRIES):
        before, shot = shot, await seen.screenshot(animations="disabled")
        if shot == before:
            break
        await asyncio.sleep(_SECONDS_BETWEEN)
    return shot
