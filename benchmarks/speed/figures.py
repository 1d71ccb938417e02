"""Figures: of many measurements, those that tell."""

from statistics import median, quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_PERCENT = 100


def p50(values: Sequence[float]) -> float:
    """Return the value in the middle."""
    return median(values)


def p99(values: Sequence[float]) -> float:
    """Return the value that one in a hundred is above."""
    return quantiles(values, n=_PERCENT)[-1]


def ratio(value: float, other: float) -> str:
    """Say how many times the other it is."""
    return f"{value / other:.2f}"
