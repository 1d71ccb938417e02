"""Every ready-made automation does with what its form has at first."""

import logging
from pathlib import Path
from typing import Any

from homeassistant.core import CoreState
import pytest

from tests.conftest import ADA

from .house import House
from .log_watch import SPEAKERS, LogWatch
from .test_rules import FILES, all_blueprints, blueprint_of

# What somebody fills in where the form has nothing.
FILLED_IN: dict[str, dict[str, Any]] = {
    "alarm_escalation": {
        "alarms": ["binary_sensor.smoke"],
        "contacts": ["event.ada", "event.ben"],
        "acknowledged": "input_boolean.taken",
    },
    "ask_your_house": {"contacts": ["event.ada"]},
    "forward_unknown": {"heard": ["event.234_817_647_0634_sms"]},
    "gate_by_missed_call": {"contacts": ["event.ada"], "gate": [{"event": "opened"}]},
    "guest_access": {
        "guest": "event.ada",
        "check_in": "2026-11-24 11:00:00",
        "check_out": "2026-11-25 11:00:00",
    },
    "line_trouble": {
        "balance": "sensor.234_817_647_0634_balance",
        "subscription": "sensor.234_817_647_0634_subscription",
        "expiry": "sensor.234_817_647_0634_subscription_ends",
        "sim": "sensor.234_817_647_0634_sim_status",
    },
    "power_cut": {"power": "binary_sensor.mains", "contacts": ["notify.ada"]},
    "push_safety_net": {
        "when": [
            {"trigger": "state", "entity_id": "binary_sensor.freezer", "to": "on"}
        ],
        "message": "The freezer is warm.",
        "phone": "a_phone",
        "contact": "notify.ada",
    },
    "status_on_request": {"contacts": ["event.ada"], "entities": ["sensor.inside"]},
    "text_commands": {"contacts": ["event.ada"], "command_1": "lights off"},
}


@all_blueprints
def test_nothing_is_filled_in_that_has_a_default(path: Path) -> None:
    inputs = blueprint_of(path).inputs
    empty = {name for name, asked in inputs.items() if "default" not in asked}
    assert set(FILLED_IN[path.stem]) == empty


@pytest.mark.parametrize("file", [path.stem for path in FILES])
async def test_a_start_a_save_a_text_and_a_call_are_nothing_to_warn_of(
    house: House, file: str
) -> None:
    """What is warned of fails any test here."""
    house.hass.set_state(CoreState.starting)
    await house.set_up(file, **FILLED_IN[file])
    await house.start()
    await house.change(file, **FILLED_IN[file])
    await house.text(ADA, "Hello")
    await house.ring(ADA)


async def test_what_is_warned_of_is_seen(log_watch: LogWatch) -> None:
    """By each of those who may warn, or a test that expects it would fail."""
    for speaker in SPEAKERS:
        logging.getLogger(f"{speaker}.under_test").warning("%s is wrong", speaker)
        log_watch.expect(f"{speaker} is wrong")
    with pytest.raises(AssertionError, match="nothing warned of"):
        log_watch.expect("is wrong")
