"""The smallest event that pretix sells from: one organizer, an event a piece, nothing of ours in the way."""
