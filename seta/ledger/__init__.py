"""Books that only grow: accounts, journals and postings, each journal zero in every currency."""
