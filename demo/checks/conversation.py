"""What was said lately, and what the provider says by itself."""

from datetime import datetime

from ..line import ADA, ADA_NUMBER
from .scene import EMEKA, Scene, expect

_REPLY = "Nobody can pick up. Text us."


async def last_message(scene: Scene) -> str:
    """See a text that came and one that left, in the sensor and by the action."""
    await scene.phone.act("receive_sms", sender=ADA_NUMBER, text="On my way.")
    ada = {"contact": scene.entity("notify_ada")}
    wanted = [("out", ADA, "Drive safely."), ("in", ADA, "On my way.")]
    await scene.event("sms_received", message="On my way.")
    await scene.home.perform(
        "notify.send_message",
        {"entity_id": ada["contact"], "message": "Drive safely."},
    )
    await scene.arrives(ADA_NUMBER, "Drive safely.")
    for key in ("sensor_last_message", "sensor_ada"):
        state = await scene.home.state(scene.entity(key)) or {"attributes": {}}
        messages = state["attributes"].get("messages", [])
        expect(_said(messages)[:2] == wanted, f"{key} has {messages}")
        told, newest = map(_second, (state["state"], messages[0]["time"]))
        expect(told == newest, f"{key} is {told}, not {newest}")
    answer = await scene.home.ask("cecula_sync.get_messages", {**ada, "limit": 2})
    expect(_said(answer["messages"]) == wanted, f"the action returned {answer}")
    return "in the sensors of the number and of the contact, and by the action"


def _said(messages: list[dict[str, str]]) -> list[tuple[str, str, str]]:
    return [(each["direction"], each["contact"], each["text"]) for each in messages]


def _second(time: str) -> datetime:
    return datetime.fromisoformat(time).replace(microsecond=0)


async def auto_reply(scene: Scene) -> str:
    """Have the provider answer calls, and no longer."""
    action = "cecula_sync.set_auto_reply"
    await scene.home.perform(action, {"kind": "call", "message": _REPLY})
    await scene.phone.act("receive_call", caller=EMEKA)
    await scene.arrives(EMEKA, _REPLY)
    await scene.home.perform(action, {"kind": "call"})
    kept = (await scene.phone.line())["call_auto_reply"]
    expect(kept == "", f"the reply is still {kept!r}")
    return f'"{_REPLY}", and off again'


async def refresh_sim(scene: Scene) -> str:
    """Free a SIM whose messages are frozen."""
    await scene.phone.act("set_line", frozen=True)
    button = scene.entity("button_refresh_sim")
    await scene.home.perform("button.press", {"entity_id": button})
    frozen = (await scene.phone.line())["frozen"]
    expect(not frozen, "the SIM is frozen")
    return "frozen before, and not after"
