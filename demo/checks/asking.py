"""Questions that leave the house by SMS, and how each of them ends."""

import asyncio
from typing import TYPE_CHECKING, Any

from ..line import ADA, ADA_NUMBER, GRACE, GRACE_NUMBER
from .scene import Scene, expect

if TYPE_CHECKING:
    from ..websocket import Json

_ANSWERS = [
    {"id": "coming", "texts": ["yes", "OK"]},
    {"id": "busy", "texts": ["no"]},
]
_ANSWER = "input_text.answer"


async def by_text(scene: Scene) -> str:
    """Ask a contact, who texts one of the answers."""
    asked = _ask(scene, "notify_ada", "The dog is out. Do you fetch it?")
    await _reaches(scene, ADA_NUMBER, "The dog is out. Do you fetch it?")
    await scene.phone.act("receive_sms", sender=ADA_NUMBER, text=" Yes! ")
    answer = await asked
    _expect(
        answer,
        id="coming",
        sentence=" Yes! ",
        sender=ADA_NUMBER,
        contact=ADA,
        answered_by="sms",
    )
    return f'{answer["contact"]} texted "{answer["sentence"].strip()}": {answer["id"]}'


async def by_call(scene: Scene) -> str:
    """Ask a group, of which one rings back and hangs up."""
    question = "The gate is stuck. Ring us if you look after it."
    asked = _ask(scene, "notify_family", question, call_back_answer="coming")
    for number in (ADA_NUMBER, GRACE_NUMBER):
        await _reaches(scene, number, question)
    await scene.phone.act("receive_call", caller=GRACE_NUMBER)
    answer = await asked
    _expect(answer, id="coming", sender=GRACE_NUMBER, contact=GRACE, answered_by="call")
    return f"{answer['contact']} rang and hung up: {answer['id']}"


async def no_answer(scene: Scene) -> str:
    """Ask a contact, who says nothing."""
    question = "Is anybody there?"
    asked = _ask(scene, "notify_ada", question, timeout={"seconds": 1})
    await _reaches(scene, ADA_NUMBER, question)
    _expect(await asked, timed_out=True)
    return "the waiting ended after a second"


async def superseded(scene: Scene) -> str:
    """Ask a contact twice: what she texts answers the newer question alone."""
    older, newer = "Shall we wait with dinner?", "Smoke in the kitchen! Are you safe?"
    asked_first = _ask(scene, "notify_ada", older)
    await _reaches(scene, ADA_NUMBER, older)
    asked_then = _ask(scene, "notify_ada", newer)
    await _reaches(scene, ADA_NUMBER, newer)
    _expect(await asked_first, superseded=True)
    text = "no, get me out"
    await scene.phone.act("receive_sms", sender=ADA_NUMBER, text=text)
    answer = await asked_then
    _expect(answer, sentence=text, sender=ADA_NUMBER, contact=ADA, answered_by="sms")
    return f'the older one ended, the newer one has "{answer["sentence"]}"'


async def by_script(scene: Scene) -> str:
    """Press the dashboard's button, and see the answer there."""
    script = scene.entity("cecula_demo_ask_family")
    await scene.home.perform("script.turn_on", {"entity_id": script})
    question = "Home for dinner? Text yes or no, or ring us if you are."
    for number in (ADA_NUMBER, GRACE_NUMBER):
        await _reaches(scene, number, question)
    await scene.phone.act("receive_sms", sender=GRACE_NUMBER, text="NO.")
    await scene.becomes(_ANSWER, f"{GRACE}: no")
    return f'the dashboard shows "{GRACE}: no"'


def _ask(scene: Scene, key: str, question: str, **fields: Any) -> asyncio.Task[Json]:
    """Ask, while something else goes on."""
    data = {
        "contacts": [scene.entity(key)],
        "question": question,
        "answers": _ANSWERS,
        "timeout": {"seconds": 30},
    }
    return asyncio.create_task(scene.home.ask("cecula_sync.ask", data | fields))


async def _reaches(scene: Scene, number: str, question: str) -> None:
    """Wait until a phone has the question, and Home Assistant knows.

    What comes before the provider has said that it took the question is no answer.
    """
    sms = await scene.arrives(number, question)
    await scene.event("sms_status", tracking_id=sms["tracking_id"], status="sent")


def _expect(answer: Json, **fields: Any) -> None:
    """See that an answer says this, and nothing else."""
    told = {name: value for name, value in answer.items() if value not in (None, False)}
    expect(told == fields, f"the answer is {told}, not {fields}")
