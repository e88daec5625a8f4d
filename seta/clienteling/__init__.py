"""Associates, their clients, what they share, and the sales that came of it."""
