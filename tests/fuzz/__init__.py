"""Ten thousand malformed requests at a time: whatever comes, no door breaks and nothing changes."""
