"""Tests of the provider's API, through a socket to the simulator."""
