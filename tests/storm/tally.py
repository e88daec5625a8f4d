"""What is seen to have happened on a stormy day: in the sandbox's journal, in answers, and in the books at its end."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.storm.plan import PaymentPlan, kinds

NUMBER = re.compile(r"st_[0-9a-z]{26}")
# The word in the sandbox's note of a push that was spoilt, and the trouble that it is; what is lost is dropped often.
SPOILT = {
    "dropped": ("notice_dropped", "notice_lost"),
    "duplicate": ("notice_doubled",),
    "reorder": ("notice_reordered",),
    "bad_signature": ("notice_forged",),
    "sign_test": ("notice_probe",),
}
ENDED_UNPAID = frozenset({"canceled", "expired", "failed", "reversed"})
# How a payment must end that has had such a trouble, where the trouble says so; what had none is paid.
ENDS = {
    "": frozenset({"succeeded"}),
    "waits_then_pays": frozenset({"succeeded"}),
    "unknown_but_paid": frozenset({"succeeded"}),
    "500_after": frozenset({"succeeded"}),
    "timeout": frozenset({"succeeded"}),
    "slow": frozenset({"succeeded"}),
    "never_pays": ENDED_UNPAID,
    "waits_in_vain": ENDED_UNPAID,
    "unknown_in_vain": ENDED_UNPAID,
    "timeout_before": ENDED_UNPAID,
    "declined": frozenset({"failed"}),
}
# Proven by the payment's end alone: no call and no notification was spoilt.
BY_END = frozenset(
    {"never_pays", "waits_then_pays", "waits_in_vain", "unknown_but_paid", "unknown_in_vain", "declined"}
)


@dataclass
class Tally:
    """How often each kind of `plan.kinds` has happened; `pushed` is every notification that was acknowledged."""

    planned: dict[str, PaymentPlan] = field(default_factory=dict)
    happened: Counter[str] = field(default_factory=Counter)
    pushed: set[str] = field(default_factory=set)
    seen: int = 0

    def saw(self, kind: str) -> None:
        """Count one."""
        self.happened[kind] += 1

    def read(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Take the sandbox's newest exchanges into account."""
        for entry in entries:
            self.seen = max(self.seen, entry["n"])
            if entry["direction"] == "out":
                self._push(entry)
            elif entry["direction"] == "in" and entry["note"].startswith("fault: "):
                self._call(entry)

    def end(self, payments: Sequence[Mapping[str, Any]]) -> list[str]:
        """Count what the books say at the day's end; gives what ended otherwise than it had to, or never happened."""
        wrong = []
        for one in payments:
            plan = self.planned[one["out_trade_no"]]
            must = ENDS.get(plan.trouble)
            if must is not None and one["state"] not in must:
                wrong.append(
                    f"{one['reference']} ({plan.way}, {plan.trouble or 'no trouble'}) is {one['state']}"
                )
            elif plan.trouble in BY_END:
                self.saw(plan.kind)
            if one["state"] == "succeeded":
                self.saw(f"paid: {plan.way}")
            for back in one["refunds"]:
                self.happened[f"refunded: {plan.way}"] += back["state"] == "succeeded"
                self.happened["refund at the rate of its day"] += back["day_gain"] != 0
        return wrong + [f"never happened: {kind}" for kind in kinds() if not self.happened[kind]]

    def _push(self, entry: Mapping[str, Any]) -> None:
        label, _, note = entry["note"].partition(": ")
        kind, number = label.split(" ")
        if 200 <= entry["status"] < 300:
            # Antom tells with one kind of notification that somebody has paid, and that nobody has in time.
            is_paid = kind != "PAYMENT_RESULT" or '"resultStatus": "S"' in entry["request"]
            self.pushed.add(f"{kind if is_paid else 'UNPAID'} {number}")
        plan = self.planned.get(number)
        for word, troubles in SPOILT.items():
            if word not in note:
                continue
            if plan is not None and plan.trouble in troubles:
                self.saw(plan.kind)
            else:
                self.saw(f"refund: {troubles[0]}")

    def _call(self, entry: Mapping[str, Any]) -> None:
        fault = entry["note"].removeprefix("fault: ")
        said = f"{entry['path']} {entry['request']}"
        numbers = [number for number in NUMBER.findall(said) if number in self.planned]
        plan = self.planned[numbers[0]] if numbers else None
        if plan is not None and plan.trouble == fault:
            self.saw(plan.kind)
        else:
            self.saw(f"refund: {fault}")
