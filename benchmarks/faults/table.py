"""The fault table as a page shows it: equal rows together."""

from itertools import groupby
import json
from pathlib import Path
import re
from typing import TYPE_CHECKING

from ..page import table
from .befalls import FAULTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .trial import Row

_ENGLISH = (
    Path(__file__).parents[2] / "custom_components/cecula_sync/translations/en.json"
)
_CODE = re.compile(r"refused_ce\d+")
_ANY_CODE = "refused_ce…"
_HEAD = ("What is done", "What goes wrong", "What you see", "Asked", "Left")

type Outcome = tuple[str, str, str, str]


def as_table(rows: Iterable[Row]) -> str:
    """Return it as Markdown."""
    shown: dict[Outcome, list[str]] = {}
    for operation, theirs in groupby(rows, key=lambda row: row.operation.name):
        for outcome in _outcomes(theirs):
            shown.setdefault(outcome, []).append(operation)
    return table(
        _HEAD,
        [(", ".join(operations), *outcome) for outcome, operations in shown.items()],
    )


def _outcomes(rows: Iterable[Row]) -> list[Outcome]:
    """Return how one operation ends, and with which faults."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        seen = _CODE.sub(_ANY_CODE, row.seen) + (", which stays" if row.stays else "")
        outcome = (seen, str(row.asked), str(row.left))
        found.setdefault(outcome, []).append(row.fault.name)
    return [(_in_short(names), *outcome) for outcome, names in found.items()]


def _in_short(names: list[str]) -> str:
    """Name groups of faults where all of them are there."""
    found = []
    for group, faults in groupby(FAULTS, key=lambda fault: fault.group):
        each = [fault.name for fault in faults]
        if set(each) <= set(names):
            found.append(group)
        else:
            found.extend(name for name in each if name in names)
    return ", ".join(found)


def sentences(rows: Iterable[Row]) -> str:
    """Return what stands behind the keys of errors, as Markdown."""
    texts = json.loads(_ENGLISH.read_text("utf-8"))
    exceptions, forms = texts["exceptions"], texts["config"]["error"]
    keys = {key for row in rows for key in re.findall(r"`(\w+)`", row.seen)}
    return table(
        ("Key", "Sentence"),
        [
            (
                f"`{key}`",
                exceptions[key]["message"] if key in exceptions else forms[key],
            )
            for key in sorted(keys)
            if key in exceptions or key in forms
        ],
    )
