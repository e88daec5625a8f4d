"""Webhooks out: a house's own systems hear chosen facts, signed, in order, until they say that they have them."""
