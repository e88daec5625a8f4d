"""Physical boutiques: slots that cannot be booked twice, calendar files and visits proven in the store."""
