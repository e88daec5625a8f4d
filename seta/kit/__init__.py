"""Small plain-Python tools that every part may use: money, time, identifiers, scenes, limits."""
