"""The pictures of the blueprints' forms, as docs/blueprints.md shows them."""

from io import BytesIO
import re
import shutil
from typing import TYPE_CHECKING

from PIL import Image

from demo.folder import ROOT

from .album import at_rest
from .errors import TourError

if TYPE_CHECKING:
    from pathlib import Path

    from .screen import Screen

_FOLDER = ROOT / "blueprints" / "automation" / "cecula_sync"
_NAME = re.compile(r'^  name: "(.+)"$', re.MULTILINE)
# Narrow enough for a page, wide enough for the form's two columns; so high that the
# button that floats at the screen's end is below each form.
_WIDTH, _HEIGHT = 844, 4000
_COLOURS = 160


def lend(house: Path) -> None:
    """Put the blueprints where a house that is not started yet will find them."""
    shutil.copytree(_FOLDER, house / "blueprints" / "automation" / _FOLDER.name)


async def take(screen: Screen, pictures: Path) -> None:
    """Open the form of each blueprint as a user does, and take it."""
    page = screen.page
    await page.set_viewport_size({"width": _WIDTH, "height": _HEIGHT})
    for blueprint in sorted(_FOLDER.glob("*.yaml")):
        await screen.open("/config/blueprint/dashboard")
        await screen.choose(_name(blueprint))
        form = page.locator("blueprint-automation-editor ha-card.blueprint")
        await form.get_by_role("heading", name="Blueprint").wait_for()
        # The fields come one after the other; that which is pointed at looks pressed.
        await page.wait_for_load_state("networkidle")
        await page.mouse.move(0, 0)
        picture = pictures / f"{blueprint.stem}.png"
        _keep(await at_rest(form), picture)
        print(f"✓ {picture.name}: {picture.stat().st_size // 1000} kB", flush=True)


def _name(blueprint: Path) -> str:
    found = _NAME.search(blueprint.read_text(encoding="utf-8"))
    if found is None:
        message = f"{blueprint.name} has no name."
        raise TourError(message)
    return found[1]


def _keep(shot: bytes, picture: Path) -> None:
    """Write a screenshot with few colours, which a form has; that is a third."""
    with Image.open(BytesIO(shot)) as image:
        image.convert("RGB").quantize(_COLOURS).save(picture, optimize=True)
