"""Who may look and judge, for which declared purpose, and what is said to those who may not."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from seta.kit.words import NamedRefusal, Words

REVIEWERS = frozenset({"supervisor", "admin"})
REASON_CHARS_MAX = 500
NOTE_CHARS_MAX = 300
BULK_ALERTS_MAX = 100
BULK_UNDO = timedelta(minutes=15)
PASS_LASTS = timedelta(minutes=30)
ROUNDS_MAX = 3


class Purpose(StrEnum):
    """Why a conversation is opened; asked before, kept in the audit log."""

    ALERT_REVIEW = "alert_review"
    SAMPLE_REVIEW = "sample_review"
    COMPLAINT = "complaint"
    CLIENT_SERVICE = "client_service"
    HANDOVER = "handover"
    LEGAL = "legal"


class Refusal(StrEnum):
    """Why a reviewer's step was refused."""

    NOT_ALLOWED = "not_allowed"
    NO_PURPOSE = "no_purpose"
    UNKNOWN = "unknown"
    CLOSED = "closed"
    CLAIMED = "claimed"
    NO_REASON = "no_reason"
    UNKNOWN_VERDICT = "unknown_verdict"
    OWN = "own"
    SECOND_PERSON = "second_person"
    TOO_MANY = "too_many"
    MIXED_RULES = "mixed_rules"
    TOO_LATE = "too_late"
    UNKNOWN_MEMBER = "unknown_member"
    UNKNOWN_RULE = "unknown_rule"
    UNKNOWN_CHOICE = "unknown_choice"
    ALREADY_ASKED = "already_asked"
    TOO_EARLY = "too_early"
    SAME_PERSON = "same_person"


_TEXTS: Mapping[Refusal, Words] = {
    Refusal.NOT_ALLOWED: {
        "en": "Only a supervisor of this house may do this. Ask an admin for the role.",
        "it": "Solo un supervisore di questa casa può farlo. Chiedi il ruolo a un amministratore.",
        "zh": "仅本品牌的主管可以操作，请向管理员申请权限。",
    },
    Refusal.NO_PURPOSE: {
        "en": "Say why you open this conversation: choose a purpose from the list.",
        "it": "Indica perché apri questa conversazione: scegli uno scopo dall'elenco.",
        "zh": "请先选择查看会话的用途。",
    },
    Refusal.UNKNOWN: {
        "en": "There is no such alert or conversation in this house. Go back to the list.",
        "it": "In questa casa non esiste. Torna all'elenco.",
        "zh": "本品牌没有这条记录，请返回列表。",
    },
    Refusal.CLOSED: {
        "en": "This alert is closed already. Open the next one.",
        "it": "Questo avviso è già chiuso. Apri il prossimo.",
        "zh": "该提醒已处理，请查看下一条。",
    },
    Refusal.CLAIMED: {
        "en": "Someone else is reviewing this alert. Choose another one.",
        "it": "Qualcun altro sta esaminando questo avviso. Scegline un altro.",
        "zh": "该提醒正由他人处理，请选择其他提醒。",
    },
    Refusal.NO_REASON: {
        "en": f"Write in 1 to {REASON_CHARS_MAX} characters why you judge so.",
        "it": f"Scrivi il motivo in 1-{REASON_CHARS_MAX} caratteri.",
        "zh": f"请用1至{REASON_CHARS_MAX}字说明理由。",
    },
    Refusal.UNKNOWN_VERDICT: {
        "en": "Choose one of: true positive, false positive, benign context.",
        "it": "Scegli: vero positivo, falso positivo, contesto innocuo.",
        "zh": "请选择：属实、误报或情境合理。",
    },
    Refusal.OWN: {
        "en": "This is about what you wrote yourself. Leave it to a colleague.",
        "it": "Riguarda ciò che hai scritto tu. Lascialo a un collega.",
        "zh": "该内容涉及您本人，请交由同事处理。",
    },
    Refusal.SECOND_PERSON: {
        "en": "You have judged this alert already. The next verdict must be another person's.",
        "it": "Hai già giudicato questo avviso. Il prossimo giudizio spetta a un'altra persona.",
        "zh": "您已评定过该提醒，下一轮须由其他人评定。",
    },
    Refusal.TOO_MANY: {
        "en": f"Choose 1 to {BULK_ALERTS_MAX} alerts at a time.",
        "it": f"Scegli da 1 a {BULK_ALERTS_MAX} avvisi alla volta.",
        "zh": f"每次请选择1至{BULK_ALERTS_MAX}条提醒。",
    },
    Refusal.MIXED_RULES: {
        "en": "One reason fits one rule: filter by a rule, then choose its alerts.",
        "it": "Un motivo vale per una regola: filtra per regola, poi scegli gli avvisi.",
        "zh": "一个理由只适用于一条规则：请先按规则筛选再选择提醒。",
    },
    Refusal.TOO_LATE: {
        "en": "This can no longer be undone. Ask for the alerts to be looked at again one by one.",
        "it": "Non si può più annullare. Fai riesaminare gli avvisi uno per uno.",
        "zh": "已超过撤销时限，请逐条申请复核。",
    },
    Refusal.UNKNOWN_MEMBER: {
        "en": "Choose a supervisor or an admin of this house.",
        "it": "Scegli un supervisore o un amministratore di questa casa.",
        "zh": "请选择本品牌的主管或管理员。",
    },
    Refusal.UNKNOWN_RULE: {
        "en": "This house has no such rule. Go back to the list of rules.",
        "it": "Questa casa non ha tale regola. Torna all'elenco delle regole.",
        "zh": "本品牌没有这条规则，请返回规则列表。",
    },
    Refusal.UNKNOWN_CHOICE: {
        "en": "Choose one of the answers of the list.",
        "it": "Scegli una delle risposte dell'elenco.",
        "zh": "请从列表中选择。",
    },
    Refusal.ALREADY_ASKED: {
        "en": "A change of this rule already waits for a second person. Decide that one first.",
        "it": "Una modifica di questa regola attende già una seconda persona. Decidi prima quella.",
        "zh": "该规则已有变更待第二人确认，请先处理。",
    },
    Refusal.TOO_EARLY: {
        "en": "Choose a period that is over and was not drawn yet.",
        "it": "Scegli un periodo già concluso e non ancora estratto.",
        "zh": "请选择已结束且尚未抽样的时段。",
    },
    Refusal.SAME_PERSON: {
        "en": "A second person must decide this: not the one who asked or did it.",
        "it": "Deve decidere una seconda persona, non chi l'ha chiesto o fatto.",
        "zh": "须由第二人决定，申请人或当事人不可自行确认。",
    },
}


class Refused(NamedRefusal[Refusal]):
    """A step that is refused; nothing changed except, where access was tried, the audit log."""

    texts = _TEXTS
    otherwise = "en"


def purpose_of(value: str) -> Purpose:
    """The purpose that a form named; raises Refused."""
    try:
        return Purpose(value)
    except ValueError:
        raise Refused(Refusal.NO_PURPOSE) from None


def text_of(value: str, *, chars_max: int = REASON_CHARS_MAX) -> str:
    """A reason that a form gave, without its edges; raises Refused when it is empty or too long."""
    stripped = value.strip()
    if not 1 <= len(stripped) <= chars_max:
        raise Refused(Refusal.NO_REASON)
    return stripped


def drawn_by_share(name: str, *, share: float, key: bytes) -> bool:
    """Whether something belongs to a share, by a secret key: the same each time, and nobody can tell beforehand."""
    number = int.from_bytes(hmac.new(key, name.encode(), hashlib.sha256).digest()[:8])
    return number < share * 2**64


@dataclass(frozen=True)
class Standing:
    """Where an alert stands after a verdict: the round that is wanted next, or the last word."""

    round: int
    verdict: str = ""

    @property
    def is_closed(self) -> bool:
        """Whether nobody needs to judge it again."""
        return bool(self.verdict)


def standing(verdicts: Sequence[str], *, wants_second: bool) -> Standing:
    """Where an alert stands after these verdicts, in the order they were given.

    One verdict is enough unless a second was drawn; two that agree are. When two differ, the third person decides:
    whatever they say is either shared by two or the only one that knew of a dispute.
    """
    assert 1 <= len(verdicts) <= ROUNDS_MAX
    if len(verdicts) == 1:
        return Standing(2) if wants_second else Standing(1, verdicts[0])
    if len(verdicts) == 2:
        return Standing(2, verdicts[0]) if verdicts[0] == verdicts[1] else Standing(3)
    return Standing(3, verdicts[2])


def pseudonym(kind: str, identity: str, *, reader: int, key: bytes) -> str:
    """Six letters and digits that stand for a person before one reader: always the same, another for each reader."""
    digest = hmac.new(key, f"{reader}:{kind}:{identity}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode()[:6]


def next_reviewer(able: Sequence[int], *, last: int, loads: Mapping[int, int] | None) -> int | None:
    """Whose turn it is: by turns after `last` in the order of their ids, or who holds least when loads are given."""
    if not able:
        return None
    by_turn = sorted(able, key=lambda each: (each <= last, each))
    return min(by_turn, key=lambda each: loads.get(each, 0)) if loads is not None else by_turn[0]
