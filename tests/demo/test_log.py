"""What counts as a complaint in Home Assistant's log."""

import pytest

from demo.checks.log import complaints, records

STAMP = "2026-11-24 01:43:28.972"
TRACEBACK = (
    "Traceback (most recent call last):\n"
    '  File "/config/custom_components/cecula_sync/inbox.py", line 1, in look\n'
    "ValueError: no"
)
FOREIGN = (
    f"{STAMP} ERROR (MainThread) [haffmpeg.core] FFmpeg fails\n"
    "Traceback (most recent call last):\n"
    "FileNotFoundError: 'ffmpeg'"
)
WEBSOCKET = "homeassistant.components.websocket_api.http.connection"


def record(level: str, logger: str, text: str) -> str:
    """Return a record as Home Assistant writes it."""
    return f"{STAMP} {level} (MainThread) [{logger}] {text}"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            record("ERROR", "custom_components.cecula_sync", "Unexpected failure"),
            id="an error of ours",
        ),
        pytest.param(
            record(
                "ERROR",
                "homeassistant.components.sensor",
                "Error while setting up cecula_sync platform for sensor",
            ),
            id="an error about us",
        ),
        pytest.param(
            record("ERROR", "homeassistant", f"Error doing job\n{TRACEBACK}"),
            id="a traceback through our code",
        ),
        pytest.param(
            record("WARNING", "asyncio", f"Task exception\n{TRACEBACK}"),
            id="a traceback through our code in a warning",
        ),
        pytest.param(
            record("ERROR", WEBSOCKET, f"[1] Unexpected exception\n{TRACEBACK}"),
            id="an action that failed with a traceback",
        ),
        pytest.param(
            record(
                "WARNING",
                "homeassistant.helpers.frame",
                "Detected that custom integration 'cecula_sync' uses something old",
            ),
            id="something old in use",
        ),
        pytest.param(
            record(
                "WARNING",
                "homeassistant.util.loop",
                "Detected blocking call to open inside the event loop by custom "
                "integration 'cecula_sync' at",
            ),
            id="a wait that stops everybody",
        ),
        pytest.param(
            record(
                "WARNING",
                "py.warnings",
                "/config/custom_components/cecula_sync/inbox.py:1: "
                "DeprecationWarning: look is deprecated",
            ),
            id="a warning of Python's",
        ),
        pytest.param(
            record(
                "INFO", "homeassistant.util.package", "Attempting install of x==1.0"
            ),
            id="a package installed at run time",
        ),
    ],
)
def test_a_complaint_is_found_among_other_records(text: str) -> None:
    """It comes back whole, with its traceback."""
    assert complaints(f"{FOREIGN}\n{text}\n{FOREIGN}") == [text]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(FOREIGN, id="an error of somebody else"),
        pytest.param(
            record("INFO", "custom_components.cecula_sync", "A text came in"),
            id="an information of ours",
        ),
        pytest.param(
            record(
                "WARNING",
                "homeassistant.loader",
                "We found a custom integration cecula_sync which has not been tested",
            ),
            id="that we are no part of core",
        ),
        pytest.param(
            record(
                "ERROR",
                WEBSOCKET,
                "[1] Error during service call to cecula_sync.send_sms: refused",
            ),
            id="an action that was refused",
        ),
    ],
)
def test_what_is_no_fault_of_ours_is_no_complaint(text: str) -> None:
    """The check would otherwise fail for other people's reasons."""
    assert complaints(text) == []


def test_lines_before_the_first_record_are_kept() -> None:
    """An interpreter that dies at once writes no record at all."""
    assert list(records("Fatal Error: no room")) == ["Fatal Error: no room"]
