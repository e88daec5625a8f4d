"""Search in the archive: keyed tokens of folded text, an index on either database, and the recheck that makes it exact."""
