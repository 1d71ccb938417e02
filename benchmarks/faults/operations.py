"""The operations: what the user has the integration do, and then sees."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er

from custom_components.cecula_sync.const import DOMAIN

from ..home import ADA, BEN

if TYPE_CHECKING:
    from .ground import Ground

_TEXT = "The back door is open"
_MANY = [f"+23480312{number:05}" for number in range(250)]
_OTHER_KEY = "CCL.other.secret"
_OTHER_NUMBER = "+2348091112222"
_SENSORS = {
    "balance": "balance",
    "subscription_status": "subscription",
    "sim_status": "SIM",
}
WORKS = "works"

type Act = Callable[[Ground], Awaitable[str]]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One thing that the user has the integration do."""

    name: str
    hits: str
    """The provider's operation that a fault befalls."""
    act: Act
    """Does it, and returns what the user sees."""
    good: str = WORKS
    """What the user sees when nothing is wrong."""
    spare_first: bool = False
    """Whether a fault befalls only the second request and those after it."""


async def _call(ground: Ground, domain: str, action: str, **data: Any) -> str:
    await ground.hass.services.async_call(domain, action, data, blocking=True)
    return WORKS


async def _respond(ground: Ground, action: str, **data: Any) -> dict[str, Any]:
    response = await ground.hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True
    )
    return dict(response or {})


async def _send(ground: Ground, *recipients: str) -> str:
    response = await _respond(
        ground, "send_sms", recipients=list(recipients), message=_TEXT
    )
    counts = Counter(each["status"] for each in response["recipients"])
    return ", ".join(f"{number} {status}" for status, number in counts.items())


async def _make_call(ground: Ground) -> str:
    await _respond(ground, "make_call", recipient=BEN)
    return WORKS


async def _ask(ground: Ground) -> str:
    answer = await _respond(ground, "ask", recipients=BEN, question="?", timeout=0)
    return "no answer in time" if answer["timed_out"] else "answered"


def _entity(ground: Ground, platform: str, key: str) -> str:
    registry = er.async_get(ground.hass)
    return next(
        each.entity_id
        for each in er.async_entries_for_config_entry(registry, ground.entry.entry_id)
        if each.domain == platform and each.unique_id.endswith(key)
    )


async def _notify(ground: Ground) -> str:
    entity = _entity(ground, "notify", "notify")
    return await _call(
        ground, "notify", "send_message", entity_id=entity, message=_TEXT
    )


async def _press(ground: Ground, key: str) -> str:
    return await _call(
        ground, "button", "press", entity_id=_entity(ground, "button", key)
    )


async def _poll(ground: Ground) -> str:
    await ground.entry.runtime_data.coordinator.async_refresh()
    await ground.hass.async_block_till_done()
    states = {
        name: ground.hass.states.get(_entity(ground, "sensor", key))
        for key, name in _SENSORS.items()
    }
    missing = Counter[str]()
    for name, state in states.items():
        if state is None or state.state in ("unavailable", "unknown"):
            missing[f"{name} {state.state if state else 'gone'}"] += 1
    if len(missing) == len(states):
        error = ground.entry.runtime_data.coordinator.last_exception
        return f"sensors unavailable, log: {_key_of(error)}"
    return ", ".join(missing) or WORKS


async def _sms_status(ground: Ground) -> str:
    if not ground.line.sent:
        await _send(ground, ADA)
    await _respond(
        ground, "get_sms_status", tracking_id=ground.line.sent[0].tracking_id
    )
    return WORKS


async def _call_status(ground: Ground) -> str:
    if not ground.line.calls:
        await _make_call(ground)
    await _respond(ground, "get_call_status", call_id=ground.line.calls[0].call_id)
    return WORKS


async def _reply(ground: Ground, kind: str) -> str:
    return await _call(ground, DOMAIN, "set_auto_reply", kind=kind, message="")


async def _set_up(ground: Ground) -> str:
    await ground.hass.config_entries.async_reload(ground.entry.entry_id)
    await ground.hass.async_block_till_done()
    entry = ground.entry
    if entry.state is ConfigEntryState.LOADED:
        return WORKS
    return f"{entry.state.value}: `{entry.error_reason_translation_key}`"


async def _enter_key(ground: Ground) -> str:
    """Enter a second line's key; say what the form says."""
    if all(line.api_key != _OTHER_KEY for line in ground.simulator.lines):
        ground.simulator.add_line(api_key=_OTHER_KEY, msisdn=_OTHER_NUMBER)
    flows = ground.hass.config_entries.flow
    flow = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
    server = {"base_url": ground.simulator.base_url, "verify_ssl": True}
    form = {"api_key": _OTHER_KEY, "server": server}
    shown = await flows.async_configure(flow["flow_id"], form)
    flows.async_abort(flow["flow_id"])
    if errors := shown.get("errors"):
        (error,) = errors.values()
        return f"`{error}`"
    step = shown["step_id"]
    # What follows a key that works, where there is another number already.
    return WORKS if step == "another_line" else f"next step: {step}"


def _key_of(error: BaseException | None) -> str:
    return f"`{getattr(error, 'translation_key', None)}`"


async def see(operation: Operation, ground: Ground) -> tuple[str, list[str]]:
    """Do it; return what the user sees, and what is wrong with an error."""
    try:
        return await operation.act(ground), []
    except HomeAssistantError as error:
        wrong = []
        if error.translation_domain != DOMAIN or error.translation_key is None:
            wrong.append(f"an error that is not translated: {error!r}")
        return _key_of(error), wrong


OPERATIONS = (
    Operation(name="loading the entry", hits="cecula-balance", act=_set_up),
    Operation(
        name="`send_sms` to one",
        hits="send-sms",
        act=lambda ground: _send(ground, BEN),
        good="1 queued",
    ),
    Operation(
        name="`send_sms` to 250, from the 101st on",
        hits="send-sms",
        act=lambda ground: _send(ground, *_MANY),
        good="250 queued",
        spare_first=True,
    ),
    Operation(name="`make_call`", hits="flash-number", act=_make_call),
    Operation(name="`ask`", hits="send-sms", act=_ask, good="no answer in time"),
    Operation(name="notify entity", hits="send-sms", act=_notify),
    Operation(name="account: balance", hits="cecula-balance", act=_poll),
    Operation(name="account: subscription", hits="subscription-status", act=_poll),
    Operation(name="account: SIM", hits="sim-status", act=_poll),
    Operation(name="`get_sms_status`", hits="sent-sms-status", act=_sms_status),
    Operation(name="`get_call_status`", hits="dialled-call-status", act=_call_status),
    Operation(
        name="look for texts",
        hits="get-new-sms",
        act=lambda ground: _press(ground, "check_messages"),
    ),
    Operation(
        name="look for calls",
        hits="new-missed-calls",
        act=lambda ground: _press(ground, "check_messages"),
    ),
    Operation(
        name="`set_auto_reply` to texts",
        hits="set-sms-autoresponse",
        act=lambda ground: _reply(ground, "sms"),
    ),
    Operation(
        name="`set_auto_reply` to calls",
        hits="set-call-autoresponse",
        act=lambda ground: _reply(ground, "call"),
    ),
    Operation(
        name="refresh SIM",
        hits="refresh-sim",
        act=lambda ground: _press(ground, "refresh_sim"),
    ),
    Operation(name="set-up form: number", hits="number", act=_enter_key),
    Operation(name="set-up form: balance", hits="cecula-balance", act=_enter_key),
)
