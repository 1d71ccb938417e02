"""The demo's folder: Home Assistant's configuration, and what the demo remembers."""

from dataclasses import asdict, dataclass
import fcntl
import json
from pathlib import Path
from typing import Any, Self, TextIO

from .errors import DemoError
from .processes import HOST

ROOT = Path(__file__).parents[1]
CONFIG = Path(__file__).with_name("config")
_INTEGRATION = Path("custom_components", "cecula_sync")
_NOTE = "demo.json"
# These steps would add integrations that reach out to the internet and install
# packages (weather, radio, a voice); the demo's house does without.
_SKIPPED_STEPS = ("core_config", "analytics", "integration")


@dataclass(frozen=True, kw_only=True)
class Note:
    """What the demo must know when it is started again."""

    port: int
    phone_port: int
    entry_id: str
    webhook_url: str


class Folder:
    """A folder that one demo at a time has."""

    def __init__(self, path: Path) -> None:
        """Take where it is or will be."""
        self.path = path
        self._lock: TextIO | None = None

    def __enter__(self) -> Self:
        """Make it, and have it alone."""
        self.path.mkdir(parents=True, exist_ok=True)
        lock = (self.path / "lock").open("w", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as err:
            lock.close()
            message = "The demo runs already; stop that one with Ctrl+C first."
            raise DemoError(message) from err
        self._lock = lock
        return self

    def __exit__(self, *_: object) -> None:
        """Let another demo have it."""
        if self._lock is not None:
            self._lock.close()

    def furnish(self, port: int) -> None:
        """Write what Home Assistant reads before anybody can talk to it."""
        self._write("configuration.yaml", (CONFIG / "configuration.yaml").read_text())
        for name, empty in (("automations.yaml", "[]\n"), ("scripts.yaml", "{}\n")):
            if not (self.path / name).exists():
                self._write(name, empty)
        # The oldest form of these stores, which Home Assistant brings up to date. In
        # configuration.yaml, the port would be read only once, and be on trial.
        self._store("http", 1, {"server_host": [HOST], "server_port": port})
        if not (self.path / ".storage" / "onboarding").exists():
            self._store("onboarding", 4, {"done": list(_SKIPPED_STEPS)})
        self._link_integration()

    def read_note(self) -> Note | None:
        """Return what was remembered, if anything was."""
        try:
            kept = json.loads((self.path / _NOTE).read_text(encoding="utf-8"))
            return Note(**kept)
        except FileNotFoundError, ValueError, TypeError:
            return None

    def write_note(self, note: Note) -> None:
        """Remember."""
        self._write(_NOTE, json.dumps(asdict(note), indent=2) + "\n")

    def _link_integration(self) -> None:
        """Link to the integration, so that edits count from the next start on."""
        link = self.path / _INTEGRATION
        link.parent.mkdir(exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(ROOT / _INTEGRATION, target_is_directory=True)

    def _store(self, key: str, version: int, data: dict[str, Any]) -> None:
        store = {"version": version, "minor_version": 1, "key": key, "data": data}
        (self.path / ".storage").mkdir(exist_ok=True)
        self._write(f".storage/{key}", json.dumps(store))

    def _write(self, name: str, text: str) -> None:
        """Write a file, wholly or not at all."""
        beside = self.path / f"{name}.new"
        beside.write_text(text, encoding="utf-8")
        beside.replace(self.path / name)
