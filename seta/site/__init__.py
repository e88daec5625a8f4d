"""The composition root: settings, addresses, and the one table of who hears what."""
