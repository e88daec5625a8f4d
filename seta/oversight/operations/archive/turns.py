"""Judges archived messages in their conversation: by rules that look back, over texts that were sent in pieces."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from msgspec import structs

from seta.oversight import bodies
from seta.oversight.models import ArchivedMessage
from seta.oversight.opening import CHANNEL, Outcome, found_of
from seta.oversight.rules import Hit, Policy, Rule, Turn, Verdict, compile_rules, judge, judge_turn
from seta.oversight.rules.archive import Message

# A rule that counts over a conversation without a window of its own looks back so far.
REACH = timedelta(hours=24)
TURNS_MAX = 50
HISTORY_ROWS_MAX = 20_000
JOINED_CHARS_MAX = 4_000
Fresh = tuple[int, Message, Outcome]


@dataclass(frozen=True)
class LookingBack:
    """The rules of a policy that need a conversation: all of them, and those of each window by themselves."""

    all: Policy
    by_window: tuple[tuple[int, timedelta, Policy], ...]

    @property
    def reach(self) -> timedelta:
        """How far back the rule goes that goes furthest."""
        spans = [span for _, span, _ in self.by_window]
        without = any(rule.window is None for rule in self.all.rules)
        return max([*spans, REACH] if without else spans)


@dataclass(frozen=True)
class _Line:
    """A message of a conversation in its place; `index` is its place in the batch, or None for an older one."""

    at: datetime
    seq: int
    speaker: tuple[str, str, str]
    text: str
    index: int | None

    @property
    def turn(self) -> Turn:
        return Turn(self.text, self.speaker[0], self.at)


def looks_back(rule: Rule) -> bool:
    """Whether what was said before may change what the rule says of a message."""
    if rule.window is not None:
        return True
    return rule.threshold.per == "conversation" and (rule.threshold.hits > 1 or bool(rule.all))


@lru_cache(maxsize=16)
def looking_back(policy: Policy) -> LookingBack | None:
    """What of a policy looks back, compiled; None when nothing does."""
    rules = [rule for rule in policy.rules if looks_back(rule)]
    if not rules:
        return None
    windows: dict[tuple[int, int], list[Rule]] = defaultdict(list)
    for rule in rules:
        if rule.window is not None:
            windows[rule.window.messages, rule.window.minutes].append(rule)
    return LookingBack(
        compile_rules(tuple(rules), version=policy.version),
        tuple(
            (messages, timedelta(minutes=minutes), compile_rules(tuple(mine), version=policy.version))
            for (messages, minutes), mine in sorted(windows.items())
        ),
    )


def judged_in_turn(*, account_id: int, fresh: Sequence[Fresh], policy: Policy) -> Sequence[Fresh]:
    """The same messages with what rules that look back find in them too; one statement a batch if there are such.

    At most fifty earlier messages a conversation are looked at, and 20,000 in all.
    """
    back = looking_back(policy)
    if back is None or not fresh:
        return fresh
    talks: dict[str, list[_Line]] = defaultdict(list)
    for index, (seq, message, _) in enumerate(fresh):
        speaker = (message.sender_role, message.associate, message.client)
        talks[message.conversation].append(_Line(message.sent_at, seq, speaker, message.text, index))
    for conversation, line in _history(account_id, talks, back.reach):
        talks[conversation].append(line)
    judged = list(fresh)
    for lines in talks.values():
        lines.sort(key=lambda line: (line.at, line.seq))
        for place, line in enumerate(lines):
            if line.index is not None and line.text:
                seq, message, outcome = fresh[line.index]
                verdicts = _verdicts(line, lines[max(0, place - TURNS_MAX) : place], back)
                judged[line.index] = (seq, message, _with(outcome, verdicts))
    return judged


def _history(account_id: int, talks: dict[str, list[_Line]], reach: timedelta) -> Iterable[tuple[str, _Line]]:
    first = min(line.at for lines in talks.values() for line in lines)
    last = max(line.at for lines in talks.values() for line in lines)
    newest_first = Window(
        RowNumber(), partition_by=F("conversation"), order_by=[F("sent_at").desc(), F("seq").desc()]
    )
    rows = (
        ArchivedMessage.objects.filter(ArchivedMessage.in_conversations(talks), account_id=account_id)
        .filter(Q(sent_at__gte=first - reach), Q(sent_at__lte=last))
        .annotate(place=newest_first)
        .filter(place__lte=TURNS_MAX)
        .order_by("-sent_at")
        .values_list(
            *("conversation", "sent_at", "seq", "sender_role", "userid", "external_userid", "msgid"),
            *("sealed_body", "body_key_id", "body_key__sealed"),
        )
    )
    for conversation, at, seq, role, userid, client, msgid, sealed, key_id, key in rows[:HISTORY_ROWS_MAX]:
        try:
            text = bodies.opened(key_id, key).unseal(sealed, bound_to=f"{account_id}:{msgid}").decode()
        except bodies.BodyUnreadable:
            continue
        yield conversation, _Line(at, seq, (role, userid, client), text, None)


def _verdicts(line: _Line, before: Sequence[_Line], back: LookingBack) -> list[Verdict]:
    recent = [old for old in before if line.at - old.at <= back.reach]
    found = [judge_turn(line.turn, [old.turn for old in recent], channel=CHANNEL, policy=back.all)]
    for messages, span, policy in back.by_window:
        near = [old for old in recent[-(messages - 1) :] if line.at - old.at <= span]
        own = " ".join(old.text for old in near if old.speaker == line.speaker and old.text)
        if own:
            found.append(_across(own[-JOINED_CHARS_MAX:] + " ", line, policy))
    return found


def _across(said: str, line: _Line, policy: Policy) -> Verdict:
    """What a message shows when it is read on from its sender's earlier ones, as far as it stands in this one."""
    whole = judge(said + line.text, channel=CHANNEL, sender=line.speaker[0], policy=policy)
    start = len(said)

    def here(hits: Iterable[Hit]) -> tuple[Hit, ...]:
        return tuple(
            replace(hit, start=max(0, hit.start - start), end=hit.end - start)
            for hit in hits
            if hit.end > start
        )

    return Verdict(whole.action, here(whole.hits), here(whole.shadow), here(whole.supporting))


def _with(outcome: Outcome, verdicts: Iterable[Verdict]) -> Outcome:
    """The outcome with the finds of every rule that had none in the message by itself."""
    hits, shadow = list(outcome.hits), list(outcome.shadow)
    for verdict in verdicts:
        for mine, found in ((hits, verdict.hits + verdict.supporting), (shadow, verdict.shadow)):
            known = {hit.rule for hit in mine}
            mine.extend(found_of(hit) for hit in found if hit.rule not in known)
    return structs.replace(outcome, hits=tuple(hits), shadow=tuple(shadow))
