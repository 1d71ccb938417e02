"""What leaves the house, what it costs, and what must not leave."""

from ..line import ADA, ADA_NUMBER, GRACE, GRACE_NUMBER
from ..websocket import RefusedError
from .scene import EMEKA, PRICE, Scene, expect

LEGACY_ACTIONS = 4
"""One of the line, one of each contact, one of the group."""


async def sms_to_three(scene: Scene) -> str:
    """Send to two numbers, as people type them, and to a contact.

    One of the numbers is a contact's.
    """
    before = len(await scene.phone.requests("send-sms"))
    text = "The front door was opened."
    answer = await scene.home.ask(
        "cecula_sync.send_sms",
        {
            "recipients": ["0803 123 4567", "+44 7911 123456"],
            "contacts": [scene.entity("notify_ada")],
            "message": text,
        },
    )
    reached = {item["recipient"]: item["contact"] for item in answer["recipients"]}
    expect(
        reached == {EMEKA: None, GRACE_NUMBER: GRACE, ADA_NUMBER: ADA},
        f"the recipients in the answer are {reached}",
    )
    statuses = {item["status"] for item in answer["recipients"]}
    expect(statuses == {"queued"}, f"the statuses in the answer are {statuses}")
    expect(answer["rejected"] == [], f"rejected is {answer['rejected']}")
    for number in reached:
        await scene.arrives(number, text)
    requests = len(await scene.phone.requests("send-sms")) - before
    expect(requests == 1, f"the provider got {requests} requests, not one")
    scene.tracking_ids = [item["tracking_id"] for item in answer["recipients"]]
    return f"ids {', '.join(scene.tracking_ids)}, in one request"


async def delivery(scene: Scene) -> str:
    """Hear that what was sent before has been delivered."""
    expect(scene.tracking_ids, "nothing was sent before")
    for tracking_id in scene.tracking_ids:
        await scene.event("sms_status", tracking_id=tracking_id, status="delivered")
    await scene.shows("event_delivery", event_type="delivered")
    return f"{len(scene.tracking_ids)} reports on the bus and in the event entity"


async def call_answered(scene: Scene) -> str:
    """Ring a phone that is answered, and wait for the result."""
    return await _call(scene, answers=True, status="answered")


async def call_not_answered(scene: Scene) -> str:
    """Ring a phone that nobody answers, and wait for the result."""
    return await _call(scene, answers=False, status="not_answered")


async def _call(scene: Scene, *, answers: bool, status: str) -> str:
    await scene.phone.act("set_phone", number=ADA_NUMBER, name=ADA, answers=answers)
    answer = await scene.home.ask(
        "cecula_sync.make_call",
        {"contact": scene.entity("notify_ada"), "wait_for_result": True},
    )
    scene.spent += PRICE
    expect(answer["status"] == status, f"the answer is {answer}")
    expect(answer["recipient"] == ADA_NUMBER, f"the answer is {answer}")
    await scene.event("call_status", call_id=answer["call_id"], status=status)
    await scene.shows("event_outgoing_call", event_type=status)
    return f"call {answer['call_id']}: {answer['status']}"


async def notify_entity(scene: Scene) -> str:
    """Text a contact by its notify entity."""
    entity_id = scene.entity("notify_ada")
    await scene.home.perform(
        "notify.send_message", {"entity_id": entity_id, "message": "Post is here."}
    )
    await scene.arrives(ADA_NUMBER, "Post is here.")
    return entity_id


async def group(scene: Scene) -> str:
    """Text a group by its notify entity: one request, each of its contacts once."""
    before = len(await scene.phone.requests("send-sms"))
    entity_id, text = scene.entity("notify_family"), "Dinner at eight."
    await scene.home.perform(
        "notify.send_message", {"entity_id": entity_id, "message": text}
    )
    for number in (ADA_NUMBER, GRACE_NUMBER):
        await scene.arrives(number, text)
    requests = len(await scene.phone.requests("send-sms")) - before
    expect(requests == 1, f"the provider got {requests} requests, not one")
    sent = [sms for sms in (await scene.phone.line())["sent"] if sms["text"] == text]
    expect(len(sent) == 2, f"{len(sent)} texts left, not two")  # noqa: PLR2004
    return f"{entity_id}, {len(sent)} texts in one request"


async def legacy_actions(scene: Scene) -> str:
    """Text numbers by the line's legacy action, a contact and a group by their own."""
    names = sorted(await legacy_names(scene))
    expect(len(names) == LEGACY_ACTIONS, f"the legacy notify actions are {names}")
    line, ada, family, _ = names
    await scene.home.perform(
        f"notify.{line}", {"message": "Gate is open.", "target": [EMEKA, GRACE_NUMBER]}
    )
    await scene.home.perform(f"notify.{ada}", {"message": "Gate is shut."})
    await scene.home.perform(f"notify.{family}", {"message": "Gate is stuck."})
    for number, text in (
        (EMEKA, "Gate is open."),
        (GRACE_NUMBER, "Gate is open."),
        (ADA_NUMBER, "Gate is shut."),
        (ADA_NUMBER, "Gate is stuck."),
        (GRACE_NUMBER, "Gate is stuck."),
    ):
        await scene.arrives(number, text)
    return ", ".join(f"notify.{name}" for name in (line, ada, family))


async def legacy_names(scene: Scene) -> set[str]:
    """Return the names of the integration's legacy notify actions."""
    actions = await scene.home.command("get_services")
    return {name for name in actions["notify"] if name.startswith("cecula_sync")}


async def no_valid_number(scene: Scene) -> str:
    """Be told clearly that there is nobody to send to, and send nothing."""
    before = len(await scene.phone.requests("send-sms"))
    try:
        await scene.home.perform(
            "cecula_sync.send_sms",
            {"recipients": ["55019", "Ada's new phone"], "message": "Hello?"},
        )
    except RefusedError as err:
        said, key = str(err), err.translation_key
    else:
        said, key = "", None
    expect(key == "no_valid_recipient", f"the action said {said!r}")
    requests = len(await scene.phone.requests("send-sms")) - before
    expect(requests == 0, f"the provider got {requests} requests, not none")
    return f'"{said.removeprefix("Validation error: ")}"'


async def balance(scene: Scene) -> str:
    """See the balance fall by what was spent."""
    start = 500.0
    left = start - scene.spent
    credit = (await scene.phone.line())["credit"]
    expect(credit == left, f"the provider has {credit} left, not {left}")
    entity_id = scene.entity("sensor_balance")

    async def look() -> bool:
        return float(await scene.state(entity_id)) == left

    await scene.until(look, f"{entity_id} did not become {left}")
    return f"{start:g} to {left:g} after {scene.spent / PRICE:g} texts and calls"
