"""What a webhook says, how it is signed, when it is tried again and where it may go: pure functions."""
