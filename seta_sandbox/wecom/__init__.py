"""wecom, emulated."""
