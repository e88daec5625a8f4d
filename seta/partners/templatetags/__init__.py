"""What the partners' templates ask for."""
