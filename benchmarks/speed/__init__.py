"""Speed and cost, always beside something that does the same."""
