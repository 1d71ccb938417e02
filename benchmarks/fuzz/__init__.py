"""Hostile input: bodies that no provider posts, against the running webhook."""
