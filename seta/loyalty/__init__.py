"""Tiers and access rights that clients earn by coming, buying and taking part, and never by sharing or following."""
