"""Money from a client's yuan to a house's euros: quotes, intents, refunds, reconciliation, settlement."""
