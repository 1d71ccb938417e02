"""The stops of the tour, each of which does one thing and sees that it was done."""
