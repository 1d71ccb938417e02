"""Benchmarks: faults, strangers' posts, speed and cost, a long run."""
