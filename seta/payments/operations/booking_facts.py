"""What providers have signed is kept as they said it, before anybody judges it."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from seta.payments.models import ProviderFact
from seta.payments.rules.states import Evidence, RefundEvidence

Said = Evidence | RefundEvidence


def keep_facts(said: Sequence[tuple[int, Said]], now: datetime) -> None:
    """Keep what was said of houses' payments, once for each distinct wording, with one statement.

    Polls that say the same do not pile up. Runs inside the caller's transaction.
    """
    ProviderFact.objects.bulk_create(
        [_fact(house_id, evidence, now) for house_id, evidence in said], ignore_conflicts=True
    )


def _fact(house_id: int, evidence: Said, now: datetime) -> ProviderFact:
    state = evidence.state if isinstance(evidence, RefundEvidence) else evidence.trade
    content = json.dumps([state, evidence.body], sort_keys=True, ensure_ascii=False, default=str)
    return ProviderFact(
        house_id=house_id,
        provider=evidence.provider,
        source=evidence.source,
        out_trade_no=evidence.out_trade_no[:64],
        out_refund_no=evidence.out_refund_no[:64] if isinstance(evidence, RefundEvidence) else "",
        state=state,
        amount=evidence.amount,
        currency=evidence.currency,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        body=json.loads(content)[1],
        happened_at=evidence.happened_at,
        received_at=now,
        external_id=evidence.external_id[:64],
    )
