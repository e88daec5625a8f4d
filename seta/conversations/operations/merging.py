"""When two people turn out to be one, their conversations become one too."""

from datetime import datetime

from django.db import transaction

from seta.conversations.models import Conversation, Follow, Message
from seta.people.events import PersonsMerged
from seta.people.operations import repoint


@transaction.atomic
def repoint_person(fact: PersonsMerged, now: datetime) -> None:
    """Give follows and conversations of the absorbed person to the kept one."""
    for absorbed in Conversation.objects.filter(person_id=fact.absorbed_id):
        kept = Conversation.objects.filter(person_id=fact.kept_id, account_id=absorbed.account_id).first()
        if kept is None:
            continue
        Message.objects.filter(conversation=absorbed).update(conversation=kept)
        kept.opened_at = min(kept.opened_at, absorbed.opened_at)
        kept.last_at = max(kept.last_at, absorbed.last_at)
        kept.unanswered_since = kept.unanswered_since or absorbed.unanswered_since
        kept.save()
        absorbed.delete()
    repoint(Conversation, fact)
    open_accounts = Follow.objects.filter(person_id=fact.kept_id, unfollowed_at=None).values("account_id")
    Follow.objects.filter(
        person_id=fact.absorbed_id,
        unfollowed_at=None,
        account_id__in=list(open_accounts.values_list("account_id", flat=True)),
    ).update(unfollowed_at=now)
    repoint(Follow, fact)
