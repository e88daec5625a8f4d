"""The shelf of approved content: what may be shown in the house's name, and whether what was shown is it."""
