"""A long run: nothing is lost, nothing doubled, and nothing grows."""
