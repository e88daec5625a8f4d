"""What every emulated provider shares: clock, journal, faults, pushes, keys and the people."""
