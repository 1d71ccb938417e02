"""What the options offer later, and the way out."""

from typing import TYPE_CHECKING

from ..guide import GRACE_NUMBER, INTEGRATION
from ..words import words

if TYPE_CHECKING:
    from ..guide import Tour

_OPTIONS = "options.step"


async def settings(tour: Tour) -> str:
    """Look at what can be set."""
    screen = tour.screen
    await screen.open(INTEGRATION)
    await screen.press("Configure")
    await screen.read(f"{_OPTIONS}.init.title")
    await screen.shot("options", is_key=True)
    await screen.pick(f"{_OPTIONS}.init.menu_options.settings")
    await screen.see(words(f"{_OPTIONS}.settings.data_description.max_per_day"))
    await screen.shot("settings", is_key=True)
    await screen.press("Submit")
    await screen.see("Options successfully saved.")
    await screen.finish()
    return "they can be kept as they are"


async def test_webhook(tour: Tour) -> str:
    """Try the webhook again, live."""
    screen = tour.screen
    await screen.press("Configure")
    await screen.pick(f"{_OPTIONS}.init.menu_options.test_webhook")
    await screen.read("options.progress.test_webhook", number=await tour.line())
    await tour.house.phone.act("receive_sms", sender=GRACE_NUMBER, text="Can you hear?")
    await screen.read(f"{_OPTIONS}.test_sms.title")
    await screen.shot("webhook-tested-again")
    await screen.pick(f"{_OPTIONS}.test_sms.menu_options.go_on")
    await screen.finish()
    return "a text was heard"


async def remove(tour: Tour) -> str:
    """Delete the number, and see that nothing of it is left."""
    screen, page = tour.screen, tour.screen.page
    await screen.open(INTEGRATION)
    line = await screen.see(await tour.line())
    entry = page.locator("ha-config-entry-row")
    await screen.menu("Delete", within=entry)
    await screen.shot("delete", is_key=True)
    await screen.press("Delete")
    await line.wait_for(state="hidden")
    await screen.open("/config/integrations/dashboard")
    # Home Assistant's own, which are shown together with ours.
    await screen.see("Backup")
    await screen.miss("Cecula Sync")
    await screen.shot("removed")
    return "nothing of it is left"
