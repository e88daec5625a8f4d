"""What a person may ask of a house about themselves: a copy of what is kept, and to be forgotten."""
