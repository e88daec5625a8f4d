"""The question that everything asks before it sends."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from seta.oversight.operations.audit import append_audit
from seta.oversight.policy import live
from seta.oversight.rules import Verdict, approved_spans, judge


def clear_to_send(
    *,
    house_id: int,
    channel: str,
    text: str,
    now: datetime,
    role: str = "",
    approved: Sequence[str] = (),
) -> Verdict:
    """Whether a text may leave the house on a channel; a refusal is kept in the audit log, without the text.

    The house's live policy judges. `role` is the sender's own; `approved` are the approved texts it was made from.

    Ask outside a transaction that a refusal would roll back, or the log loses the line. `verdict.refused` means:
    do not send; `queries.advice` says what to send instead.
    """
    verdict = judge_draft(house_id=house_id, channel=channel, text=text, role=role, approved=approved)
    _note_refusal(house_id, channel, text, verdict, now)
    return verdict


def clear_all_to_send(*, house_id: int, channel: str, texts: Sequence[str], now: datetime) -> list[Verdict]:
    """As `clear_to_send` for many texts of one house, in order, with one read of its policy."""
    policy = live(house_id)
    verdicts = [judge(text, channel=channel, sender="sa", policy=policy) for text in texts]
    for text, verdict in zip(texts, verdicts, strict=True):
        _note_refusal(house_id, channel, text, verdict, now)
    return verdicts


def judge_draft(
    *, house_id: int, channel: str, text: str, role: str = "", approved: Sequence[str] = ()
) -> Verdict:
    """What would happen to a draft, for while it is written: nothing is logged."""
    spans = approved_spans(text, approved)
    return judge(text, channel=channel, sender="sa", policy=live(house_id), role=role, approved=spans)


def _note_refusal(house_id: int, channel: str, text: str, verdict: Verdict, now: datetime) -> None:
    if not verdict.refused:
        return
    details = {
        "channel": channel,
        "action": verdict.action.word,
        "rules": sorted({hit.rule for hit in verdict.hits}),
        "text_sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    }
    append_audit(house_id=house_id, kind="sending.refused", details=details, now=now)
