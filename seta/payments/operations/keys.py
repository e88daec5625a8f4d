"""Answer a request once for each key of its caller, however often it is sent."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from seta.payments.models import IdempotencyKey
from seta.payments.rules.refusals import PaymentRefused, Refusal

KEY_CHARS_MAX = 120
RETRY_AFTER_SECONDS = 2
# A request that has not answered by now died with its process; the same key may take it up again.
IN_FLIGHT_MAX = timedelta(minutes=2)


def answered_once(
    *,
    house_id: int,
    scope: str,
    key: str,
    request: dict[str, Any],
    now: datetime,
    work: Callable[[], tuple[int, dict[str, Any]]],
) -> tuple[int, dict[str, Any]]:
    """The status and JSON answer that `work` gives, or gave the first time this key was sent.

    The same key with another request raises KEY_REUSED, one whose first request is still being handled
    KEY_IN_FLIGHT with `retry_after` seconds; without a key the work is simply done. A refusal changes nothing and
    so leaves the key free. `work` must itself bear to run again after a crash.
    """
    if not key:
        return work()
    # A longer key than the column holds counts by its whole content, not by its beginning.
    key = key if len(key) <= KEY_CHARS_MAX else hashlib.sha256(key.encode()).hexdigest()
    content = json.dumps(request, sort_keys=True, ensure_ascii=False)
    request_hash = hashlib.sha256(content.encode()).hexdigest()
    standing = _claim(house_id, scope, key, request_hash, now)
    if standing is not None:
        return standing
    rows = IdempotencyKey.objects.filter(house_id=house_id, scope=scope, key=key, started_at=now)
    try:
        status, answer = work()
    except BaseException:
        rows.delete()
        raise
    rows.update(status=status, answer=answer)
    return status, answer


def _claim(
    house_id: int, scope: str, key: str, request_hash: str, now: datetime
) -> tuple[int, dict[str, Any]] | None:
    """The stored answer of the key, or None when it is ours to work under."""
    row: IdempotencyKey | None = None
    while row is None:
        try:
            with transaction.atomic():
                IdempotencyKey.objects.create(
                    house_id=house_id, scope=scope, key=key, request_hash=request_hash, started_at=now
                )
            return None
        except IntegrityError:
            # None when its first request was refused meanwhile: the key is free again.
            row = IdempotencyKey.objects.filter(house_id=house_id, scope=scope, key=key).first()
    if row.request_hash != request_hash:
        raise PaymentRefused(Refusal.KEY_REUSED, key)
    if row.status is not None:
        return row.status, dict(row.answer or {})
    abandoned = IdempotencyKey.objects.filter(
        pk=row.pk, status__isnull=True, started_at=row.started_at, started_at__lt=now - IN_FLIGHT_MAX
    ).update(started_at=now)
    if not abandoned:
        raise PaymentRefused(Refusal.KEY_IN_FLIGHT, key, retry_after=RETRY_AFTER_SECONDS)
    return None
