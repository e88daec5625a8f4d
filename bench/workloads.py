"""The workloads by name; each gives the JSON object of the contract."""

from collections.abc import Callable, Mapping
from typing import Any

from bench import archive, callback, drop, ledger, planner, policy, reconcile, sandbox, search

WORKLOADS: Mapping[str, Callable[..., dict[str, Any]]] = {
    "archive": archive.run,
    "callback": callback.run,
    "drop": drop.run,
    "ledger": ledger.run,
    "planner": planner.run,
    "policy": policy.run,
    "reconcile": reconcile.run,
    "sandbox": sandbox.run,
    "search": search.run,
}
"""Each takes `quick` and `store`."""
