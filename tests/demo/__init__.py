"""The demo without Home Assistant; `scripts/demo --check` is the demo with it."""
