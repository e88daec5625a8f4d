"""What builds, tests and measures Seta; nothing of it runs in production."""
