"""Search in the archive: keyed tokens of folded text, an index on either database, and an exact recheck."""
