"""A release is what manifest and changelog say."""

from pathlib import Path
import shutil
import subprocess

import pytest

ROOT = Path(__file__).parent.parent
CHANGELOG = """# Changelog

## [Unreleased]

### Added

- What is to come.

## [1.1.0] - 2027-01-02

### Added

- A bell.

## [1.0.0] - 2026-12-01

- The first.
"""


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """Return the script in a project whose version is 1.1.0."""
    integration = tmp_path / "custom_components/cecula_sync"
    integration.mkdir(parents=True)
    (integration / "manifest.json").write_text('{\n  "version": "1.1.0"\n}\n')
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    (tmp_path / "scripts").mkdir()
    return Path(shutil.copy(ROOT / "scripts/release-notes", tmp_path / "scripts"))


def notes_of(script: Path, tag: str) -> subprocess.CompletedProcess[str]:
    """Ask for what is said of a tag."""
    return subprocess.run([script, tag], check=False, capture_output=True, text=True)  # noqa: S603 (ours)


def test_what_the_changelog_says_of_the_version_is_said(release: Path) -> None:
    """And nothing of what is to come, or was."""
    ran = notes_of(release, "v1.1.0")
    assert ran.returncode == 0
    assert ran.stdout.split() == ["###", "Added", "-", "A", "bell."]


def test_a_tag_that_is_not_the_manifest_s_version_is_no_release(release: Path) -> None:
    """HACS would show one, and Home Assistant another."""
    ran = notes_of(release, "v1.0.0")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "manifest" in ran.stderr


def test_a_version_of_which_nothing_is_said_is_no_release(release: Path) -> None:
    """As while its changes are still under Unreleased."""
    changelog = release.parent.parent / "CHANGELOG.md"
    changelog.write_text(CHANGELOG.replace("[1.1.0]", "[1.0.9]"))
    ran = notes_of(release, "v1.1.0")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "changelog" in ran.stderr
