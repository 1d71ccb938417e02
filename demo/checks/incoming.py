"""What comes into the house."""

import json

from ..line import ADA, ADA_NUMBER
from .scene import EMEKA, Scene, expect

_GATE = "input_boolean.gate"
_COUNTER = "counter.missed_calls"
_LEAK = "input_boolean.water_leak"
# A template, markup and letters of another alphabet: a text is only ever a text.
_TEXT = "Ẹ káàárọ̀ 🙂 {{ 6 * 7 }} <b>"


async def sms(scene: Scene) -> str:
    """Hear a text as a bus event and in the event entity."""
    answer = await scene.phone.act("receive_sms", sender=ADA_NUMBER, text=_TEXT)
    expect(answer["webhook"] == [200], f"the webhook answered {answer['webhook']}")
    data = await scene.event("sms_received", sender=ADA_NUMBER, message=_TEXT)
    expect(data["contact"] == ADA, f"the event's contact is {data['contact']}")
    expect(data["channel"] == "webhook", f"the event's channel is {data['channel']}")
    await scene.shows("event_sms", event_type="sms_received", message=_TEXT)
    return f"from {data['contact']}, on the bus and in the event entity"


async def missed_call(scene: Scene) -> str:
    """Hear a missed call, and see the automation move the gate."""
    gate = await scene.state(_GATE)
    counted = int(await scene.state(_COUNTER))
    answer = await scene.phone.act("receive_call", caller=ADA_NUMBER)
    expect(answer["webhook"] == [200], f"the webhook answered {answer['webhook']}")
    data = await scene.event("call_received", caller=ADA_NUMBER, answered=False)
    expect(data["contact"] == ADA, f"the event's contact is {data['contact']}")
    await scene.shows("event_incoming_call", event_type="missed_call")
    moved = "off" if gate == "on" else "on"
    await scene.becomes(_GATE, moved)
    await scene.becomes(_COUNTER, str(counted + 1))
    await _ran(scene, "cecula_demo_gate")
    return f"the gate went from {gate} to {moved}, {counted + 1} counted"


async def answered_call(scene: Scene) -> str:
    """Hear an answered call as such; the gate stays as it is."""
    gate = await scene.state(_GATE)
    answer = await scene.phone.act("receive_call", caller=EMEKA, duration_seconds=17)
    expect(answer["webhook"] == [200], f"the webhook answered {answer['webhook']}")
    data = await scene.event("call_received", caller=EMEKA, answered=True)
    expect(data["duration"] == 17, f"the duration is {data['duration']}")  # noqa: PLR2004
    await scene.shows("event_incoming_call", event_type="answered_call")
    expect(await scene.state(_GATE) == gate, "the gate moved")
    return f"{data['duration']} seconds, from a number that is no contact"


async def alert(scene: Scene) -> str:
    """See an automation text a contact when something happens in the house."""
    await scene.home.perform("input_boolean.turn_on", {"entity_id": _LEAK})
    sms = await scene.arrives(
        ADA_NUMBER, "Water leak in the kitchen! Please come home."
    )
    await _ran(scene, "cecula_demo_leak")
    return f'"{sms["text"]}"'


async def _ran(scene: Scene, automation: str) -> None:
    state = await scene.home.state(scene.entity(automation)) or {"attributes": {}}
    ran = state["attributes"].get("last_triggered")
    expect(ran, f"{automation} says that it never ran")


async def refusals(scene: Scene) -> str:
    """See the webhook refuse what is no post of the provider, or not for this line."""
    another = {
        "originator": ADA_NUMBER,
        "receiver": "08031111111",
        "message": "for another house",
        "timeReceived": "2026/02/01 07:37",
    }
    posts = (
        ("garbage", b"\x00 this is no JSON", 400),
        ("another number", json.dumps(another).encode(), 403),
        ("too large", b" " * 70_000, 413),
    )
    for name, body, wanted in posts:
        status = await scene.home.post_raw(scene.stage.line.webhook_url, body)
        expect(status == wanted, f"{name} was answered {status}, not {wanted}")
    heard = scene.happened("sms_received", message=another["message"])
    expect(heard is None, "what was for another number was heard")
    return ", ".join(f"{name}: {status}" for name, _, status in posts)
