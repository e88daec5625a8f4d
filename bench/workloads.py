"""The workloads by name; each gives the JSON object of the contract."""

from collections.abc import Callable, Mapping
from typing import Any

from bench import callback, drop, sandbox

WORKLOADS: Mapping[str, Callable[..., dict[str, Any]]] = {
    "callback": callback.run,
    "drop": drop.run,
    "sandbox": sandbox.run,
}
"""Each takes `quick` and `store`."""
