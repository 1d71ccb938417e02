"""The demo's folder, from nothing and when the demo is started again."""

import json
from pathlib import Path

import pytest

from demo.errors import DemoError
from demo.folder import ROOT, Folder, Note

NOTE = Note(port=8123, phone_port=8765, entry_id="one", webhook_url="http://localhost")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Return a folder that is not there yet."""
    return Folder(tmp_path / "demo")


def stored(folder: Folder, key: str) -> object:
    """Return what Home Assistant will find in a store."""
    return json.loads((folder.path / ".storage" / key).read_text())["data"]


def test_home_assistant_finds_its_port_and_the_integration(folder: Folder) -> None:
    """It listens on this machine only."""
    with folder:
        folder.furnish(8124)
    assert stored(folder, "http") == {
        "server_host": ["127.0.0.1"],
        "server_port": 8124,
    }
    manifest = folder.path / "custom_components" / "cecula_sync" / "manifest.json"
    assert manifest.samefile(ROOT / "custom_components/cecula_sync/manifest.json")


def test_only_the_user_is_missing_from_onboarding(folder: Folder) -> None:
    """The other steps would install packages and reach out to the internet."""
    with folder:
        folder.furnish(8123)
    assert "user" not in str(stored(folder, "onboarding"))


def test_a_second_start_changes_the_port_and_keeps_what_people_made(
    folder: Folder,
) -> None:
    """Automations and who lives there stay; what the demo itself wrote is renewed."""
    kept = {
        "automations.yaml": "- alias: mine\n",
        "scripts.yaml": "mine: {}\n",
        ".storage/onboarding": '{"data": {"done": ["user"]}}',
    }
    with folder:
        folder.furnish(8123)
        for name, text in kept.items():
            (folder.path / name).write_text(text)
        (folder.path / "configuration.yaml").write_text("old:\n")
        folder.furnish(8200)
    assert {name: (folder.path / name).read_text() for name in kept} == kept
    assert (folder.path / "configuration.yaml").read_text() != "old:\n"
    assert "8200" in str(stored(folder, "http"))


def test_two_demos_do_not_share_a_folder(folder: Folder) -> None:
    """The second is told, and after the first has ended it gets the folder."""
    with folder, pytest.raises(DemoError, match="runs already"), Folder(folder.path):
        pytest.fail("Two have the folder.")
    with Folder(folder.path):
        pass


def test_a_note_is_read_back(folder: Folder) -> None:
    """It is what a later start goes by."""
    with folder:
        folder.write_note(NOTE)
    assert folder.read_note() == NOTE


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(None, id="never written"),
        pytest.param("", id="empty"),
        pytest.param('{"port": 1}', id="of another version"),
        pytest.param("[]", id="no object"),
    ],
)
def test_a_note_that_says_nothing_is_none(folder: Folder, text: str | None) -> None:
    """The demo then sets everything up, and says so where it can't."""
    with folder:
        if text is not None:
            (folder.path / "demo.json").write_text(text)
    assert folder.read_note() is None
