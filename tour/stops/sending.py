"""Texts that leave the house, by what the frontend offers."""

from typing import TYPE_CHECKING

from ..guide import ADA, ADA_NUMBER, INTEGRATION
from ..words import words

if TYPE_CHECKING:
    from ..guide import Tour

_FROM_DEVICE = "The front door was opened."
_BY_ACTION = "Dinner is ready."
_SEND = "services.send_sms"


async def from_the_device(tour: Tour) -> str:
    """Go from a contact's page to an action that texts it, and run it once."""
    screen, page = tour.screen, tour.screen.page
    await screen.open(INTEGRATION)
    await screen.choose(ADA, within=page.locator("ha-config-entry-device-row"))
    await screen.see("Notifiers")
    await screen.see("Service info")
    await screen.shot("contact", is_key=True)
    await screen.press("Add to…")
    # The first of this name makes an automation.
    action = page.get_by_text("Create as a new action", exact=True)
    await action.filter(visible=True).last.click()
    await screen.choose("Send a notification message", exact=False)
    message = screen.row("Your notification message").locator(":is(textarea, input)")
    await message.locator("visible=true").first.fill(_FROM_DEVICE)
    await screen.menu("Run action", within=page.locator("ha-automation-sidebar"))
    await screen.see("Action ran successfully")
    await screen.shot("sent-from-the-contact")
    await tour.texted(ADA_NUMBER, _FROM_DEVICE)
    return "Ada got a text"


async def by_action(tour: Tour) -> str:
    """Send by the actions tool, and see that it arrived."""
    screen, page = tour.screen, tour.screen.page
    await screen.open("/config/tools/action")
    await page.locator("ha-service-picker").click()
    picker = page.locator("ha-picker-combo-box")
    await screen.search(words(f"{_SEND}.name"), within=picker)
    await screen.choose("cecula_sync.send_sms", within=picker)
    await screen.read(f"{_SEND}.description")
    fields = f"{_SEND}.fields"
    message = screen.row(words(f"{fields}.message.description"))
    await message.locator("textarea").fill(_BY_ACTION)
    contacts = screen.row(words(f"{fields}.contacts.description"))
    await contacts.locator("ha-checkbox").click()
    await contacts.get_by_text("Select an entity").click()
    await screen.choose(ADA, within=picker)
    await screen.shot("send-sms-folded", is_key=True)
    await screen.choose(words(f"{_SEND}.sections.more_options.name"), exact=False)
    waits = screen.row(words(f"{fields}.wait_for_delivery.description"))
    await waits.locator("ha-switch").click()
    await screen.shot("send-sms", is_key=True)
    await screen.press("Perform action")
    await screen.see("Response")
    await page.locator(".cm-line").filter(has_text="status: delivered").wait_for()
    await page.get_by_text("Copy to clipboard as template").scroll_into_view_if_needed()
    await screen.shot("send-sms-response")
    await tour.texted(ADA_NUMBER, _BY_ACTION)
    return "Ada got a text, and the response says so"
