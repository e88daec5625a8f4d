"""Antom: its key pairs, exported so that a client can be configured before the endpoints exist."""
