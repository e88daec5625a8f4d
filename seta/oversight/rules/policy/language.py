"""The words of the policy language: what a rule is made of, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

CHANNELS = frozenset(
    {
        "wecom_1to1",  # free chat in WeCom, seen in the archive after it was sent
        "composer",  # what an associate sends through our own pages
        "official_account",  # customer-service messages
        "mini_program",  # subscribe messages and cards
        "welcome",  # the first message after a contact is added
        "moments",
        "broadcast",
    }
)
ARCHIVE, INTERCEPT = "archive", "wecom_intercept"
POINTS = (CHANNELS - {"wecom_1to1"}) | {ARCHIVE, INTERCEPT}
SENDERS = frozenset({"sa", "client"})
DIRECTIONS = {"out": "sa", "in": "client"}
CHECKS = frozenset({"none", "luhn", "id_card", "phone"})
TIERS = frozenset({"exact", "normalised", "pinyin"})
SOUND_SYLLABLES_MIN = 3


class Action(IntEnum):
    """What must happen to a message, from mildest to hardest."""

    ALLOW = 0
    FLAG = 1
    HOLD = 2
    BLOCK = 3

    @property
    def word(self) -> str:
        """The word used in policy files and reports."""
        return self.name.lower()


class Severity(StrEnum):
    """How much a hit matters; reviewers' time follows it."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def serious(self) -> bool:
        """Whether a missed hit would hurt: only then is speech that merely sounds alike looked for."""
        return self in (Severity.HIGH, Severity.CRITICAL)


class PolicyError(ValueError):
    """A policy document that may not be used; the message names file, rule and line and says what to change."""


@dataclass(frozen=True)
class Terms:
    """Words and phrases. `tiers`: exact as written; normalised in folded text; pinyin by sound."""

    words: tuple[str, ...]
    tiers: frozenset[str] = TIERS
    min_syllables: int = SOUND_SYLLABLES_MIN


@dataclass(frozen=True)
class Near:
    """A word of the left set and one of the right set with at most `within` units between them.

    Units are folded characters or words; `ordered` wants the left word first.
    """

    left: tuple[str, ...]
    right: tuple[str, ...]
    within: int
    unit: str = "chars"
    ordered: bool = False
    tiers: frozenset[str] = TIERS


@dataclass(frozen=True)
class Pattern:
    """A regular expression run only when one of its literals occurs; `check` verifies the digits it found.

    `folded` runs it over folded text as well, where separators are gone and neighbouring numbers have grown together;
    `numerals` also reads numbers written in words.
    """

    expression: str
    literals: tuple[str, ...]
    check: str = "none"
    folded: bool = False
    numerals: bool = False


@dataclass(frozen=True)
class Learned:
    """Speech that scores at least so far above harmless for a category of the learnt weights.

    `latin` is the threshold of texts in Latin letters, of which less was there to learn from.
    """

    category: str
    threshold: float
    latin: float


Clause = Terms | Near | Pattern | Learned


@dataclass(frozen=True)
class Unless:
    """Words that excuse a hit when they stand within so many folded characters of it, on the side named.

    Side is `before`, `after` or `around`.
    """

    words: tuple[str, ...] = ()
    within: int = 8
    side: str = "around"


@dataclass(frozen=True)
class Window:
    """How far back in a conversation, both directions, a rule's evidence may lie."""

    messages: int
    minutes: int


@dataclass(frozen=True)
class Threshold:
    """How many hits, each at least so sure, make an alert, counted per message or conversation; repeats are merged."""

    hits: int = 1
    score: float = 0.0
    per: str = "message"
    dedupe_hours: int = 0


@dataclass(frozen=True)
class ReviewPlan:
    """Who looks at an alert, how soon, who is told when nobody does, and the share judged twice."""

    queue: str = "default"
    sla_hours: int = 24
    escalate: str = ""
    second_review: float = 0.0


@dataclass(frozen=True)
class Budget:
    """What a rule may cost: alerts per message, and the least precision reviewers may find it to have."""

    max_alert_rate: float = 1.0
    min_precision: float = 0.0


@dataclass(frozen=True)
class Rule:
    """One rule of a policy. A hit needs one clause of `any` and every clause of `all`."""

    id: str
    category: str
    severity: Severity
    senders: frozenset[str]
    channels: frozenset[str]
    actions: Mapping[str, Action]
    any: tuple[Clause, ...] = ()
    all: tuple[Clause, ...] = ()
    unless: tuple[Unless, ...] = ()
    excuses_quoted: bool = False
    excuses_approved: bool = False
    not_roles: frozenset[str] = frozenset()
    window: Window | None = None
    threshold: Threshold = Threshold()
    review: ReviewPlan = ReviewPlan()
    budget: Budget = Budget()
    advice: Mapping[str, str] = field(default_factory=dict)
    suggest_asset: str = ""
    hits: tuple[tuple[str, ...], ...] = ()
    misses: tuple[tuple[str, ...], ...] = ()
    shadow: bool = False
    source: str = ""

    @property
    def sla_hours(self) -> int:
        """Hours until an alert should have been judged."""
        return self.review.sla_hours

    def applies(self, *, channel: str, sender: str, role: str = "") -> bool:
        """Whether the rule looks at such a message at all; `role` is the associate's own."""
        if role and role in self.not_roles:
            return False
        return sender in self.senders and (channel in self.channels or "*" in self.channels)

    def action(self, channel: str) -> Action:
        """What a hit means on a channel; free chat in WeCom is judged where it is archived."""
        point = ARCHIVE if channel == "wecom_1to1" else channel
        return self.actions.get(point, self.actions["default"])
