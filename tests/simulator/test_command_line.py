"""The simulator as a process of its own."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import json
from pathlib import Path
import re
import signal
import socket
import sys
from typing import Any

import aiohttp
import pytest

from simulator import Simulator, __main__ as command_line

from . import ADA, BEN

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def running(*arguments: str) -> AsyncGenerator[tuple[Any, str]]:
    """Run it until the block ends; yield the process and its page's address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "simulator",
        "--port",
        "0",
        *arguments,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(20):
            page = (await process.stdout.readline()).decode()
        yield process, page.split()[-1]
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.communicate()


async def state(page: str) -> Any:
    """Ask a running simulator for its state."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{page}control/state") as response,
    ):
        return await response.json()


async def post(page: str, action: str, **body: Any) -> None:
    """Control a running simulator."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{page}control/{action}", json=body) as response,
    ):
        assert response.status == 200


async def test_it_says_where_it_is_and_stops_cleanly() -> None:
    async with running() as (process, page):
        (line,) = (await state(page))["lines"]
        process.send_signal(signal.SIGINT)
        out, err = await process.communicate()

    assert (process.returncode, err) == (0, b"")
    assert re.search(r"base URL: http://127\.0\.0\.1:\d+/sync/api", out.decode())
    assert "CCL.demo.secret" in out.decode()
    assert (line["api_key"], line["msisdn"]) == ("CCL.demo.secret", "+2348176470634")
    assert line["credit"] == 500
    assert line["switches"]["sent_after"] == 1


async def test_it_goes_on_where_it_was(tmp_path: Path) -> None:
    file = str(tmp_path / "state.json")
    async with running("--state", file, "--credit", "40") as (_, page):
        await post(page, "receive_sms", sender=ADA, text="Hi")
        await post(page, "set_phone", number=BEN, name="Ben")
    async with running("--state", file) as (_, page):
        kept = await state(page)

    assert kept["lines"][0]["received"][0]["text"] == "Hi"
    assert kept["lines"][0]["credit"] == 40
    assert "Ben" in [phone["name"] for phone in kept["phones"]]


async def test_it_keeps_its_state_while_it_runs(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    async with running("--state", str(file)) as (process, page):
        await post(page, "receive_sms", sender=ADA, text="Hi")
        async with asyncio.timeout(10):
            while "Hi" not in file.read_text():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        process.kill()

    assert json.loads(file.read_text())["lines"][0]["received"][0]["sender"] == ADA


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it stop as soon as it has started."""

    async def stop_at_once(world: Any, path: Path | None, stop: asyncio.Event) -> None:
        stop.set()
        await keep(world, path, stop)

    keep = command_line._keep
    monkeypatch.setattr(command_line, "_keep", stop_at_once)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        pytest.param(["--credit", "7.5"], {"credit": 7.5}, id="credit"),
        pytest.param(["--msisdn", BEN], {"msisdn": BEN}, id="number"),
        pytest.param(["--api-key", "CCL.a.b"], {"api_key": "CCL.a.b"}, id="key"),
        pytest.param(
            ["--webhook", "http://127.0.0.1/a", "--webhook-call", "http://127.0.0.1/b"],
            {
                "webhooks": {
                    "sms": "http://127.0.0.1/a",
                    "sms_status": "http://127.0.0.1/a",
                    "call_status": "http://127.0.0.1/a",
                    "call": "http://127.0.0.1/b",
                }
            },
            id="webhooks",
        ),
    ],
)
@pytest.mark.usefixtures("stopped")
def test_the_line_is_as_the_command_line_says(
    tmp_path: Path, arguments: list[str], found: dict[str, Any]
) -> None:
    file = tmp_path / "state.json"

    assert command_line.main(["--port", "0", "--state", str(file), *arguments]) == 0

    assert json.loads(file.read_text())["lines"][0].items() >= found.items()


@pytest.mark.usefixtures("stopped")
def test_what_the_command_line_says_wins_over_the_file(tmp_path: Path) -> None:
    options = ["--port", "0", "--state", str(tmp_path / "state.json")]
    command_line.main([*options, "--credit", "1"])

    command_line.main(
        [*options, "--api-key", "CCL.new.key", "--switch", "ids_as=number"]
    )
    command_line.main([*options, "--msisdn", BEN])

    first, second = json.loads((tmp_path / "state.json").read_text())["lines"]
    assert (first["api_key"], first["credit"]) == ("CCL.new.key", 1)
    assert first["switches"]["ids_as"] == "number"
    assert (second["msisdn"], second["credit"]) == (BEN, 500)


@pytest.mark.usefixtures("stopped")
def test_switches_are_json_or_plain_text(tmp_path: Path) -> None:
    file = tmp_path / "state.json"

    command_line.main(
        [
            "--port=0",
            f"--state={file}",
            "--switch=sent_after=null",
            "--switch=ids_as=number",
        ]
    )

    switches = json.loads(file.read_text())["lines"][0]["switches"]
    assert (switches["sent_after"], switches["ids_as"]) == (None, "number")


@pytest.mark.usefixtures("stopped")
def test_without_a_file_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert command_line.main(["--port", "0"]) == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["--switch", "speed=1"], "no switch 'speed'", id="switch"),
        pytest.param(["--msisdn", "0817"], "spelt", id="number"),
        pytest.param(["--webhook", "here"], "no http address", id="webhook"),
        pytest.param(["--credit", "nan"], "credit", id="credit"),
    ],
)
def test_a_wrong_option_gets_a_plain_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert command_line.main(["--port", "0", *arguments]) == 1

    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


def test_a_port_in_use_gets_a_plain_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert command_line.main(["--port", str(port)]) == 1

    assert capsys.readouterr().err == (
        f"Port {port} is in use; choose another with --port, or 0 for any.\n"
    )


def test_a_port_that_cannot_be_opened_gets_a_plain_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Simulator, "start", refuse)

    assert command_line.main(["--port", "80"]) == 1
    assert capsys.readouterr().err == "Port 80 cannot be opened: Permission denied.\n"
