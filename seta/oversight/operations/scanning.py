"""Runs the policy over a file of messages, and every rule over its own tests; reads and answers, keeps nothing."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import opencc

from seta.oversight.policy import live, shipped
from seta.oversight.rules import Policy, Rule, judge
from seta.oversight.rules.policy import CHANNELS, SENDERS
from seta.oversight.rules.proving import alarmed, finds, missed

_TRADITIONAL = opencc.OpenCC("s2t")


class ScanError(ValueError):
    """A file that cannot be scanned; the message names the line and what to change."""


def scan_file(path: Path, *, house_id: int | None = None) -> dict[str, Any]:
    """Judge each line {"id","text","sender","channel"} of a JSONL file; raises ScanError, OSError.

    The shipped policy judges, or a house's live one.

    Answers {"policy", "results": [{"id", "hits": [{"rule","severity","action","start","end","tier"}]}]}.
    """
    policy = shipped() if house_id is None else live(house_id)
    results = []
    with path.open(encoding="utf-8", errors="surrogateescape") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                results.append(_scan(_line(line, f"{path.name} line {number}"), policy))
    return {"policy": policy.version, "results": results}


def _line(line: str, where: str) -> Mapping[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError as problem:
        raise ScanError(f"{where}: not JSON ({problem}); write one object a line") from problem
    if not isinstance(entry, dict) or "id" not in entry or not isinstance(entry.get("text"), str):
        raise ScanError(f'{where}: expected an object with "id" and a text "text"')
    sender, channel = entry.get("sender", "sa"), entry.get("channel", "wecom_1to1")
    if sender not in SENDERS:
        raise ScanError(f"{where}: sender {sender!r} is none of {sorted(SENDERS)}")
    if channel not in CHANNELS:
        raise ScanError(f"{where}: channel {channel!r} is none of {sorted(CHANNELS)}")
    return {"id": entry["id"], "text": entry["text"], "sender": sender, "channel": channel}


def _scan(entry: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
    verdict = judge(entry["text"], channel=entry["channel"], sender=entry["sender"], policy=policy)
    hits = [
        {
            "rule": hit.rule,
            "severity": hit.severity,
            "action": hit.action.word,
            "start": hit.start,
            "end": hit.end,
            "tier": hit.tier,
        }
        for hit in verdict.hits
    ]
    return {"id": entry["id"], "hits": hits}


_VARIANTS: Mapping[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "traditional": lambda text: str(_TRADITIONAL.convert(text)),
    "spaced": lambda text: " ".join(text),
    "emoji": lambda text: "❤️".join(text),
    "zero_width": lambda text: "\u200b".join(text),
    "full_width": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
}


def run_policy_tests() -> dict[str, Any]:
    """Run every rule's own tests and the disguises of their hits.

    Answers {"ok", "policy", "rules": [{"rule","hits","found","misses","alarmed","failures"}],
    "disguises": {name: recall}}.
    Recall counts Chinese hits only; separated latin words are beyond what word boundaries allow.
    """
    policy = shipped()
    rules = [_test_rule(rule, policy) for rule in policy.rules]
    chinese = [
        (rule, test[-1])
        for rule in policy.rules
        for test in rule.hits
        if len(test) == 1 and _han(test[-1]) and not _numbers(test[-1])
    ]
    disguises = {
        name: sum(finds(rule, (disguise(text),), policy) for rule, text in chinese) / len(chinese)
        for name, disguise in _VARIANTS.items()
    }
    return {
        "ok": not any(row["failures"] for row in rules),
        "policy": policy.version,
        "rules": rules,
        "disguises": disguises,
    }


def _numbers(text: str) -> bool:
    return sum(map(str.isdigit, text)) > 6


def _han(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def _test_rule(rule: Rule, policy: Policy) -> dict[str, Any]:
    lost, found = missed(rule, policy), alarmed(rule, policy)
    return {
        "rule": rule.id,
        "severity": rule.severity.value,
        "hits": len(rule.hits),
        "found": len(rule.hits) - len(lost),
        "misses": len(rule.misses),
        "alarmed": len(found),
        "failures": [f"not found: {text}" for text in lost] + [f"found: {text}" for text in found],
    }
