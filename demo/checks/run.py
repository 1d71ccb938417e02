"""Does each check, and tells how it went."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
import time
from typing import TYPE_CHECKING

import aiohttp

from ..errors import DemoError
from . import asking, conversation, incoming, life, log, outgoing, settings
from .scene import Scene

if TYPE_CHECKING:
    from ..stage import Stage

_PATIENCE = 60
_LAST_LINES = 40

# An answer of another shape than expected is a failed check too.
_FAILURES = (
    DemoError,
    aiohttp.ClientError,
    TimeoutError,
    LookupError,
    TypeError,
    ValueError,
)

type Check = Callable[[Scene], Awaitable[str]]

FIRST: tuple[tuple[str, Check], ...] = (
    ("Home Assistant has the number, set up in its own dialogs", life.set_up),
    ("An SMS goes to two numbers and a contact", outgoing.sms_to_three),
    ("Its delivery is reported", outgoing.delivery),
    ("A phone rings and is answered", outgoing.call_answered),
    ("A phone rings and is not answered", outgoing.call_not_answered),
    ("A text comes in", incoming.sms),
    ("A missed call comes in, and an automation runs", incoming.missed_call),
    ("An answered call comes in", incoming.answered_call),
    ("An automation texts an alert", incoming.alert),
    ("No valid number: a clear error, and nothing is sent", outgoing.no_valid_number),
    ("A notify entity texts its contact", outgoing.notify_entity),
    ("A group is texted in one request", outgoing.group),
    ("Legacy notify actions text", outgoing.legacy_actions),
    ("A question is answered by a text", asking.by_text),
    ("A question is answered by a call back", asking.by_call),
    ("A question is not answered", asking.no_answer),
    ("A newer question takes over", asking.superseded),
    ("A button asks, and the dashboard shows the answer", asking.by_script),
    ("The provider answers calls by itself", conversation.auto_reply),
    ("A button frees the SIM", conversation.refresh_sim),
    ("What is not posted is looked for", settings.polling),
    ("A limit on sending is kept", settings.limit),
    ("The last messages are there to be shown", conversation.last_message),
    ("The balance falls by what was spent", outgoing.balance),
    ("The webhook refuses what is not for it", incoming.refusals),
    ("The number is reloaded and works on", life.reload),
)
AFTER_RESTART: tuple[tuple[str, Check], ...] = (
    ("Started again, it goes on where it was", life.same_as_before),
    ("The number is removed, and leaves nothing behind", life.removal),
)


async def run(stage: Stage) -> int:
    """Check a stage that is not up yet; return the exit code."""
    started = time.monotonic()
    async with stage:
        scene = Scene(stage)
        await scene.listen()
        failures = await _do_each(scene, FIRST)
        memory = await life.remember(scene)
    failures += _read_log(stage, failures)
    async with stage:
        scene = Scene(stage, memory)
        await scene.listen()
        again = await _do_each(scene, AFTER_RESTART)
    failures += again + _read_log(stage, again)
    seconds = time.monotonic() - started
    ending = f"{failures} checks failed" if failures else "All is well"
    stage.progress.say(f"\n{ending}, after {seconds:.0f} s.")
    return 1 if failures else 0


async def _do_each(scene: Scene, checks: Sequence[tuple[str, Check]]) -> int:
    """Return how many failed."""
    failures = 0
    for words, check in checks:
        started = time.monotonic()
        try:
            async with asyncio.timeout(_PATIENCE):
                seen = await check(scene)
            mark = "✓"
        except _FAILURES as err:
            mark, seen = "✗", _words_of(err)
            failures += 1
        seconds = time.monotonic() - started
        scene.stage.progress.say(f"{mark} {words} ({seconds:.1f} s): {seen}")
    return failures


def _words_of(err: Exception) -> str:
    return str(err) if isinstance(err, DemoError) else repr(err)


def _read_log(stage: Stage, failures: int) -> int:
    """Tell of complaints in Home Assistant's log; return 1 if there are any."""
    process = stage.home_process
    complaints = log.complaints(process.words())
    if complaints:
        stage.progress.say("✗ Home Assistant's log has complaints:")
        stage.progress.say("\n".join(complaints))
    else:
        stage.progress.say("✓ Home Assistant's log has no complaints")
    if failures:
        stage.progress.say(f"\nThe last {_LAST_LINES} lines of Home Assistant's log:")
        stage.progress.say(process.last_words(_LAST_LINES))
    return 1 if complaints else 0
