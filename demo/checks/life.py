"""What a house goes through: a reload, a restart, and that the number is removed."""

from ..line import ADA_NUMBER, DOMAIN
from .outgoing import LEGACY_ACTIONS, legacy_names
from .scene import Memory, Scene, expect

# What has to survive a restart, beside what the integration is.
_LASTING = ("input_boolean.gate", "input_boolean.water_leak", "counter.missed_calls")
_ENTRY = "/api/config/config_entries/entry"


async def set_up(scene: Scene) -> str:
    """See the number loaded, its device there, and the page served."""
    entries = await scene.home.command("config_entries/get", domain=DOMAIN)
    states = [entry["state"] for entry in entries]
    expect(states == ["loaded"], f"the entries are {states}")
    page = await scene.home.get_text("/")
    expect("<home-assistant" in page, "the page is not Home Assistant's")
    return f"{entries[0]['title']}, {len(await _entities(scene))} entities"


async def reload(scene: Scene) -> str:
    """Reload the number, then text in and out."""
    entry_id = scene.stage.line.entry_id
    await scene.home.post(f"{_ENTRY}/{entry_id}/reload")
    await _works(scene, "after the reload")
    names = await legacy_names(scene)
    expect(len(names) == LEGACY_ACTIONS, f"the legacy notify actions are {names}")
    return "a text out, a text in"


async def _works(scene: Scene, text: str) -> None:
    await scene.home.ask(
        "cecula_sync.send_sms",
        {"contacts": [scene.entity("notify_ada")], "message": text},
    )
    await scene.arrives(ADA_NUMBER, text)
    answer = await scene.phone.act("receive_sms", sender=ADA_NUMBER, text=text)
    expect(answer["webhook"] == [200], f"the webhook answered {answer['webhook']}")
    await scene.event("sms_received", message=text)
    await scene.shows("event_sms", message=text)


async def remember(scene: Scene) -> Memory:
    """Note what must be the same after a restart."""
    return {
        "entry": scene.stage.line.entry_id,
        "webhook": scene.stage.line.webhook_url,
        "entities": scene.stage.entities,
        "states": {entity_id: await scene.state(entity_id) for entity_id in _LASTING},
        "legacy actions": await legacy_names(scene),
    }


async def same_as_before(scene: Scene) -> str:
    """See that a second start added nothing and lost nothing, and text in and out."""
    now = await remember(scene)
    for what, before in scene.memory.items():
        expect(now[what] == before, f"{what}: before {before}, now {now[what]}")
    await _works(scene, "after the restart")
    return f"{len(scene.stage.entities)} entities, the same states, a text out and in"


async def removal(scene: Scene) -> str:
    """Remove the number, and find nothing of it left."""
    await scene.home.delete(f"{_ENTRY}/{scene.stage.line.entry_id}")
    left = {
        "legacy actions": await legacy_names(scene),
        "entities": await _entities(scene),
        "states": await _states(scene),
        "webhooks": await _webhooks(scene),
        "devices": await _devices(scene),
        "files": _files(scene),
    }
    expect(not any(left.values()), f"left behind: {left}")
    return f"no {', '.join(left)}"


async def _entities(scene: Scene) -> list[str]:
    return [
        entity["entity_id"]
        for entity in await scene.home.command("config/entity_registry/list")
        if entity["platform"] == DOMAIN
    ]


async def _states(scene: Scene) -> list[str]:
    own = set(scene.stage.entities.values())
    return [
        state["entity_id"]
        for state in await scene.home.command("get_states")
        if state["entity_id"] in own
        and not state["entity_id"].startswith(("automation.", "script."))
    ]


async def _webhooks(scene: Scene) -> int:
    hooks = await scene.home.command("webhook/list")
    return sum(hook["domain"] == DOMAIN for hook in hooks)


async def _devices(scene: Scene) -> int:
    devices = await scene.home.command("config/device_registry/list")
    return sum(device["manufacturer"] == "Cecula" for device in devices)


def _files(scene: Scene) -> list[str]:
    storage = scene.stage.path / ".storage"
    return [file.name for file in storage.iterdir() if DOMAIN in file.name]
