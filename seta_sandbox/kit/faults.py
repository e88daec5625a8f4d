"""The fault plan: what goes wrong next, where, and how many times."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

# Faults of calls to the sandbox. `timeout`: the work is done but the answer comes too late. `slow`: the answer is
# late but comes. `errcode`: refused with the family's own error envelope. `500`: an outage, nothing is done.
# `500_after`: the work is done and the answer is an outage. `timeout_before`: no answer comes and nothing is done.
REQUEST_KINDS = frozenset({"timeout", "timeout_before", "500", "500_after", "errcode", "slow"})
# Faults of pushes. `drop`: this attempt never arrives. `duplicate`: it arrives twice. `reorder`: it arrives after
# the next one. `bad_signature`, `sign_test`: the family signs it wrongly or as a signature probe.
PUSH_KINDS = frozenset({"duplicate", "reorder", "drop", "bad_signature", "sign_test"})
# Defects that a payment family plants in itself, to show that whoever judges it notices. `nosig`: the answer is not
# signed. `double_refund`: a refund number sent again moves money again. `over_refund`: more than was paid is refunded.
DEFECT_KINDS = frozenset({"nosig", "double_refund", "over_refund"})
KINDS = REQUEST_KINDS | PUSH_KINDS | DEFECT_KINDS


@dataclass
class Fault:
    """One line of the plan. `match` is a part of `<family> <path or push label>`; `*` matches everything.

    `about` narrows it to calls whose path, query or body hold that text, such as an order's number.
    """

    match: str
    times: int
    kind: str
    value: Any = None
    about: str = ""


class FaultPlan:
    """Lines are used up in the order in which they were added."""

    def __init__(self) -> None:
        self.lines: list[Fault] = []

    def add(self, match: str, times: int = 1, kind: str = "500", value: Any = None, about: str = "") -> Fault:
        """Plan a fault; raises ValueError for an unknown kind or fewer than one time."""
        if kind not in KINDS:
            raise ValueError(f"unknown fault kind {kind!r}; use one of {', '.join(sorted(KINDS))}")
        if times < 1:
            raise ValueError("times must be at least 1")
        fault = Fault(match or "*", times, kind, value, about)
        self.lines.append(fault)
        return fault

    def take(self, family: str, path: str, kinds: Collection[str] = KINDS, *, said: str = "") -> Fault | None:
        """Use up one matching fault of the given kinds, or None; `said` is what else the call holds."""
        target = f"{family} {path}"
        for fault in self.lines:
            matches = fault.match == "*" or fault.match in target
            if fault.kind in kinds and matches and (fault.about in target or fault.about in said):
                fault.times -= 1
                if fault.times == 0:
                    self.lines.remove(fault)
                return fault
        return None
