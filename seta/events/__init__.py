"""Facts, told once in the transaction that makes them true and delivered at least once to who asked."""
