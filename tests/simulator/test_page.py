"""The page is served whole, and only to this machine."""

from pathlib import Path
import re

import pytest

import simulator
from simulator import Simulator

from . import ADA
from .conftest import Api

STATIC = Path(simulator.__file__).parent / "static"


async def test_the_page_comes_with_all_it_needs(api: Api) -> None:
    page = await api.ask("GET", "/")
    wanted = re.findall(r'(?:src|href)="([^"]+)"', page.text)

    assert page.headers["Content-Type"].startswith("text/html")
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert wanted
    for address in wanted:
        assert address.startswith("/static/")
        assert (await api.ask("GET", address)).status == 200


async def test_every_script_that_is_imported_is_served(api: Api) -> None:
    for script in STATIC.glob("*.js"):
        for name in re.findall(r'from "\./([^"]+)"', script.read_text()):
            assert (await api.ask("GET", f"/static/{name}")).status == 200


def test_the_page_loads_nothing_from_outside_and_parses_no_foreign_text() -> None:
    for file in STATIC.iterdir():
        text = file.read_text()
        addresses = re.findall(r"https?://[^\s\"'`…]*", text)
        assert [
            each
            for each in addresses
            if not each.startswith(("http://127.0.0.1", "http://www.w3.org/2000/svg"))
        ] == []
        assert "innerHTML" not in text


@pytest.mark.parametrize("name", ["missing.js", "../server.py", "index.html"])
async def test_nothing_else_is_served(api: Api, name: str) -> None:
    assert (await api.ask("GET", f"/static/{name}")).status == 404


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Host": "cecula.example"}, id="another host"),
        pytest.param({"Host": "127.0.0.1.example"}, id="a lookalike"),
        pytest.param({"Host": "192.168.1.5"}, id="another address"),
        pytest.param({"Host": ""}, id="no host"),
        pytest.param({"Host": "["}, id="nonsense"),
        pytest.param({"Origin": "https://evil.example"}, id="a foreign page"),
        pytest.param({"Origin": "null"}, id="a page of nowhere"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/control/state", "/sync/api/number"])
async def test_strangers_are_refused(
    api: Api, sim: Simulator, path: str, headers: dict[str, str]
) -> None:
    reply = await api.ask("GET", path, headers=headers)

    assert reply.status == 403
    assert sim.requests == []


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Host": "localhost:8765"}, id="localhost"),
        pytest.param({"Host": "[::1]:8765"}, id="IPv6"),
        pytest.param({"Origin": "http://127.0.0.1:8765"}, id="the page itself"),
    ],
)
async def test_this_machine_is_welcome(api: Api, headers: dict[str, str]) -> None:
    body = {"sender": ADA, "text": "Hi"}

    reply = await api.ask("POST", "/control/receive_sms", json=body, headers=headers)

    assert reply.status == 200
