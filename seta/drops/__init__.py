"""Limited releases: a few pieces, many people at the same second, nobody given a piece that is not there."""
