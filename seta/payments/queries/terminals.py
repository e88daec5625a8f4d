"""The tills of other makers as the desk lists them and as the API knows them by their key."""

from dataclasses import dataclass
from datetime import datetime

from seta.payments.models import Terminal
from seta.payments.rules import till


@dataclass(frozen=True)
class TerminalCard:
    """A till that may call; its key cannot be read back, `key_hint` is the start of it."""

    id: int
    house_id: int
    boutique_code: str
    name: str
    scopes: tuple[str, ...]
    key_hint: str
    issued_by: int
    issued_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None


def terminals(house_id: int) -> list[TerminalCard]:
    """A house's tills, those that may still call first."""
    rows = Terminal.objects.filter(house_id=house_id).order_by("id")
    return sorted((_card(row) for row in rows), key=lambda card: card.revoked_at is not None)


def terminal_of_key(key: str) -> TerminalCard | None:
    """The till that this key lets in, None when it never was one or was taken away."""
    if not key.startswith(till.KEY_PREFIX) or len(key) > 100:
        return None
    row = Terminal.objects.filter(key_digest=till.digest(key), revoked_at__isnull=True).first()
    return _card(row) if row else None


def _card(row: Terminal) -> TerminalCard:
    return TerminalCard(
        row.pk,
        row.house_id,
        row.boutique_code,
        row.name,
        tuple(row.scopes),
        row.key_hint,
        row.issued_by,
        row.issued_at,
        row.revoked_at,
        row.used_at,
    )
