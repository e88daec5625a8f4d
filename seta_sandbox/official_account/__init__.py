"""official_account, emulated."""
