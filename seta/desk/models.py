"""The desk keeps nothing of its own: refunds that wait for a second person are in the payments' queue."""
