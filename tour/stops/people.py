"""Whom the house can text: contacts and groups, on the integration's page."""

from typing import TYPE_CHECKING

from ..guide import ADA, FAMILY, GRACE, GRACE_NUMBER, INTEGRATION
from ..words import words

if TYPE_CHECKING:
    from ..guide import Tour

_CONTACT = "config_subentries.contact"
_GROUP = "config_subentries.group"


async def add_contact(tour: Tour) -> str:
    """Add Grace, whose number is one of another country."""
    screen = tour.screen
    await screen.open(INTEGRATION)
    await screen.see(await tour.line())
    await screen.see(ADA)
    await screen.press(words(f"{_CONTACT}.initiate_flow.user"))
    await screen.read(f"{_CONTACT}.step.user.title")
    await screen.write(words(f"{_CONTACT}.step.user.data.name"), GRACE)
    await screen.write(words(f"{_CONTACT}.step.user.data.number"), "07911 123456")
    await screen.press("Submit")
    await screen.read(f"{_CONTACT}.error.number_not_valid")
    await screen.shot("number-without-country", is_key=True)
    await screen.write(words(f"{_CONTACT}.step.user.data.number"), "+44 7911 123456")
    await screen.press("Submit")
    await screen.read(f"{_CONTACT}.create_entry.created", number=GRACE_NUMBER)
    await screen.shot("contact-is-added")
    await screen.finish()
    await screen.see(GRACE)
    return "Grace is a contact"


async def add_group(tour: Tour) -> str:
    """Put both into a group."""
    screen = tour.screen
    await screen.press(words(f"{_GROUP}.initiate_flow.user"))
    await screen.read(f"{_GROUP}.step.user.title")
    await screen.read(f"{_GROUP}.step.user.description")
    await screen.write(words(f"{_GROUP}.step.user.data.name"), FAMILY)
    for name in (ADA, GRACE):
        dialog = screen.page.locator("dialog-data-entry-flow")
        await screen.choose(name, within=dialog)
    await screen.shot("group", is_key=True)
    await screen.press("Submit")
    await screen.finish()
    await screen.see(FAMILY)
    await screen.shot("integration", is_key=True)
    return "the family is a group"
