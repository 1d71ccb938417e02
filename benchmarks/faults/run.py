"""The run that makes the table."""

from typing import TYPE_CHECKING

from ..home import ADA, Home, contact
from .befalls import FAULTS
from .ground import Ground, Stranger
from .operations import OPERATIONS
from .trial import try_all

if TYPE_CHECKING:
    from .trial import Row


async def try_everything() -> list[Row]:
    """Try every operation with every fault; takes about a minute."""
    rows = []
    async with Home() as home, Stranger() as stranger:
        ground = Ground(
            hass=home.hass,
            simulator=home.simulator,
            line=home.line,
            entry=await home.add_entry((contact("Ada", ADA),)),
            stranger=stranger,
        )
        for operation in OPERATIONS:
            print(f"{operation.name} ...", flush=True)
            rows += await try_all(ground, operation, FAULTS)
    return rows
