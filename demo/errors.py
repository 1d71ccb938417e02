"""What stops the demo."""


class DemoError(Exception):
    """Tells in plain words what went wrong, and what to do."""
