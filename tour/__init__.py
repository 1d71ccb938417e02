"""A tour in a real browser: what a person sees and clicks, from the first minute on."""
