"""One person, however many identities the platforms give them, and what they have agreed to."""
