"""What a sandbox remembers, as one value that two moments can be compared by."""

from collections import deque
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from seta_sandbox.kit.world import World

# What every call may touch: how often somebody has asked, and keys that are made on first use.
NOT_STATE = frozenset({"quotas", "keys"})
# These are no memory of what calls have done: the journal, the clock, randomness, wires.
NOT_REMEMBERED = frozenset({"journal", "clock", "rng", "keys", "setup", "pusher", "now", "_by_identifier"})


def remembered(world: World) -> dict[str, Any]:
    """Everything but the journal, the clock, randomness and quota counters, as plain values.

    A family's state that was begun and not used since is the same as none.
    """
    found = {name: plain(value) for name, value in sorted(vars(world).items()) if name not in NOT_REMEMBERED}
    states: dict[type, Any] = getattr(world, "_states", {})
    found["_states"] = {
        kind.__module__: plain(state) for kind, state in states.items() if plain(state) != plain(kind())
    }
    return found | {"callbacks": plain(world.setup.callbacks)}


def plain(value: Any) -> Any:
    """A value of dicts, lists and texts only, in a fixed order; functions are left out."""
    if value is None or isinstance(value, str | bytes | int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {repr(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, Set):
        return sorted(map(repr, value))
    if isinstance(value, Sequence | deque):
        return [plain(entry) for entry in value]
    if is_dataclass(value):
        names = [field.name for field in fields(value)]
        return {name: plain(getattr(value, name)) for name in names if name not in NOT_STATE}
    if callable(value):
        return None
    members = getattr(value, "__dict__", {})
    return {name: plain(entry) for name, entry in members.items() if name not in NOT_STATE | NOT_REMEMBERED}


def difference(before: Any, after: Any, where: str = "world") -> str:
    """Where two remembered worlds differ first, or nothing."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in [*before, *(name for name in after if name not in before)]:
            if name not in before or name not in after:
                return f"{where}.{name} {'appeared' if name not in before else 'went'}: {after.get(name)!r}"[
                    :600
                ]
            if found := difference(before[name], after[name], f"{where}.{name}"):
                return found
        return ""
    return "" if before == after else f"{where}: {before!r} became {after!r}"[:600]
