"""The partners' pages: the door, their listings, and what leaves on paper."""
