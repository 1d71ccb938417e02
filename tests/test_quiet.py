"""The log tells no number and no text of what is sent, followed, kept and asked for."""

from collections.abc import Iterator
import errno
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cecula_sync import files
from simulator import Line, Simulator

from .conftest import ADA, BEN
from .doors import (
    CHI,
    act,
    act_blindly,
    assert_tells_no_secret,
    hook_up,
    keep_file,
    kept_files,
    pass_time,
    restart,
)

TEXT = "The gate code is 4711"


@pytest.fixture(autouse=True)
def _nothing_is_told(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Look through all that was logged at info and above, by whomever."""
    yield
    logged = [
        f"{item.getMessage()} {item.exc_text}"
        for item in caplog.get_records("call")
        if item.levelno >= logging.INFO and not item.name.startswith("aiohttp.")
    ]
    assert logged
    assert_tells_no_secret("\n".join(logged), ADA, BEN, CHI, TEXT)


async def test_a_conversation_with_all_its_reports_is_not_logged(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    hass_client_no_auth: Any,
) -> None:
    """Sent, called, reported, asked for, restarted."""
    hook_up(line, await hass_client_no_auth())
    await act(hass, "send_sms", recipients=[BEN, ADA], message=TEXT)
    await act(hass, "make_call", recipient=BEN)
    await line.receive_sms(CHI, TEXT)
    await line.receive_call(CHI)
    for sms in line.sent:
        await line.report(sms.tracking_id, "SENT")
    await restart(hass, loaded)
    await line.report(line.sent[0].tracking_id, "DELIVERED")
    await line.report(line.sent[1].tracking_id, "Gone astray")
    await line.answer(line.calls[0].call_id, answered=True)
    await act(hass, "get_sms_status", tracking_id=line.sent[0].tracking_id)
    await act(hass, "get_call_status", call_id=line.calls[0].call_id)
    assert len((await act(hass, "get_messages"))["messages"]) == 5
    await act(hass, "get_messages", number=BEN)


@pytest.mark.parametrize(
    "fault", ["http_500", "broken_json", "wrong_json_type", "unauthorized", "code"]
)
async def test_look_ups_and_waiting_that_fail_are_not_logged_with_whom_they_are_about(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    fault: str,
) -> None:
    """Neither in the error that the action raises."""
    for operation in ("sent-sms-status", "dialled-call-status"):
        simulator.arm(fault, operation=operation, times=0)
    waits: dict[str, Any] = {"wait_for_delivery": True, "timeout": {"seconds": 0}}
    with pytest.raises(HomeAssistantError) as caught:
        await act_blindly(hass, "send_sms", recipients=BEN, message=TEXT, **waits)
    assert_tells_no_secret(str(caught.value), BEN, TEXT)
    await act(hass, "make_call", recipient=BEN, wait_for_result=True, timeout=0)
    await pass_time(hass, freezer, 121)
    assert len(simulator.requests_to("sent-sms-status")) >= 1
    with pytest.raises(HomeAssistantError):
        await act(hass, "get_sms_status", tracking_id="1")
    with pytest.raises(HomeAssistantError):
        await act(hass, "get_call_status", call_id="1")


async def test_a_disk_that_fails_is_logged_without_what_it_lost(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    freezer: FrozenDateTimeFactory,
    hass_client_no_auth: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither where it can't be written nor where it can't be read."""
    hook_up(line, await hass_client_no_auth())
    with pytest.MonkeyPatch.context() as patched:

        def fail(*_: Any, **__: Any) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        patched.setattr(files, "_write_all", fail)
        patched.setattr("homeassistant.util.file.AtomicWriter", fail)
        await act(hass, "send_sms", recipients=BEN, message=TEXT)
        await line.report(line.sent[0].tracking_id, "SENT")
        await line.receive_sms(CHI, TEXT)
        await pass_time(hass, freezer, 2)
    assert "could not be written" in caplog.text
    await restart(hass, loaded)
    for name, content in kept_files(hass).items():
        keep_file(hass, name, f'{content}["{ADA}", "{TEXT}\n')
    await restart(hass, loaded)
    assert "can't be read" in caplog.text
