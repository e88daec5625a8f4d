"""Businesses that keep their own listing in a city's guide: a door, proposals, and the city's answers."""
