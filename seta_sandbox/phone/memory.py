"""What phones remember beside the platforms' own state: the network's settings, calendars, places, permissions."""

from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from seta_sandbox.kit.keys import Keyring
from seta_sandbox.kit.world import World

REQUEST_BASE = "http://127.0.0.1:8800"
REQUEST_DOMAINS = ("api.seta.example",)
CALENDAR_ENTRIES_MAX = 100


@dataclass
class Network:
    """Where the mini program's requests go: `domains` are the allowed hosts, `request_base` the server behind them."""

    request_base: str = REQUEST_BASE
    domains: tuple[str, ...] = REQUEST_DOMAINS


@dataclass
class Phones:
    """One world's phones by consumer key: calendar entries, the spot a phone is at, what mini programs were allowed."""

    calendars: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    spots: dict[str, str] = field(default_factory=dict)
    scopes: dict[tuple[str, str], dict[str, bool]] = field(default_factory=dict)


# The network's settings outlive a reset as the keyring does; the rest goes with its world.
_networks: WeakKeyDictionary[Keyring, Network] = WeakKeyDictionary()
_phones: WeakKeyDictionary[World, Phones] = WeakKeyDictionary()


def network_of(world: World) -> Network:
    """The settings of this sandbox's network."""
    return _networks.setdefault(world.keys, Network())


def phones_of(world: World) -> Phones:
    """What the phones of this world remember."""
    return _phones.setdefault(world, Phones())
