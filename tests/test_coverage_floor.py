"""Each module is held to be covered, and each dialog wholly."""

from typing import Any

import pytest

from .coverage_floor import DIALOGS, shortfalls


def report(**percents: float) -> dict[str, Any]:
    """Return a report of coverage: all dialogs are whole, if not said otherwise."""
    modules = {**dict.fromkeys(DIALOGS, 100.0)}
    modules |= {f"{name}.py": percent for name, percent in percents.items()}
    return {
        "files": {
            f"custom_components/cecula_sync/{module}": {
                "summary": {"percent_covered": percent}
            }
            for module, percent in modules.items()
        }
    }


def test_what_is_covered_well_is_not_named() -> None:
    assert list(shortfalls(report(webhook=95.0, sensor=100.0))) == []


@pytest.mark.parametrize(
    ("module", "percent", "wanted"),
    [
        pytest.param("webhook", 94.99, 95, id="a module"),
        pytest.param("config_flow", 99.5, 100, id="a dialog"),
    ],
)
def test_what_is_covered_too_little_is_named(
    module: str, percent: float, wanted: int
) -> None:
    assert list(shortfalls(report(**{module: percent}))) == [
        f"{module}.py is covered by {percent:.2f} %, not {wanted}"
    ]


def test_a_dialog_that_is_not_measured_is_named() -> None:
    """It may have another name by now."""
    unnamed = report()
    del unnamed["files"]["custom_components/cecula_sync/config_flow.py"]
    assert list(shortfalls(unnamed)) == ["config_flow.py is not there"]


def test_the_simulator_is_not_held_to_it() -> None:
    measured = report()
    measured["files"]["simulator/page.py"] = {"summary": {"percent_covered": 50.0}}
    assert list(shortfalls(measured)) == []
