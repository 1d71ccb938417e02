"""What leaves the house, what it costs, and what must not leave."""

from ..line import ADA, ADA_NUMBER
from ..websocket import RefusedError
from .scene import EMEKA, GRACE, PRICE, Scene, expect


async def sms_to_three(scene: Scene) -> str:
    """Send to two numbers, as people type them, and to a contact."""
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
        reached == {EMEKA: None, GRACE: None, ADA_NUMBER: ADA},
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


async def legacy_actions(scene: Scene) -> str:
    """Text numbers by the line's legacy action, a contact by its own."""
    names = sorted(await legacy_names(scene))
    expect(len(names) == 2, f"the legacy notify actions are {names}")  # noqa: PLR2004
    line, contact = names
    await scene.home.perform(
        f"notify.{line}", {"message": "Gate is open.", "target": [EMEKA, GRACE]}
    )
    await scene.home.perform(f"notify.{contact}", {"message": "Gate is shut."})
    for number, text in (
        (EMEKA, "Gate is open."),
        (GRACE, "Gate is open."),
        (ADA_NUMBER, "Gate is shut."),
    ):
        await scene.arrives(number, text)
    return " and ".join(f"notify.{name}" for name in names)


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
