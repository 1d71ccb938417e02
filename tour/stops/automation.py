"""An automation on a missed call, made in the visual editor."""

import re
from typing import TYPE_CHECKING

from ..guide import ADA, ADA_NUMBER, until
from ..words import words

if TYPE_CHECKING:
    from ..guide import Tour

_NAME = "Ada rings, and the gate moves"
_SAVED = re.compile(r"/edit/\d+$")
_GATE = "input_boolean.gate"


async def build(tour: Tour) -> str:
    """Put it together by clicking, and save it."""
    screen, page = tour.screen, tour.screen.page
    await screen.open("/config/automation/dashboard")
    await screen.press("Create automation")
    await screen.choose("Create new automation", exact=False)
    await screen.press("Add trigger")
    await screen.choose("Services")
    dialog = page.locator("add-automation-element-dialog")
    await screen.choose(ADA, within=dialog)
    await screen.see(words("triggers.sms_received.name"), within=dialog, exact=False)
    await screen.shot("triggers-of-a-contact", is_key=True)
    missed = words("triggers.call_missed.name")
    await screen.choose(missed, within=dialog, exact=False)
    await screen.read("triggers.call_missed.description")
    await screen.shot("missed-call-trigger", is_key=True)
    await screen.press("Add action")
    await screen.search("gate", within=dialog)
    await screen.choose("Gate", within=dialog)
    await screen.choose("Toggle input boolean", within=dialog, exact=False)
    # Where the screen is narrow, it covers what saves.
    await screen.press("Close", within=page.locator("ha-automation-sidebar"))
    await screen.press("Save")
    await screen.write("Name", _NAME)
    await screen.press("Save")
    await screen.see(_NAME)
    await page.wait_for_url(_SAVED)
    return "it is saved"


async def run(tour: Tour) -> str:
    """Ring the house, and see the automation run."""
    screen, home = tour.screen, tour.house.home

    async def position() -> str:
        gate = await home.state(_GATE)
        return str(gate and gate["state"])

    before = await position()
    await tour.house.phone.act("receive_call", caller=ADA_NUMBER, duration_seconds=0)

    async def has_moved() -> bool:
        return await position() != before

    await until(has_moved, "Ada rang, and the gate did not move.")
    # Where the screen is narrow, the button stands in a menu.
    await screen.page.goto(screen.page.url.replace("/edit/", "/trace/"))
    await screen.read("triggers.call_missed.name")
    await screen.shot("trace")
    return "Ada rang, and the gate moved"
