"""The family's state."""

from dataclasses import dataclass


@dataclass
class State:
    """Everything this family remembers; a fresh one for every world."""
