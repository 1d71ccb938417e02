"""A text that comes in, and where it is seen."""

from functools import partial
from typing import TYPE_CHECKING

from ..guide import ADA, ADA_NUMBER, INTEGRATION, until
from ..words import words

if TYPE_CHECKING:
    from playwright.async_api import Locator

    from ..guide import Tour

_TEXT = "I am on my way."
_TYPES = "entity.event.contact.state_attributes.event_type.state"


async def text(tour: Tour) -> str:
    """See a contact's text on its event entity."""
    screen, page = tour.screen, tour.screen.page
    await screen.open(INTEGRATION)
    await screen.choose(ADA, within=page.locator("ha-config-entry-device-row"))
    await screen.see("Events")
    await tour.house.phone.act("receive_sms", sender=ADA_NUMBER, text=_TEXT)
    events = page.locator("ha-device-entities-card").filter(has_text="Events")
    await screen.see(words(f"{_TYPES}.sms_received"), within=events)
    await screen.shot("contact-texted")
    await screen.choose(ADA, within=events)
    dialog = page.locator("ha-more-info-dialog")
    await screen.see(words(f"{_TYPES}.sms_received"), within=dialog)
    await screen.shot("event", is_key=True)
    await screen.menu("Details", within=dialog)
    await until(partial(_shows, dialog, _TEXT), "The event's details lack the text.")
    await screen.shot("event-details")
    await screen.close()
    return "its event entity has the text"


async def _shows(dialog: Locator, text: str) -> bool:
    """Tell whether an attribute is shown, whose text no locator finds."""
    values = dialog.locator("ha-attribute-value")
    read = "values => values.map(value => value.shadowRoot.textContent)"
    return text in await values.evaluate_all(read)


async def logbook(tour: Tour) -> str:
    """See in the logbook who texted."""
    screen = tour.screen
    await screen.open("/logbook")
    await screen.see(f"from {ADA} ({ADA_NUMBER})", exact=False)
    await screen.shot("logbook", is_key=True)
    return "the logbook names who texted"
