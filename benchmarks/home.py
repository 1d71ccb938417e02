"""A real Home Assistant in this process, beside the simulator, on this machine only."""

import asyncio
from contextlib import AsyncExitStack
import json
import logging
from pathlib import Path
import shutil
import tempfile
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from homeassistant import bootstrap, runner
from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigSubentry

from custom_components.cecula_sync.const import DOMAIN
from demo.folder import Folder
from demo.processes import HOST, free_port
from simulator import Line, Simulator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant

API_KEY = "CCL.bench.secret"
NUMBER = "+2348176470634"
ADA = "+2348183172770"
BEN = "+2348031234567"
WEBHOOK_ID = "bench" * 12
_PLENTY = 1e12
_CONFIGURATION = "webhook:\nlogger:\n  default: warning\n"
# They complain, with tracebacks, of what this machine need not have.
_COMPLAINERS = ("haffmpeg.tools", "homeassistant.components.camera.img_util")


class Home:
    """A Home Assistant that has started, and a provider with one line."""

    hass: HomeAssistant
    simulator: Simulator
    line: Line
    url: str

    def __init__(self, configuration: str = "") -> None:
        """Take what stands in its configuration beside the least."""
        self._configuration = _CONFIGURATION + configuration
        self._exits = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start both."""
        path = Path(tempfile.mkdtemp(prefix="cecula-bench-"))
        self._exits.push_async_callback(asyncio.to_thread, _remove, path)
        try:
            self.simulator = await self._exits.enter_async_context(Simulator())
            self.line = self.simulator.add_line(
                api_key=API_KEY, msisdn=NUMBER, credit=_PLENTY
            )
            await self._start(path)
        except BaseException:
            await self._exits.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop both, and leave no folder."""
        await self._exits.aclose()

    async def _start(self, path: Path) -> None:
        for name in _COMPLAINERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        port = free_port()
        Folder(path).furnish(port)
        (path / "configuration.yaml").write_text(self._configuration)
        settings = runner.RuntimeConfig(
            config_dir=str(path), skip_pip=True, log_no_color=True
        )
        hass = await bootstrap.async_setup_hass(settings)
        if hass is None:
            message = "Home Assistant did not start"
            raise RuntimeError(message)
        self._exits.push_async_callback(hass.async_stop)
        await hass.async_start()
        hass.config.country = "NG"
        hass.config.external_url = "https://house.example"
        self.hass, self.url = hass, f"http://{HOST}:{port}"

    async def add_entry(
        self, subentries: tuple[ConfigSubentry, ...] = (), **changes: Any
    ) -> ConfigEntry[Any]:
        """Set a dedicated number up; changes are of its data."""
        entry = entry_of(self.simulator.base_url, subentries, **changes)
        await self.hass.config_entries.async_add(entry)
        await self.hass.async_block_till_done()
        if entry.state is not ConfigEntryState.LOADED:
            message = f"The entry is {entry.state}: {entry.reason}"
            raise RuntimeError(message)
        return entry

    def keep(self, name: str, values: Mapping[str, Any]) -> None:
        """Put what an earlier run would have kept of the number on disk."""
        header = json.dumps({"version": 1})
        lines = (json.dumps(item) for item in values.items())
        name = f"cecula_sync.bench{NUMBER.removeprefix('+')}.{name}"
        path = Path(self.hass.config.path(".storage", name))
        path.write_text("\n".join((header, *lines, "")), "utf-8")

    def hook_up(self) -> str:
        """Have the provider post to Home Assistant; return where."""
        url = f"{self.url}/api/webhook/{WEBHOOK_ID}"
        self.line.webhooks.set(url)
        return url


def _remove(path: Path) -> None:
    shutil.rmtree(path)


def entry_of(
    base_url: str, subentries: tuple[ConfigSubentry, ...] = (), **changes: Any
) -> ConfigEntry[Any]:
    """Return an entry as the set-up makes it; changes are of its data."""
    data = {
        "api_key": API_KEY,
        "base_url": base_url,
        "verify_ssl": True,
        "number": NUMBER,
        "webhook_id": WEBHOOK_ID,
        **changes,
    }
    return ConfigEntry(
        entry_id=f"bench{data['number'].removeprefix('+')}",
        data=data,
        discovery_keys=MappingProxyType({}),
        domain=DOMAIN,
        minor_version=1,
        options={},
        source="user",
        subentries_data=[each.as_dict() for each in subentries],
        title=data["number"],
        unique_id=data["number"],
        version=1,
    )


def contact(name: str, number: str) -> ConfigSubentry:
    """Return a contact; its id is its name in lower case."""
    data: Mapping[str, Any] = {"number": number}
    return ConfigSubentry(
        data=MappingProxyType(data),
        subentry_id=name.lower(),
        subentry_type="contact",
        title=name,
        unique_id=number,
    )
