"""The clock on the wall of a house, for several tests."""

from datetime import UTC, datetime, timedelta

from homeassistant.util import dt as dt_util
import pytest


class WallClock:
    """The clock on the wall, which can be set while time goes on as ever."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Show the time."""
        self.offset = timedelta()
        monkeypatch.setattr(dt_util, "utcnow", lambda: datetime.now(UTC) + self.offset)
