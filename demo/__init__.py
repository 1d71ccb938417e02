"""The demo: a real Home Assistant beside the simulator, and a check of both."""
