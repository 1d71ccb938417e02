"""A real Home Assistant that is killed or restarted while its phone is busy."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
import subprocess
import sys

import pytest

ROOT = Path(__file__).parent.parent
TRIALS = {"crash": ("crash", "--kills", "3"), "start": ("start",)}

type Trials = dict[str, subprocess.Popen[str]]


@pytest.fixture(scope="module")
def trials() -> Iterator[Trials]:
    """Start all at once, for most of their time they wait; leave none behind."""
    with ExitStack() as exits:
        started = {
            name: exits.enter_context(_start(*arguments))
            for name, arguments in TRIALS.items()
        }
        yield started
        for process in started.values():
            # What it started ends with it.
            process.kill()


def _start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 (our own command)
        (sys.executable, "-m", "trials", *arguments),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.real_hass
@pytest.mark.timeout(420)
@pytest.mark.parametrize("name", TRIALS)
def test_nothing_is_lost_and_nothing_happens_twice(trials: Trials, name: str) -> None:
    """Each trial tells what it counted, and what must not be."""
    told, _ = trials[name].communicate()
    assert trials[name].returncode == 0, told
    assert "Nothing lost, nothing doubled." in told
