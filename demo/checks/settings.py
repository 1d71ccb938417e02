"""Settings that are changed in the options' dialog, and what they change."""

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from ..line import ADA, ADA_NUMBER
from ..websocket import RefusedError
from .scene import Scene, expect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_FLOWS = "/api/config/config_entries/options/flow"


async def limit(scene: Scene) -> str:
    """Allow one SMS in a day: no more leaves, unless the limit is to be ignored."""
    data = {"contacts": [scene.entity("notify_ada")], "message": "One too many."}
    before = len(await scene.phone.requests("send-sms"))
    async with _setting(scene, max_per_day=1):
        try:
            await scene.home.perform("cecula_sync.send_sms", data)
        except RefusedError as err:
            key = err.translation_key
        else:
            key = None
        expect(key == "limit_reached", f"the action ended with {key}")
        requests = len(await scene.phone.requests("send-sms")) - before
        expect(requests == 0, f"the provider got {requests} requests, not none")
        alarm = {**data, "message": "Fire!", "ignore_limit": True}
        await scene.home.perform("cecula_sync.send_sms", alarm)
        await scene.arrives(ADA_NUMBER, "Fire!")
    return "a text was refused, a fire alarm left"


async def polling(scene: Scene) -> str:
    """Hear a text by polling, which the provider does not post."""
    text = "Nobody posts this."
    async with _setting(scene, inbound="polling"):
        await scene.phone.act("arm", fault="lost_inbound")
        answer = await scene.phone.act("receive_sms", sender=ADA_NUMBER, text=text)
        expect(answer["webhook"] == [], f"the webhook answered {answer['webhook']}")
        button = scene.entity("button_check_messages")
        await scene.home.perform("button.press", {"entity_id": button})
        data = await scene.event("sms_received", sender=ADA_NUMBER, message=text)
        expect(data["channel"] == "poll", f"the event's channel is {data['channel']}")
        expect(data["contact"] == ADA, f"the event's contact is {data['contact']}")
    return "the button Check for new messages found it"


@asynccontextmanager
async def _setting(scene: Scene, **changes: Any) -> AsyncIterator[None]:
    """Change settings, and change them back in the end."""
    before = await _change(scene, changes)
    try:
        yield
    finally:
        await _change(scene, {name: before[name] for name in changes})


async def _change(scene: Scene, changes: dict[str, Any]) -> dict[str, Any]:
    """Fill the form in with what it shows and some changes; return what it showed."""
    menu = await scene.home.post(_FLOWS, {"handler": scene.stage.line.entry_id})
    path = f"{_FLOWS}/{menu['flow_id']}"
    form = await scene.home.post(path, {"next_step_id": "settings"})
    shown = {field["name"]: _shown(field) for field in form["data_schema"]}
    answer = await scene.home.post(path, shown | changes)
    expect(answer["type"] == "create_entry", f"the form said {answer}")
    return shown


def _shown(field: dict[str, Any]) -> Any:
    suggested = (field.get("description") or {}).get("suggested_value")
    return field.get("default") if suggested is None else suggested
