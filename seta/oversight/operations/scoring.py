"""Judges the labelled set by the shipped policy and tells the tables; the sealed side never as texts."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from seta.oversight.policy import shipped
from seta.oversight.rules import Action, Policy, Turn, judge_turn
from seta.oversight.rules.scoring import (
    CATEGORY_NAMES,
    Alert,
    AlertRow,
    Judged,
    PrecisionRow,
    RecallRow,
    Score,
    Share,
    score,
)

FOLDER = Path(__file__).resolve().parents[3] / "quality"
SIDES = ("tuning", "sealed")
VARIANT_TARGETS: Mapping[str, float] = {
    "plain": 0.99,
    "traditional": 0.99,
    "separators": 0.99,
    "homophone_one": 0.95,
    "homophone_all": 0.95,
    "pinyin_mixed": 0.95,
    "pinyin_whole": 0.85,
}
ORDINARY_TARGETS = (0.003, 0.001)
PRECISION_TARGET = 0.60
# Any instant does: windows of rules look at how far apart messages are.
_BEGAN = datetime(2027, 3, 1, 10, tzinfo=UTC)


class SetMissing(Exception):
    """The labelled set is not beside this installation; it lives in the source tree's folder `quality`."""


@dataclass(frozen=True)
class Side:
    """One side of the set as judged: its file's SHA-256, how many conversations it has and its tables."""

    name: str
    sha256: str
    conversations: int
    languages: Mapping[str, int]
    ordinary: int
    score: Score


def score_policy(*, folder: Path = FOLDER) -> dict[str, Any]:
    """Both sides' tables, ready for JSON; shares carry `n`, `found`, `rate`, `low` and `high` (95 % Wilson).

    Raises SetMissing when the folder has no set.
    """
    return {
        "policy": shipped().version,
        "sides": {side.name: asdict(side) for side in _sides(folder)},
        "targets": {
            "recall": dict(VARIANT_TARGETS),
            "ordinary": ORDINARY_TARGETS,
            "precision": PRECISION_TARGET,
        },
    }


def missed(*, folder: Path = FOLDER) -> list[dict[str, Any]]:
    """What the policy gets wrong on the tuning side: breaches not found and harmless messages alerted.

    There is no such list of the sealed side: whoever reads it could tune on it. Raises SetMissing.
    """
    told: dict[tuple[str, str, str], dict[str, Any]] = {}
    for each in _judged(_lines(folder, "tuning"), shipped()):
        wrong = "missed" if each.labels and not each.found else "false alert"
        if each.found or not (each.labels or each.alerts):
            continue
        told[wrong, each.text, each.sender] = {
            "wrong": wrong,
            "about": each.about,
            "variant": each.variant,
            "language": each.language,
            "sender": each.sender,
            "text": each.text,
            "rules": sorted({alert.rule for alert in each.alerts}),
        }
    return list(told.values())


def quality_lines(*, folder: Path = FOLDER) -> Iterator[str]:
    """The tables as Markdown, as `seta policy test` prints them; raises SetMissing."""
    for side in _sides(folder):
        yield from _side_lines(side)


def quality_page(*, note: str = "") -> Iterator[str]:
    """The lines of docs/policy-quality.md, with a note under the title; raises SetMissing."""
    sides = _sides(FOLDER)
    yield "# What the policy finds, and what it should have left alone"
    yield ""
    if note:
        yield from (note, "")
    yield "The shipped policy judged the labelled set of [quality/](../quality/README.md), every message with its"
    yield "channel and sender. Whoever writes rules sees the tuning side; of the sealed side only these counts"
    yield "([decision 0029](decisions/0029-a-sealed-set.md)). Run it with `seta policy test`."
    yield ""
    yield "- A breach is found when a rule of a category it is labelled with speaks about that message. *Direct*"
    yield "  *words* are those everybody would list for it, *free words* however people put it. *If found plain* counts"
    yield "  only breaches whose undisguised wording is found: it tells what a disguise alone hides."
    yield "- A message that occurs several times in the same words counts once. Intervals are Wilson's at 95 %."
    yield "- Precision depends on how many breaches there are among how much talk: here they are far more frequent than"
    yield "  in a shop, so a rule's precision in use will be lower; the alert rate on ordinary talk carries over."
    yield "- The set was written by one hand at one time; it is not the talk of your clients. Its homophones are drawn"
    yield "  at random among common characters of the same sound, which is harsher than what people choose."
    yield "- The threshold of what is learnt in English and Italian was chosen by the sealed counts: there they are no"
    yield "  independent estimate ([decision 0043](decisions/0043-heard-without-a-list.md))."
    yield ""
    yield "Targets for serious breaches: recall at least 0.99 plain, traditional and separated, 0.95 with homophones"
    yield "and mixed pinyin, 0.85 in whole pinyin; alerts on ordinary talk at most 0.3 %, serious ones at most 0.1 %;"
    yield "precision of serious alerts at least 0.60. A figure that misses its target is marked ✗."
    yield ""
    yield "| side | conversations | messages | distinct | breaches | ordinary conversations | zh · en · it | SHA-256 |"
    yield "|---|---:|---:|---:|---:|---:|---|---|"
    for side in sides:
        languages = " · ".join(str(side.languages.get(each, 0)) for each in ("zh", "en", "it"))
        yield (
            f"| {side.name} | {side.conversations} | {side.score.messages} | {side.score.distinct} | "
            f"{side.score.breaches} | {side.ordinary} | {languages} | `{side.sha256}` |"
        )
    for side in sides:
        yield from ("", *_side_lines(side))


@cache
def _sides(folder: Path) -> tuple[Side, ...]:
    """Judged once a process: a page and a table of the same run say the same."""
    return tuple(_side(folder, name) for name in SIDES)


def _side(folder: Path, name: str) -> Side:
    lines = _lines(folder, name)
    about = {line["conversation"]: (line["about"], line["language"]) for line in lines}
    languages = [language for _, language in about.values()]
    return Side(
        name,
        hashlib.sha256(_file(folder, name).read_bytes()).hexdigest(),
        len(about),
        {each: languages.count(each) for each in sorted(set(languages))},
        sum(kind == "ordinary" for kind, _ in about.values()),
        score(_judged(lines, shipped())),
    )


def _file(folder: Path, name: str) -> Path:
    path = folder / name / ("conversations.jsonl.gz" if name == "sealed" else "conversations.jsonl")
    if not path.is_file():
        raise SetMissing(f"no labelled set at {path}; run from a source tree that has the folder quality")
    return path


def _lines(folder: Path, name: str) -> list[dict[str, Any]]:
    raw = _file(folder, name).read_bytes()
    text = gzip.decompress(raw) if name == "sealed" else raw
    return [json.loads(line) for line in text.splitlines()]


def _judged(lines: Sequence[Mapping[str, Any]], policy: Policy) -> Iterator[Judged]:
    """Every message with what the policy says of it in its conversation, whose messages are a minute apart."""
    categories = {rule.id: rule.category for rule in policy.rules}
    for _, group in groupby(lines, key=lambda line: line["conversation"]):
        before: list[Turn] = []
        for line in group:
            turn = Turn(line["text"], line["sender"], _BEGAN + timedelta(minutes=len(before)))
            verdict = judge_turn(turn, before, channel=line["channel"], policy=policy)
            before.append(turn)
            spoke = {hit.rule: hit for hit in verdict.hits if hit.action > Action.ALLOW}
            alerts = (Alert(rule, categories[rule], hit.severity) for rule, hit in sorted(spoke.items()))
            yield _labelled(line, tuple(alerts))


def _labelled(line: Mapping[str, Any], alerts: tuple[Alert, ...]) -> Judged:
    return Judged(
        text=line["text"],
        sender=line["sender"],
        labels=tuple(line["labels"]),
        severity=line["severity"],
        variant=line["variant"],
        language=line["language"],
        about=line["about"],
        core=line.get("core", ""),
        wording=line.get("wording", ""),
        alerts=alerts,
    )


def _side_lines(side: Side) -> Iterator[str]:
    yield f"## The {side.name} side"
    yield from ("", "### Serious breaches of all categories", "")
    yield from _recall_table(side.score.serious, categories=False)
    yield from ("", "### Harmless talk that raised an alert", "")
    yield from _alert_table(side.score.harmless)
    yield from ("", "### Precision", "")
    yield from _precision_table((*side.score.precision, *side.score.rules))
    yield from ("", "### Recall by category, variant and language", "")
    yield from _recall_table(side.score.recall, categories=True)


def _recall_table(rows: Iterable[RecallRow], *, categories: bool) -> Iterator[str]:
    head = "| category " if categories else ""
    columns = "| variant | language | n | found | recall | 95 % | direct words | 95 % | free words | if found plain |"
    yield head + columns
    yield f"{'|---' if categories else ''}|---|---|---:|---:|---:|---|---:|---|---:|---:|"
    for row in rows:
        least = None if categories else VARIANT_TARGETS.get(row.variant)
        first = f"| {CATEGORY_NAMES.get(row.category, row.category)} " if categories else ""
        yield (
            f"{first}| {row.variant.replace('_', ' ')} | {row.language} | {row.share.n} | {row.share.found} | "
            f"{_rate(row.share, least=least)} | {_interval(row.share)} | "
            f"{_of(row.direct, least=least)} | {_interval(row.direct)} | {_of(row.free)} | {_of(row.known)} |"
        )


def _alert_table(rows: Iterable[AlertRow]) -> Iterator[str]:
    yield "| talk | language | distinct messages | alerted | rate | 95 % | serious | rate | 95 % |"
    yield "|---|---|---:|---:|---:|---|---:|---:|---|"
    for row in rows:
        whole = row.kind == "ordinary" and row.language == "all"
        most = ORDINARY_TARGETS if whole else (None, None)
        yield (
            f"| {row.kind} | {row.language} | {row.alerted.n} | {row.alerted.found} | "
            f"{_percent(row.alerted, most[0])} | {_interval(row.alerted, percent=True)} | {row.serious.found} | "
            f"{_percent(row.serious, most[1])} | {_interval(row.serious, percent=True)} |"
        )


def _precision_table(rows: Iterable[PrecisionRow]) -> Iterator[str]:
    yield "| rule | category | severity | alerts | right | on another breach | precision | 95 % |"
    yield "|---|---|---|---:|---:|---:|---:|---|"
    for row in rows:
        least = PRECISION_TARGET if row.rule == "" and row.severity == "serious" else None
        name = f"`{row.rule}`" if row.rule else "*all rules*"
        category = CATEGORY_NAMES.get(row.category, row.category)
        yield (
            f"| {name} | {category} | {row.severity} | {row.precision.n} | {row.precision.found} | "
            f"{row.other} | {_rate(row.precision, least=least)} | {_interval(row.precision)} |"
        )


def _rate(of: Share, *, least: float | None = None) -> str:
    if of.rate is None:
        return "–"
    return f"{of.rate:.3f}" + (" ✗" if least is not None and of.rate < least else "")


def _of(share: Share, *, least: float | None = None) -> str:
    """A rate with what it is a rate of, for the columns whose count has no column of its own."""
    return f"{_rate(share, least=least)} of {share.n}" if share.n else "–"


def _percent(of: Share, most: float | None) -> str:
    if of.rate is None:
        return "–"
    return f"{of.rate * 100:.2f} %" + (" ✗" if most is not None and of.rate > most else "")


def _interval(of: Share, *, percent: bool = False) -> str:
    if percent:
        return f"{of.low * 100:.2f}–{of.high * 100:.2f} %"
    return f"{of.low:.3f}–{of.high:.3f}"
