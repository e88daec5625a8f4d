"""Typed, synchronous clients for the platforms Seta speaks to: plain Python, one folder a family."""
