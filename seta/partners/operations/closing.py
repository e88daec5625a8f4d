"""Ends an account at its owner's word: nothing of who they were stays, what the city decided does."""

from datetime import datetime

from django.db import transaction

from seta.partners.models import Account, EntryLink, PaymentRequest, Proposal, Seat
from seta.partners.operations.onboarding import move
from seta.partners.rules.onboarding import OPEN, State


@transaction.atomic
def close_account(*, house_id: int, account_id: int, now: datetime) -> None:
    """Take back all that waits, give up every business, and forget address, WeChat and who they said they are.

    Listings stay as the city approved them, and the decisions with them. Coming in by the same address later makes
    a new account.
    """
    row = Account.objects.select_for_update().get(pk=account_id, house_id=house_id)
    if row.closed_at is not None:
        return
    for request in PaymentRequest.objects.select_for_update().filter(account=row, state__in=OPEN):
        move(request, State.WITHDRAWN, now)
    proposals = Proposal.objects.filter(account=row)
    proposals.filter(state=Proposal.State.WAITING).update(state=Proposal.State.WITHDRAWN, decided_at=now)
    proposals.update(claim={})
    Seat.objects.filter(account=row).delete()
    EntryLink.objects.filter(house_id=house_id, email=row.email).delete()
    row.email, row.openid, row.closed_at = f"closed-{row.pk}@account.invalid", "", now
    row.save(update_fields=["email", "openid", "closed_at"])
