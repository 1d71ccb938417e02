"""What a busy house has kept: the values of its journals, as they lie on disk."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from homeassistant.util import dt as dt_util

from ..home import ADA

if TYPE_CHECKING:
    from collections.abc import Mapping

_LATEST = timedelta(days=1)
_PARTIES = 50


def tallies(number: int) -> Mapping[str, Any]:
    """Return what is remembered of so many different texts that came in."""
    seen = dt_util.utcnow().timestamp()
    return {f"tally:sms:{each:032x}": [1, 0, 1, seen, []] for each in range(number)}


def messages(number: int) -> Mapping[str, Any]:
    """Return a conversation of so many texts, with fifty people."""
    latest = dt_util.utcnow() - _LATEST
    return {
        str(each): {
            "direction": "in",
            "kind": "sms",
            "number": f"{ADA[:-2]}{each % _PARTIES:02}",
            "contact_id": None,
            "text": f"Before {each}",
            "time": (latest + timedelta(seconds=each)).isoformat(),
            "status": "received",
            "tracking_id": None,
        }
        for each in range(1, number + 1)
    }


def deliveries(number: int, status: str) -> Mapping[str, Any]:
    """Return so many texts that left, as far as they got."""
    accepted_at = dt_util.utcnow().timestamp() - 60
    return {
        f"sms:past{each}": {
            "recipient": ADA,
            "contact_id": None,
            "context": [f"{each:026}", None, None],
            "status": status,
            "told": [],
            "accepted_at": accepted_at + each / number,
        }
        for each in range(number)
    }
