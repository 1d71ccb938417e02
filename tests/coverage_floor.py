"""Says which modules the tests cover too little, whatever the total is.

`python -m tests.coverage_floor` reads coverage's JSON report from standard input.
"""

from collections.abc import Iterator
import json
from pathlib import PurePosixPath
import sys
from typing import Any

COMPONENT = PurePosixPath("custom_components/cecula_sync")
FLOOR = 95.0
# A user who is stuck in a dialog has no other way.
DIALOGS = (
    "config_flow.py",
    "options_flow.py",
    "first_text.py",
    "subentry_flow.py",
    "group_flow.py",
    "connection_form.py",
    "settings_form.py",
)


def shortfalls(report: dict[str, Any]) -> Iterator[str]:
    """Yield a line for each module that is covered too little, or not known."""
    percents = {
        PurePosixPath(path).relative_to(COMPONENT).as_posix(): file["summary"][
            "percent_covered"
        ]
        for path, file in report["files"].items()
        if PurePosixPath(path).is_relative_to(COMPONENT)
    }
    for module in DIALOGS:
        if module not in percents:
            yield f"{module} is not there"
    for module, percent in sorted(percents.items()):
        wanted = 100.0 if module in DIALOGS else FLOOR
        if percent < wanted:
            yield f"{module} is covered by {percent:.2f} %, not {wanted:.0f}"


if __name__ == "__main__":
    found = list(shortfalls(json.load(sys.stdin)))
    print(*found, sep="\n")  # noqa: T201 (it talks to a person in a terminal)
    sys.exit(bool(found))
