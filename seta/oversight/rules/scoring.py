"""Counts how well a policy finds what a labelled set says it should, with how sure those counts let us be."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Z_95 = 1.959963984540054
SERIOUS = frozenset({"high", "critical"})
# What a page calls the categories that labels and rules name.
CATEGORY_NAMES: Mapping[str, str] = {
    "discount": "unauthorised discount",
    "payment": "personal payment",
    "off_platform": "off-platform contact",
    "grey_market": "grey market",
    "unapproved": "unapproved content",
    "pii": "personal data",
    "ad_law": "advertising law",
    "rude": "rude tone",
    "confidential": "confidentiality",
    "kickback": "gifts and kickbacks",
    "counterfeit": "counterfeit talk",
    "complaint": "client complaint",
}


# The order of rows: from the plainest to what takes most undoing.
VARIANTS = (
    "plain",
    "traditional",
    "separators",
    "homophone_one",
    "homophone_all",
    "pinyin_mixed",
    "pinyin_whole",
    "split",
    "alias",
    "combined",
    "respelt",
)
LANGUAGES = ("zh", "en", "it")


@dataclass(frozen=True)
class Share:
    """`found` of `n` as a rate with the ends of its 95 % Wilson interval; of nothing at all the interval is [0, 1]."""

    n: int
    found: int
    rate: float | None
    low: float
    high: float


@dataclass(frozen=True)
class Alert:
    """One rule that spoke about a message: which, of which category of the policy and how severe."""

    rule: str
    category: str
    severity: str


@dataclass(frozen=True)
class Judged:
    """A labelled message and the rules that spoke about it; `about` is what its conversation is around."""

    text: str
    sender: str
    labels: tuple[str, ...]
    severity: str | None
    variant: str
    language: str
    about: str
    core: str
    wording: str
    alerts: tuple[Alert, ...]

    @property
    def found(self) -> bool:
        """Whether a rule of a labelled category spoke."""
        return any(alert.category in self.labels for alert in self.alerts)


@dataclass(frozen=True)
class RecallRow:
    """Recall of breaches of a kind; `direct` and `free` divide them by wording.

    `known` is recall among breaches whose undisguised wording is found: what a disguise alone hides.
    """

    category: str
    variant: str
    language: str
    share: Share
    direct: Share
    free: Share
    known: Share


@dataclass(frozen=True)
class AlertRow:
    """Of harmless messages of a kind, the share with any alert and the share with a serious one."""

    kind: str
    language: str
    alerted: Share
    serious: Share


@dataclass(frozen=True)
class PrecisionRow:
    """Of a rule's alerts (`rule` empty: of all): right ones, ones on a breach of another category, and precision."""

    rule: str
    category: str
    severity: str
    precision: Share
    other: int


@dataclass(frozen=True)
class Score:
    """Everything one side of the set says about a policy."""

    messages: int
    distinct: int
    breaches: int
    recall: tuple[RecallRow, ...]
    serious: tuple[RecallRow, ...]
    harmless: tuple[AlertRow, ...]
    precision: tuple[PrecisionRow, ...]
    rules: tuple[PrecisionRow, ...]


def wilson(found: int, n: int, *, z: float = Z_95) -> tuple[float, float]:
    """Wilson's score interval of `found` of `n` (E. B. Wilson, JASA 22, 1927); [0, 1] when n is 0.

    Raises ValueError when found is not within [0, n].
    """
    if not 0 <= found <= n:
        raise ValueError(f"{found} of {n} is no share")
    if n == 0:
        return 0.0, 1.0
    rate, spread = found / n, z * z / n
    middle = (rate + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(rate * (1 - rate) / n + spread / (4 * n))
    # At the ends the interval touches 0 or 1 exactly; rounding must not move it past them or off them.
    return (
        0.0 if found == 0 else max(0.0, middle - half),
        1.0 if found == n else min(1.0, middle + half),
    )


def share(found: int, n: int) -> Share:
    """A count as a rate with its interval; the rate of nothing is None."""
    low, high = wilson(found, n)
    return Share(n, found, found / n if n else None, low, high)


def score(judged: Iterable[Judged]) -> Score:
    """Tables of one side. A message that occurs several times in the same words counts once."""
    every = list(judged)
    once = list({_same(each): each for each in every}.values())
    breaches = [each for each in once if each.labels]
    harmless = [each for each in once if not each.labels]
    return Score(
        messages=len(every),
        distinct=len(once),
        breaches=len(breaches),
        recall=tuple(_recall_rows(breaches)),
        serious=tuple(_serious_rows(breaches)),
        harmless=tuple(_alert_rows(harmless)),
        precision=(
            _precision("", "all", "serious", once, serious_only=True),
            _precision("", "all", "any", once, serious_only=False),
        ),
        rules=tuple(_rule_rows(once)),
    )


def _same(each: Judged) -> tuple[str, ...]:
    """What makes two messages one: harmless words are the same wherever they stand."""
    if each.labels:
        return each.text, each.sender, *each.labels, each.variant, each.language
    return each.text, each.sender, each.language


def _recall_rows(breaches: Sequence[Judged]) -> Iterable[RecallRow]:
    groups: dict[tuple[str, str, str], list[Judged]] = defaultdict(list)
    for each in breaches:
        groups[each.about, each.variant, each.language].append(each)
    plain = _plainly_found(breaches)
    for category, variant, language in sorted(groups, key=_place):
        yield _recall(category, variant, language, groups[category, variant, language], plain)


def _place(row: tuple[str, str, str]) -> tuple[int, int, int, tuple[str, str, str]]:
    """Categories, languages and variants in the order that people read them; what is unknown comes last."""
    category, variant, language = row
    orders = ((tuple(CATEGORY_NAMES), category), (LANGUAGES, language), (VARIANTS, variant))
    first, second, third = (of.index(it) if it in of else len(of) for of, it in orders)
    return first, second, third, row


def _serious_rows(breaches: Sequence[Judged]) -> Iterable[RecallRow]:
    """All categories of high severity together, for each variant in each language."""
    high = [each for each in breaches if each.severity == "high"]
    plain = _plainly_found(breaches)
    groups: dict[tuple[str, str, str], list[Judged]] = defaultdict(list)
    for each in high:
        groups["serious", each.variant, each.language].append(each)
    for key in sorted(groups, key=_place):
        yield _recall(*key, groups[key], plain)


def _plainly_found(breaches: Sequence[Judged]) -> frozenset[str]:
    return frozenset(each.core for each in breaches if each.variant == "plain" and each.found)


def _recall(
    category: str, variant: str, language: str, members: Sequence[Judged], plain: frozenset[str]
) -> RecallRow:
    return RecallRow(
        category,
        variant,
        language,
        _found(members),
        _found([each for each in members if each.wording == "direct"]),
        _found([each for each in members if each.wording == "free"]),
        _found([each for each in members if each.core in plain]),
    )


def _found(members: Sequence[Judged]) -> Share:
    return share(sum(each.found for each in members), len(members))


def _alert_rows(harmless: Sequence[Judged]) -> Iterable[AlertRow]:
    """Ordinary conversations, look-alikes, and what is said around breaches, each in each language and in all."""
    kinds = {
        "ordinary": [each for each in harmless if each.variant == "ordinary"],
        "look-alike": [each for each in harmless if each.variant.startswith("look_alike")],
        "around breaches": [
            each
            for each in harmless
            if each.variant != "ordinary" and not each.variant.startswith("look_alike")
        ],
    }
    for kind, members in kinds.items():
        for language in (*LANGUAGES, "all"):
            of = [each for each in members if language in ("all", each.language)]
            yield AlertRow(
                kind,
                language,
                share(sum(bool(each.alerts) for each in of), len(of)),
                share(sum(any(it.severity in SERIOUS for it in each.alerts) for each in of), len(of)),
            )


def _rule_rows(once: Sequence[Judged]) -> Iterable[PrecisionRow]:
    rules = {alert.rule: alert for each in once for alert in each.alerts}
    for rule in sorted(rules):
        alert = rules[rule]
        yield _precision(rule, alert.category, alert.severity, once, serious_only=False)


def _precision(
    rule: str, category: str, severity: str, once: Sequence[Judged], *, serious_only: bool
) -> PrecisionRow:
    """An alert is one rule on one message; it is right when the message is labelled with the rule's category."""
    alerts = [
        (alert.category in each.labels, bool(each.labels))
        for each in once
        for alert in each.alerts
        if rule in ("", alert.rule) and (not serious_only or alert.severity in SERIOUS)
    ]
    right = sum(of for of, _ in alerts)
    other = sum(breach and not of for of, breach in alerts)
    return PrecisionRow(rule, category, severity, share(right, len(alerts)), other)
