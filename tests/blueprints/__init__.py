"""The ready-made automations, run as people would run them."""
