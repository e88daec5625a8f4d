"""Show a code that a client's camera pays: kept as sent before the first byte leaves, and the same at every look."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from seta.houses import queries as houses
from seta.payments import cashiers
from seta.payments.models import Intent, ShownCode
from seta.payments.operations.collecting import begin, order_of
from seta.payments.rules.states import QR_METHODS, IntentState


@dataclass(frozen=True)
class QrCard:
    """What to show: the text of a code or, for antom_cashier, an address to open; good until `expires_at`."""

    intent_id: int
    content: str
    expires_at: datetime


def show_qr(*, intent_id: int, now: datetime) -> QrCard:
    """The code of a payment whose method is one of QR_METHODS; asked again, it is the same code.

    Must not be called inside a transaction: the attempt is marked as sent, and durable, before the first byte leaves.
    Raises PaymentRefused, or PlatformError when the provider cannot be reached; the same call may then be repeated
    and finds the same order there.
    """
    intent = begin(intent_id, now, methods=QR_METHODS)
    kept = ShownCode.objects.filter(attempt=intent.attempt).first()
    if kept is None:
        account = houses.account(intent.house_id, intent.provider)
        content = cashiers.desk_of(account).show(order_of(intent, account))
        kept = _keep(intent, content, now)
    return QrCard(intent.pk, kept.content, intent.expires_at)


@transaction.atomic
def _keep(intent: Intent, content: str, now: datetime) -> ShownCode:
    """Two who ask at once see what was kept first: the provider gave both of them one order."""
    kept, _ = ShownCode.objects.get_or_create(
        attempt=intent.attempt, defaults={"content": content, "shown_at": now}
    )
    # A notification may have been quicker than this answer.
    Intent.objects.filter(pk=intent.pk, state=IntentState.PROCESSING).update(
        state=IntentState.REQUIRES_ACTION
    )
    return kept
