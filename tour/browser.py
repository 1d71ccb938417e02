"""The browser: this machine's Chromium, with nothing in it but a login."""

from contextlib import asynccontextmanager
import json
import shutil
import time
from typing import TYPE_CHECKING

from .errors import TourError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import BrowserContext

    from .house import House
    from .looks import Look

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_HOUR_MS = 3_600_000
# Its first page takes up to 20 seconds where all else is slow, too.
PATIENCE_MS = 20_000


def find_chromium() -> str:
    """Return where Chromium is; raise `TourError` where there is none."""
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    message = (
        "The tour needs Chromium, and there is none here. Install it (on Debian and "
        "Ubuntu: apt install chromium, or chromium-browser), or Google Chrome; its "
        "command must be found in PATH under one of these names: " + ", ".join(_NAMES)
    )
    raise TourError(message)


@asynccontextmanager
async def browsing(
    house: House, chromium: str, look: Look
) -> AsyncIterator[BrowserContext]:
    """Open a browser in which the owner of a house is logged in."""
    # Only scripts/tour installs it.
    from playwright.async_api import async_playwright  # noqa: PLC0415

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=list(_ARGUMENTS)
        )
        context = await browser.new_context(
            viewport=look.size,
            color_scheme=look.colours,
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Africa/Lagos",
        )
        context.set_default_timeout(PATIENCE_MS)
        await context.add_init_script(_login(house))
        try:
            yield context
        finally:
            await browser.close()


def _login(house: House) -> str:
    """Return a script that leaves the token where the frontend looks for it."""
    tokens = {
        "access_token": house.token,
        "clientId": house.home.client_id,
        "expires": round(time.time() * 1000) + _HOUR_MS,
        "expires_in": _HOUR_MS // 1000,
        "hassUrl": house.home.url,
        "refresh_token": "",
        "token_type": "Bearer",
    }
    value = json.dumps(json.dumps(tokens))
    return f"localStorage.setItem('hassTokens', {value});"
