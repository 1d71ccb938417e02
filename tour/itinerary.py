"""The tour: its stops in order, and how each went."""

from collections.abc import Awaitable, Callable
import time
from typing import TYPE_CHECKING

from demo.checks.log import complaints

from .errors import TourError
from .guide import Tour
from .stops import automation, first_minute, incoming, later, people, sending

if TYPE_CHECKING:
    from .album import Album

type Stop = Callable[[Tour], Awaitable[str]]

STOPS: tuple[tuple[str, Stop], ...] = (
    ("The integration is added, with a wrong key first", first_minute.add),
    ("The guide: the webhook, tried at once", first_minute.let_texts_in),
    ("The guide: the first contact", first_minute.first_contact),
    ("The guide: a first text", first_minute.first_text),
    ("Another contact, later", people.add_contact),
    ("A group", people.add_group),
    ("A text from the contact's own page", sending.from_the_device),
    ("A text by the actions tool", sending.by_action),
    ("A text comes in", incoming.text),
    ("The logbook", incoming.logbook),
    ("An automation on a missed call", automation.build),
    ("The automation runs", automation.run),
    ("The settings", later.settings),
    ("The webhook is tested again", later.test_webhook),
    ("The number is removed", later.remove),
    ("It is added where there is no public address", first_minute.add_without_address),
)


async def travel(tour: Tour, album: Album) -> None:
    """Go from stop to stop; raise `TourError` where one is not as it should be."""
    # Only scripts/tour installs it.
    from playwright.async_api import Error  # noqa: PLC0415

    for name, stop in STOPS:
        started = time.monotonic()
        try:
            seen = await stop(tour)
        except (Error, TourError) as err:
            picture = await album.add_failure(tour.screen.page)
            message = f"✗ {name}: {err}\n\nThis is what was there: {picture}"
            raise tour.house.process.explained(TourError(message)) from err
        print(f"✓ {name} ({time.monotonic() - started:.1f} s): {seen}", flush=True)
    faults = [*tour.screen.faults, *complaints(tour.house.process.words())]
    if faults:
        message = "The browser or Home Assistant complained:\n" + "\n".join(faults)
        raise TourError(message)
