"""Trials: a real Home Assistant is killed or restarted while its phone is busy."""
