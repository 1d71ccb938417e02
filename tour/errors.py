"""Why the tour can't go on."""

from demo.errors import DemoError


class TourError(DemoError):
    """What was to be seen is not there, or there is nothing to see it with."""
