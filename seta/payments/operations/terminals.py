"""Give a till of another maker a key, and take it away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from seta.kit.ids import new_token
from seta.payments.models import Terminal
from seta.payments.rules import till
from seta.payments.rules.refusals import PaymentRefused, Refusal

USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class NewKey:
    """A terminal's id and its key, which is shown this once."""

    terminal_id: int
    key: str


@transaction.atomic
def issue_key(
    *, house_id: int, boutique_code: str, name: str, scopes: Sequence[str], issued_by: int, now: datetime
) -> NewKey:
    """Let a till of a boutique call the API. `issued_by` answers for it: its large refunds need somebody else.

    Raises PaymentRefused(NOT_FOUND) for an unknown scope, no scope, no boutique or no name.
    """
    wanted = [scope for scope in till.SCOPES if scope in scopes]
    if not wanted or len(wanted) != len(set(scopes)) or not boutique_code or not name.strip():
        raise PaymentRefused(Refusal.NOT_FOUND, "a key needs a name, a boutique and known scopes")
    key = till.KEY_PREFIX + new_token(200)
    row = Terminal.objects.create(
        house_id=house_id,
        boutique_code=boutique_code[:40],
        name=name.strip()[:60],
        scopes=wanted,
        key_digest=till.digest(key),
        key_hint=key[len(till.KEY_PREFIX) :][:4],
        issued_by=issued_by,
        issued_at=now,
    )
    return NewKey(row.pk, key)


@transaction.atomic
def revoke_key(*, terminal_id: int, house_id: int, now: datetime) -> None:
    """Take a till's key away, at once and for good; raises PaymentRefused(NOT_FOUND)."""
    rows = Terminal.objects.filter(pk=terminal_id, house_id=house_id)
    if not rows.exists():
        raise PaymentRefused(Refusal.NOT_FOUND, f"terminal {terminal_id}")
    rows.filter(revoked_at__isnull=True).update(revoked_at=now)


def note_use(*, terminal_id: int, now: datetime) -> None:
    """Remember that a till called; once a minute is enough."""
    Terminal.objects.filter(pk=terminal_id).exclude(used_at__gt=now - USED_EVERY).update(used_at=now)
