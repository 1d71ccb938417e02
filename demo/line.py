"""The dedicated number in Home Assistant: set up as a person does, in its dialogs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yarl import URL

from .errors import DemoError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .folder import Note
    from .home import Home
    from .phone import Phone
    from .websocket import Json

DOMAIN = "cecula_sync"
ADA = "Ada"
ADA_NUMBER = "+2348183172770"
_FLOWS = "/api/config/config_entries/flow"
_CONTACT_FLOWS = "/api/config/config_entries/subentries/flow"
_MOST_STEPS = 10
_CONTACT_ANSWERS = {"user": {"name": ADA, "number": ADA_NUMBER}}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A dedicated number that is set up."""

    entry_id: str
    webhook_url: str
    contact_flow: str | None = None
    """The dialog of the first contact, where the set-up leads on to it."""


async def have_line(home: Home, phone: Phone, note: Note | None) -> Line:
    """Return the number as it was set up before, or set it up.

    Which server an entry talks to can't be asked, so it is remembered.
    """
    entries = await home.command("config_entries/get", domain=DOMAIN)
    ids = {entry["entry_id"] for entry in entries}
    if note is None or note.entry_id not in ids:
        return await _set_up(home, phone)
    if note.phone_port != URL(phone.url).port:
        await home.delete(f"/api/config/config_entries/entry/{note.entry_id}")
        return await _set_up(home, phone)
    url = URL(note.webhook_url).with_port(URL(home.url).port)
    return Line(entry_id=note.entry_id, webhook_url=str(url))


async def have_contact(home: Home, line: Line) -> None:
    """Add Ada, unless she is there; after the set-up, where that leads on to."""
    subentries = await home.command(
        "config_entries/subentries/list", entry_id=line.entry_id
    )
    if any(item["unique_id"] == ADA_NUMBER for item in subentries):
        return
    form = await (
        home.get(f"{_CONTACT_FLOWS}/{line.contact_flow}")
        if line.contact_flow
        else home.post(_CONTACT_FLOWS, {"handler": [line.entry_id, "contact"]})
    )
    await _walk(home, _CONTACT_FLOWS, form, _CONTACT_ANSWERS)


async def _set_up(home: Home, phone: Phone) -> Line:
    """Walk through the set-up."""
    answers = {
        "user": {
            "api_key": (await phone.line())["api_key"],
            "server": {"base_url": phone.api_url, "verify_ssl": True},
        }
    }
    form = await home.post(_FLOWS, {"handler": DOMAIN})
    shown, created = await _walk(home, _FLOWS, form, answers)
    webhook_url = shown.get("webhook_url")
    if webhook_url is None:
        message = "The set-up showed no address for the webhook."
        raise DemoError(message)
    kind, flow_id = created["next_flow"]
    if kind != "config_subentries_flow":
        message = f"The set-up leads on to {kind}, not to the first contact."
        raise DemoError(message)
    return Line(
        entry_id=created["result"]["entry_id"],
        webhook_url=webhook_url,
        contact_flow=flow_id,
    )


async def _walk(
    home: Home, path: str, form: Json, answers: Mapping[str, Mapping[str, Any]]
) -> tuple[Json, Json]:
    """Answer each form; return what the forms showed, and what was created."""
    shown: Json = {}
    for _ in range(_MOST_STEPS):
        if form["type"] == "create_entry":
            return shown, form
        if form["type"] != "form" or form.get("errors"):
            raise _refusal(form)
        shown |= form.get("description_placeholders") or {}
        answer = answers.get(form["step_id"], {})
        form = await home.post(f"{path}/{form['flow_id']}", answer)
    message = f"The set-up has more than {_MOST_STEPS} steps."
    raise DemoError(message)


def _refusal(form: Json) -> DemoError:
    if form.get("reason") == "already_configured":
        return DemoError(
            "The demo's number is set up, but not by the demo. Remove it in Home "
            "Assistant, under Settings > Devices & services, or delete the folder "
            ".demo; then start the demo again."
        )
    words = form.get("errors") or form.get("reason") or form["type"]
    return DemoError(f"The set-up did not take the demo's answers: {words}")
