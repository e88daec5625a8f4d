"""The approved content library: what may be shown in the house's name, and whether what was shown is it."""
