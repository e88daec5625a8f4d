"""Drops: rules, the gate under a race, and what follows a reservation."""
