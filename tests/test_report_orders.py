"""A text's reports through the webhook, in every order and with repeats."""

from itertools import pairwise, permutations
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line

from .conftest import ADA, BEN, captured
from .doors import act, entity_id, hook_up, state_of

RANKS = {"queued": 0, "sent": 1, "delivered": 2, "failed": 2, "expired": 2}


@pytest.mark.parametrize("end", ["DELIVERED", "FAILED", "EXPIRED"])
async def test_a_text_ends_right_in_every_order_of_its_posts(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    hass_client_no_auth: Any,
    end: str,
) -> None:
    """Each is posted twice, and the far end is told once, last, and counted once."""
    hook_up(line, await hass_client_no_auth())
    told = captured(hass, "sms_status")
    orders = list(permutations(("QUEUED", "SENT", "On its way", end)))
    for order in orders:
        told.clear()
        response = await act(hass, "send_sms", recipients=BEN, message="Hi")
        tracking_id = response["recipients"][0]["tracking_id"]
        for status in order:
            for _ in range(2):
                assert await line.report(tracking_id, status) == [200]
        statuses = [event.data["status"] for event in told]
        assert statuses[-1] == end.lower()
        assert len(statuses) == len(set(statuses))
        known = [RANKS[status] for status in statuses if status in RANKS]
        assert all(earlier < later for earlier, later in pairwise(known))
        assert {event.data["tracking_id"] for event in told} == {tracking_id}
    messages = (await act(hass, "get_messages", limit=100))["messages"]
    assert [message["status"] for message in messages] == [end.lower()] * len(orders)
    total = "delivered" if end == "DELIVERED" else "failed"
    for name in ("sent", total):
        shown = state_of(hass, entity_id("sensor", f"sms_{name}"))
        assert shown.state == str(len(orders))


async def test_reports_of_two_texts_are_not_mixed(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, hass_client_no_auth: Any
) -> None:
    """Each has an end of its own, in whatever order they are posted."""
    hook_up(line, await hass_client_no_auth())
    told = captured(hass, "sms_status")
    response = await act(hass, "send_sms", recipients=[ADA, BEN], message="Hi")
    ids = [item["tracking_id"] for item in response["recipients"]]
    for status in ("SENT", "SENT"):
        for each in ids:
            await line.report(each, status)
    await line.report(ids[1], "FAILED")
    await line.report(ids[0], "DELIVERED")
    await line.report(ids[0], "FAILED")
    await line.report(ids[1], "DELIVERED")
    assert [(event.data["tracking_id"], event.data["status"]) for event in told] == [
        (ids[0], "sent"),
        (ids[1], "sent"),
        (ids[1], "failed"),
        (ids[0], "delivered"),
    ]


async def test_a_report_that_comes_after_a_reload_is_joined_with_its_text(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, hass_client_no_auth: Any
) -> None:
    """What was told before is not told again."""
    hook_up(line, await hass_client_no_auth())
    told = captured(hass, "sms_status")
    await act(hass, "send_sms", contacts="notify.ada", message="Hi")
    tracking_id = line.sent[0].tracking_id
    await line.report(tracking_id, "SENT")
    assert await hass.config_entries.async_reload(loaded.entry_id)
    for status in ("QUEUED", "SENT", "DELIVERED", "SENT"):
        await line.report(tracking_id, status)
    assert [event.data["status"] for event in told] == ["sent", "delivered"]
    assert [event.data["contact"] for event in told] == ["Ada", "Ada"]
