"""The question that everything asks before it sends."""

import hashlib
from datetime import datetime

from seta.oversight.operations.audit import append_audit
from seta.oversight.policy import shipped
from seta.oversight.rules import Verdict, judge


def clear_to_send(*, house_id: int, channel: str, text: str, now: datetime) -> Verdict:
    """Whether a text may leave the house on a channel; a refusal is kept in the audit log, without the text.

    Ask outside a transaction that a refusal would roll back, or the log loses the line. `verdict.refused` means:
    do not send; `queries.advice` says what to send instead.
    """
    verdict = judge(text, channel=channel, sender="sa", policy=shipped())
    if verdict.refused:
        details = {
            "channel": channel,
            "action": verdict.action.word,
            "rules": sorted({hit.rule for hit in verdict.hits}),
            "text_sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        }
        append_audit(house_id=house_id, kind="sending.refused", details=details, now=now)
    return verdict
