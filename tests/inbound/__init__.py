"""Tests of what comes in, on a clock: by posts, by looks, and from disk."""
