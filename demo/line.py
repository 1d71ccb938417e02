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
GRACE = "Grace"
GRACE_NUMBER = "+447911123456"
FAMILY = "Family"
_FLOWS = "/api/config/config_entries/flow"
_OPTIONS_FLOWS = "/api/config/config_entries/options/flow"
_SUBENTRY_FLOWS = "/api/config/config_entries/subentries/flow"
_MOST_STEPS = 10
_ANSWERS: dict[str, dict[str, Any]] = {"form": {}, "menu": {"next_step_id": "go_on"}}
_NUMBERS = {ADA: ADA_NUMBER, GRACE: GRACE_NUMBER}
_ADA = {"name": ADA, "number": ADA_NUMBER}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A dedicated number that is set up."""

    entry_id: str
    webhook_url: str


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


async def have_people(home: Home, line: Line) -> None:
    """Add who is missing of Ada, whom the set-up added, Grace, and their group."""
    known = await people(home, line)
    for name, number in _NUMBERS.items():
        if name not in known:
            await _add(home, line, "contact", {"name": name, "number": number})
    if FAMILY not in known:
        known = await people(home, line)
        members = [known[name] for name in _NUMBERS]
        await _add(home, line, "group", {"name": FAMILY, "contacts": members})


async def people(home: Home, line: Line) -> dict[str, str]:
    """Return the ids of the demo's contacts and group, by what the demo calls them.

    Its user may have renamed them.
    """
    names = {number: name for name, number in _NUMBERS.items()}
    found: dict[str, str] = {}
    for item in await home.command(
        "config_entries/subentries/list", entry_id=line.entry_id
    ):
        is_group = item["subentry_type"] == "group"
        name = FAMILY if is_group else names.get(item["unique_id"])
        if name is not None:
            found.setdefault(name, item["subentry_id"])
    return found


async def _add(home: Home, line: Line, kind: str, answer: Mapping[str, Any]) -> None:
    form = await home.post(_SUBENTRY_FLOWS, {"handler": [line.entry_id, kind]})
    await _walk(home, _SUBENTRY_FLOWS, form, {"user": answer})


async def _set_up(home: Home, phone: Phone) -> Line:
    """Walk through the set-up, and through the options, to which it leads on."""
    answers = {
        "user": {
            "api_key": (await phone.line())["api_key"],
            "server": {"base_url": phone.api_url, "verify_ssl": True},
        }
    }
    form = await home.post(_FLOWS, {"handler": DOMAIN})
    _, created = await _walk(home, _FLOWS, form, answers)
    kind, flow_id = created.get("next_flow") or ("nothing", None)
    if kind != "options_flow":
        message = f"The set-up leads on to {kind}, not to the options."
        raise DemoError(message)
    form = await home.get(f"{_OPTIONS_FLOWS}/{flow_id}")
    shown, _ = await _walk(home, _OPTIONS_FLOWS, form, {"contact": _ADA})
    webhook_url = shown.get("webhook_url")
    if webhook_url is None:
        message = "The options showed no address for the webhook."
        raise DemoError(message)
    return Line(entry_id=created["result"]["entry_id"], webhook_url=webhook_url)


async def _walk(
    home: Home, path: str, form: Json, answers: Mapping[str, Mapping[str, Any]]
) -> tuple[Json, Json]:
    """Answer each form, and go on at each menu; return what was shown and created."""
    shown: Json = {}
    for _ in range(_MOST_STEPS):
        if form["type"] == "create_entry":
            return shown, form
        if form["type"] not in _ANSWERS or form.get("errors"):
            raise _refusal(form)
        shown |= form.get("description_placeholders") or {}
        answer = answers.get(form["step_id"], _ANSWERS[form["type"]])
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
