"""The page that the figures stand on, each table between its markers."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = Path(__file__).parents[1] / "docs" / "proof.md"


def markers(name: str) -> tuple[str, str]:
    """Return what stands before and after a table."""
    return f"<!-- {name}: made by scripts/bench -->", f"<!-- {name} ends -->"


def write(name: str, content: str) -> None:
    """Put a table in the place of the one that stands there."""
    begin, end = markers(name)
    before, _, rest = PAGE.read_text("utf-8").partition(begin)
    _, _, after = rest.partition(end)
    if not rest:
        message = f"{PAGE.name} has no place for {name!r}"
        raise ValueError(message)
    PAGE.write_text(f"{before}{begin}\n\n{content}\n\n{end}{after}", "utf-8")


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a table."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
