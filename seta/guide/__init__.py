"""Places, partners and plans of a destination: found in four spellings, planned around real opening hours."""
