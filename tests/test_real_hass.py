"""A real Home Assistant process: the main jobs, from set-up to removal."""

import asyncio
from pathlib import Path
import sys

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.real_hass
@pytest.mark.timeout(240)
async def test_the_main_jobs_succeed_in_a_real_home_assistant() -> None:
    """The demo's checks go through HTTP and WebSocket; each has a line of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "demo", "--check"),
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    told = output.decode()
    assert process.returncode == 0, told
    assert "✗" not in told
    assert told.count("✓") > 15
