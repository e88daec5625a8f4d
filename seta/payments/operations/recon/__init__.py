"""The steps of reconciliation: keep the file, take the books, mark what matched, open and close breaks."""
