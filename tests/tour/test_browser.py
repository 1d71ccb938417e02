"""The tour finds a browser, or says what is missing."""

from pathlib import Path

import pytest

from tour.browser import find_chromium
from tour.errors import TourError


def test_chromium_is_found_under_any_of_its_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Have nothing but Debian's old name for it."""
    chromium = tmp_path / "chromium-browser"
    chromium.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_chromium() == str(chromium)


def test_without_chromium_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Have no program at all."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TourError, match="apt install chromium"):
        find_chromium()
