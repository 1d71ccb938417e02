"""Ports, and processes that end with the demo."""

import asyncio
import os
from pathlib import Path
import socket
import sys
import textwrap

import pytest

from demo.errors import DemoError
from demo.processes import HOST, Child, free_port, require_free
from demo.progress import Progress

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def never() -> bool:
    """Say that it is not ready yet."""
    return False


@pytest.fixture
def child(tmp_path: Path) -> Child:
    """Return a process that is not started."""
    return Child("The clock", tmp_path / "clock.log")


def test_a_port_that_is_taken_is_told_with_the_way_out() -> None:
    """The option, with another port, is there to be copied."""
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(DemoError, match=rf"Port {port}.*--port {port + 1}"):
            require_free(port, "Home Assistant", "--port")


def test_a_free_port_can_be_had() -> None:
    """Nothing is raised."""
    require_free(free_port(), "Home Assistant", "--port")


async def test_a_child_that_dies_at_start_is_told_with_its_last_words(
    child: Child, tmp_path: Path
) -> None:
    """Waiting for it ends at once."""
    await child.start("-c", "raise SystemExit('no room')", folder=tmp_path)
    with pytest.raises(DemoError, match=r"(?s)The clock stopped.*1.*no room"):
        await child.until(never, within=30)


async def test_a_child_that_is_never_ready_is_not_waited_for_for_ever(
    child: Child, tmp_path: Path
) -> None:
    """And it can be stopped."""
    await child.start("-c", "import time; time.sleep(60)", folder=tmp_path)
    with pytest.raises(DemoError, match="not ready after 0 seconds"):
        await child.until(never, within=0.2)
    await child.stop()


async def test_stopping_gives_a_child_time_to_end(child: Child, tmp_path: Path) -> None:
    """It is asked, and does what it has to do."""
    await child.start(
        "-c",
        textwrap.dedent("""
        import signal, sys
        def stop(*_):
            print("put away", flush=True)
            sys.exit()
        signal.signal(signal.SIGTERM, stop)
        print("begun", flush=True)
        signal.pause()
    """),
        folder=tmp_path,
    )

    async def begun() -> bool:
        return "begun" in child.words()

    await child.until(begun, within=30)
    await child.stop()
    assert "put away" in child.words()


DEMO = """
import asyncio
from pathlib import Path
import sys
from demo.processes import Child

async def main():
    child = Child("The clock", Path(sys.argv[1]) / "clock.log")
    ticking = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    await child.start("-c", ticking, folder=Path(sys.argv[1]))

    async def begun():
        return child.words().endswith("\\n")

    await child.until(begun, within=30)
    print(child.words(), flush=True)
    await child.wait()

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of the end")
async def test_a_child_does_not_outlive_a_demo_that_was_killed(tmp_path: Path) -> None:
    """The demo gets no chance to stop it."""
    demo = await asyncio.create_subprocess_exec(
        sys.executable, "-c", DEMO, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert demo.stdout is not None
    async with asyncio.timeout(30):
        child = os.pidfd_open(int(await demo.stdout.readline()))
        ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(child, ended.set)
        demo.kill()
        await demo.wait()
        await ended.wait()
    asyncio.get_running_loop().remove_reader(child)
    os.close(child)


async def test_progress_without_a_terminal_is_plain_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A log of CI has no spinner in it."""
    progress = Progress()
    async with progress.step("Starting"):
        pass
    with pytest.raises(DemoError):
        async with progress.step("Stopping"):
            raise DemoError
    assert capsys.readouterr().out == "Starting ... 0.0 s\nStopping ... not done\n"
