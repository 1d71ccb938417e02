"""The main jobs, done once through Home Assistant's own doors, and looked at."""

from .run import run

__all__ = ["run"]
