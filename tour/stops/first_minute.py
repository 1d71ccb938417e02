"""The first minute: add the integration, and follow where it leads."""

from typing import TYPE_CHECKING

from ..guide import ADA, ADA_NUMBER
from ..house import PUBLIC_URL
from ..words import words

if TYPE_CHECKING:
    from ..guide import Tour
    from ..screen import Screen

_FORM = "config.step.user"
_SERVER = f"{_FORM}.sections.server"
_CONTACT = "options.step.contact"
_FIRST_TEXT = "options.step.first_text"
_HELLO = "Hello from Home Assistant."


async def add(tour: Tour) -> str:
    """Add the integration with a wrong key, then with the right one."""
    screen, phone = tour.screen, tour.house.phone
    await _open_form(screen)
    await screen.read(f"{_FORM}.description")
    await screen.write(words(f"{_FORM}.data.api_key"), "CCL.mistyped.key")
    await screen.pick(f"{_SERVER}.name")
    await screen.read(f"{_SERVER}.description")
    await screen.write(words(f"{_SERVER}.data.base_url"), phone.api_url)
    await screen.shot("key-and-server")
    await screen.press("Submit")
    await screen.read("config.error.invalid_auth")
    await screen.shot("wrong-key", is_key=True)
    await screen.write(words(f"{_FORM}.data.api_key"), await tour.key())
    await screen.press("Submit")
    await screen.read("options.step.webhook.title")
    return "the wrong key was refused, the right one taken"


async def add_without_address(tour: Tour) -> str:
    """Add it to a house that nothing can be posted to, and have it look by itself."""
    screen, phone = tour.screen, tour.house.phone
    await tour.house.home.command("config/core/update", external_url=None)
    await _open_form(screen)
    await screen.write(words(f"{_FORM}.data.api_key"), await tour.key())
    await screen.pick(f"{_SERVER}.name")
    await screen.write(words(f"{_SERVER}.data.base_url"), phone.api_url)
    await screen.press("Submit")
    await screen.read("options.step.no_webhook.title")
    await screen.read("options.step.no_webhook.description")
    await screen.shot("no-public-address", is_key=True)
    await screen.pick("options.step.no_webhook.menu_options.use_polling")
    await screen.read(f"{_CONTACT}.title")
    await screen.press("Submit")
    await screen.see("Options successfully saved.")
    await screen.finish()
    await screen.see("Cecula Sync")
    return "it looks once a minute"


async def _open_form(screen: Screen) -> None:
    await screen.open("/config/integrations/dashboard")
    await screen.press("Add integration")
    picker = screen.page.locator("dialog-add-integration")
    await screen.search("cecula", within=picker)
    await screen.see("Cecula Sync", within=picker)
    await screen.shot("pick-a-brand")
    await screen.choose("Cecula Sync", within=picker)
    await screen.read(f"{_FORM}.title")


async def let_texts_in(tour: Tour) -> str:
    """Paste the webhook's address, and have it tried by a text and a call."""
    screen, phone = tour.screen, tour.house.phone
    code = screen.page.locator("code").filter(has_text=PUBLIC_URL)
    address = await code.inner_text()
    await screen.read("options.step.webhook.description", webhook_url=address)
    await screen.shot("webhook", is_key=True)
    await tour.paste(address)
    await screen.pick("options.step.webhook.menu_options.test_webhook")
    await screen.read("options.progress.test_webhook", number=await tour.line())
    await screen.shot("webhook-waits", is_key=True)
    await phone.act("receive_sms", sender=ADA_NUMBER, text="Hello house!")
    await screen.read("options.step.test_sms.title")
    await screen.read("options.step.test_sms.description")
    await screen.shot("text-was-heard")
    await screen.pick("options.step.test_sms.menu_options.test_webhook")
    await screen.read("options.progress.test_webhook", number=await tour.line())
    await phone.act("receive_call", caller=ADA_NUMBER, duration_seconds=0)
    await screen.read("options.step.test_call.title")
    await screen.read("options.step.test_call.description")
    await screen.shot("call-was-heard")
    await screen.pick("options.step.test_call.menu_options.go_on")
    await screen.read(f"{_CONTACT}.title")
    return "a text and a call were heard"


async def first_contact(tour: Tour) -> str:
    """Add Ada, with a wrong number first."""
    screen = tour.screen
    await screen.read(f"{_CONTACT}.description")
    await screen.write(words(f"{_CONTACT}.data.name"), ADA)
    await screen.write(words(f"{_CONTACT}.data.number"), "12")
    await screen.press("Submit")
    await screen.read("options.error.number_short_code")
    await screen.shot("first-contact", is_key=True)
    await screen.write(words(f"{_CONTACT}.data.number"), "0818 317 2770")
    await screen.press("Submit")
    await screen.read(f"{_FIRST_TEXT}.title")
    return "Ada is a contact"


async def first_text(tour: Tour) -> str:
    """Send her a first text, and see that it arrived."""
    screen = tour.screen
    line = await tour.line()
    await screen.read(f"{_FIRST_TEXT}.description", contact=ADA, line=line)
    await screen.write(words(f"{_FIRST_TEXT}.data.message"), _HELLO)
    await screen.shot("first-text", is_key=True)
    await screen.press("Submit")
    await screen.read("options.step.text_delivered.title")
    await screen.read("options.step.text_delivered.description", contact=ADA)
    await screen.shot("first-text-arrived", is_key=True)
    await tour.texted(ADA_NUMBER, _HELLO)
    await screen.pick("options.step.text_delivered.menu_options.go_on")
    await screen.see("Options successfully saved.")
    await screen.shot("set-up-is-done")
    await screen.finish()
    return "it arrived"
