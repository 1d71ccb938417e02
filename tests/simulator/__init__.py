"""The simulator, held against the published reference."""

from datetime import UTC, datetime

KEY = "CCL.test.secret"
NUMBER = "+2348176470634"
ADA = "+2348183172770"
BEN = "+2348031234567"
GRACE = "+447911123456"
WHEN = datetime(2020, 2, 1, 6, 37, tzinfo=UTC)
"""When the published examples happened: 07:37 in Lagos."""
