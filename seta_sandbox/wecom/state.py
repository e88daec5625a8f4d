"""WeCom's members, contact ways, relations, tags and archive records."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Member:
    """A sales associate."""

    userid: str
    name: str


@dataclass
class State:
    """Everything this family remembers; a fresh one for every world."""

    members: list[Member] = field(
        default_factory=lambda: [Member("linyue", "林悦"), Member("marco.bassi", "Marco Bassi")]
    )
