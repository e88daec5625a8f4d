"""The one kind of failure that a command shows as a single line."""


class Trouble(Exception):
    """A problem that the person at the shell can do something about; its text is all that is printed."""
