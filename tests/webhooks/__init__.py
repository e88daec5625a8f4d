"""Webhooks out, tried with receivers that verify, drop, refuse and dawdle."""
