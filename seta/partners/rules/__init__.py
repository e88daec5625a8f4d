"""Rules of partners: what a form may say, a week as opening hours, and why something is refused."""
