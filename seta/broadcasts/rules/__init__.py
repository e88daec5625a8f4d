"""Broadcasts' rules: where one is, whom it is for, how it is divided, why it is refused."""
