"""What became of what was sent, as the provider reports it."""

from typing import Any

from homeassistant.core import Context, Event, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .conftest import ADA, BEN, WEBHOOKS, Post, captured
from .doors import act, entity_id, hook_up, state_of

DELIVERY = entity_id("event", "delivery")
OUTGOING_CALL = entity_id("event", "outgoing_call")


@pytest.fixture
async def told(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, hass_client_no_auth: Any
) -> list[Event]:
    """Return the statuses of texts that the house is told from now on."""
    hook_up(line, await hass_client_no_auth())
    return captured(hass, "sms_status")


@pytest.fixture
async def tracking_id(hass: HomeAssistant, told: list[Event]) -> str:
    """Return the id of a text that was sent to Ada."""
    response = await act(hass, "send_sms", contacts="notify.ada", message="Hi")
    return str(response["recipients"][0]["tracking_id"])


def statuses(told: list[Event]) -> list[str]:
    """Return which statuses were told."""
    return [event.data["status"] for event in told]


async def test_each_step_of_a_text_is_told(
    hass: HomeAssistant, line: Line, told: list[Event], tracking_id: str
) -> None:
    """With its recipient and, once there is one, its end."""
    for status in ("SENT", "DELIVERED"):
        assert await line.report(tracking_id, status) == [200]
        assert state_of(hass, DELIVERY).attributes["event_type"] == status.lower()
    sent, delivered = (event.data for event in told)
    assert (sent["status"], delivered["status"]) == ("sent", "delivered")
    assert (sent["done_at"], delivered["contact"]) == (None, "Ada")
    assert sent["sent_at"] == delivered["sent_at"]
    assert delivered["done_at"] is not None
    assert {event.data["tracking_id"] for event in told} == {tracking_id}


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        pytest.param("duplicate_report", ["sent", "delivered"], id="repeated"),
        pytest.param("out_of_order_reports", ["delivered"], id="out of order"),
        pytest.param("late_report", ["delivered"], id="late"),
        pytest.param("lost_report", ["delivered"], id="lost"),
    ],
)
async def test_each_status_is_told_at_most_once(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    told: list[Event],
    tracking_id: str,
    fault: str,
    expected: list[str],
) -> None:
    """And none after a later one."""
    simulator.clock.freeze()
    simulator.arm(fault, operation="sms_status")
    await line.report(tracking_id, "SENT")
    await line.report(tracking_id, "DELIVERED")
    await line.report(tracking_id, "DELIVERED")
    simulator.clock.advance(60)
    await simulator.settle()
    await line.report(tracking_id, "FAILED")
    assert statuses(told) == expected
    assert state_of(hass, DELIVERY).attributes["event_type"] == "delivered"


async def test_that_a_text_is_queued_is_no_news(
    hass: HomeAssistant, line: Line, told: list[Event], tracking_id: str
) -> None:
    """The answer to the send has said so."""
    assert await line.report(tracking_id, "QUEUED") == [200]
    assert told == []
    assert state_of(hass, DELIVERY).state == "unknown"


async def test_a_status_that_nobody_knows_passes_through(
    hass: HomeAssistant, line: Line, told: list[Event], tracking_id: str
) -> None:
    """In lower case on the bus, as `other` on the entity, and once."""
    for _ in range(2):
        await line.report(tracking_id, "Returned To Sender")
    assert statuses(told) == ["returned to sender"]
    attributes = state_of(hass, DELIVERY).attributes
    assert (attributes["event_type"], attributes["status"]) == (
        "other",
        "returned to sender",
    )
    await line.report(tracking_id, "DELIVERED")
    assert statuses(told) == ["returned to sender", "delivered"]


@pytest.mark.parametrize(
    ("switch", "value"),
    [
        ("report_id_field", "trackingId"),
        ("report_receiver_field", "recipient"),
        ("sent_id_field", "messageId"),
        ("ids_as", "number"),
        ("codes_as", "number"),
        ("reports_field", "report"),
        ("code_field", "statusCode"),
        ("recipient_spelling", "national"),
        ("recipient_spelling", "bare"),
        ("open_done_time", "absent"),
        ("open_done_time", "null"),
        ("webhook_content_type", ""),
        ("webhook_content_type", "text/plain"),
    ],
)
async def test_a_text_is_followed_however_the_provider_spells_its_fields(
    hass: HomeAssistant, line: Line, told: list[Event], switch: str, value: str
) -> None:
    """The sources leave open which of the spellings is right."""
    setattr(line.switches, switch, value)
    response = await act(
        hass, "send_sms", recipients=[BEN], contacts="notify.ada", message="Hi"
    )
    ids = [item["tracking_id"] for item in response["recipients"]]
    assert ids == [str(sms.tracking_id) for sms in line.sent]
    for sms in line.sent:
        assert await line.report(sms.tracking_id, "SENT") == [200]
    assert [event.data["tracking_id"] for event in told] == ids
    assert [event.data["recipient"] for event in told] == [BEN, ADA]


async def test_a_report_of_what_others_sent_is_told_without_a_cause(
    hass: HomeAssistant, told: list[Event], post: Post
) -> None:
    """Those who send on the provider's platform do so by the same SIM."""
    for status in ("QUEUED", "SENT"):
        body = f'{{"messageId":"99","receiver":"{BEN}","status":"{status}"}}'
        assert await post(body.encode()) == 200
    assert statuses(told) == ["queued", "sent"]
    assert told[0].data["recipient"] == BEN
    assert told[0].data["contact"] is None
    assert told[0].context.user_id is None
    assert await post(b'{"messageId":"100","status":"SENT"}') == 200
    assert (told[-1].data["recipient"], told[-1].data["contact"]) == (None, None)


async def test_a_report_need_not_name_the_recipient(
    hass: HomeAssistant, line: Line, told: list[Event], tracking_id: str
) -> None:
    """The house knows whom it sent to."""
    body = {"messageId": tracking_id, "status": "SENT"}
    assert await line.post_webhook("sms_status", body) == [200]
    assert (told[0].data["recipient"], told[0].data["contact"]) == (ADA, "Ada")


async def test_the_cause_of_a_text_is_the_cause_of_its_report(
    hass: HomeAssistant, line: Line, told: list[Event]
) -> None:
    """On the bus and on the entity."""
    context = Context(user_id="someone")
    await act(hass, "send_sms", context, recipients=BEN, message="Hi")
    await line.report(line.sent[0].tracking_id, "DELIVERED")
    assert told[0].context is context
    assert state_of(hass, DELIVERY).context is context


async def test_a_call_s_result_is_told_once(
    hass: HomeAssistant, line: Line, told: list[Event], post: Post
) -> None:
    """It belongs to the call, though a text may have the same id."""
    results = captured(hass, "call_status")
    response = await act(hass, "make_call", contact="notify.ada")
    call_id = response["call_id"]
    same_id = f'{{"messageId":"{call_id}","status":"SENT"}}'
    assert await post(same_id.encode()) == 200
    assert told[0].data["recipient"] is None
    for answered in (False, True, False):
        assert await line.answer(call_id, answered) == [200]
    (result,) = results
    assert (result.data["status"], result.data["contact"]) == ("not_answered", "Ada")
    attributes = state_of(hass, OUTGOING_CALL).attributes
    assert attributes["event_type"] == "not_answered"


async def test_a_result_of_a_call_that_nobody_knows_passes_through(
    hass: HomeAssistant, loaded: MockConfigEntry, post: Post
) -> None:
    """In lower case on the bus, as `other` on the entity; its length is told."""
    results = captured(hass, "call_status")
    body = b'{"callId":7,"status":"BUSY","callDuration":"3","receiver":"08031234567"}'
    assert await post(body) == 200
    (result,) = results
    assert result.data["call_id"] == "7"
    assert (result.data["status"], result.data["duration"]) == ("busy", 3)
    assert state_of(hass, OUTGOING_CALL).attributes["event_type"] == "other"


async def test_reports_are_heard_after_a_reload(
    hass: HomeAssistant, loaded: MockConfigEntry, post: Post
) -> None:
    """Each is told once, and no listener of before hears it too."""
    assert await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done()
    told = captured(hass, "sms_status")
    assert await post((WEBHOOKS / "sms_report.json").read_bytes()) == 200
    assert statuses(told) == ["delivered"]
