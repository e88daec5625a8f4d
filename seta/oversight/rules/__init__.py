"""Oversight's pure rules: policy, judgement, the archive's shapes and the proof chain. No clock, no query."""

from seta.oversight.rules.compiling import Policy, compile_documents, compile_rules, digest
from seta.oversight.rules.fold import fold
from seta.oversight.rules.judging import (
    ALLOWED,
    Hit,
    Piece,
    Turn,
    Verdict,
    approved_spans,
    judge,
    judge_turn,
    merges,
    pieces,
)
from seta.oversight.rules.policy import Action, PolicyError, Rule, Severity, parse

__all__ = [
    "ALLOWED",
    "Action",
    "Hit",
    "Piece",
    "Policy",
    "PolicyError",
    "Rule",
    "Severity",
    "Turn",
    "Verdict",
    "approved_spans",
    "compile_documents",
    "compile_rules",
    "digest",
    "fold",
    "judge",
    "judge_turn",
    "merges",
    "parse",
    "pieces",
]
