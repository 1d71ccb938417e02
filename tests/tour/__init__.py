"""Tests of what goes on the tour; the tour itself needs a browser."""
