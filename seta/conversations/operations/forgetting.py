"""Conversations' part when a person is forgotten: follows, messages, and what the platform had sent."""

from datetime import datetime

from django.db import transaction

from seta.callbacks.operations import forget_pushes
from seta.conversations.models import Conversation, Follow, Message
from seta.houses.queries import account_by_id
from seta.people.queries import card


@transaction.atomic
def forget_person(*, house_id: int, person_id: int, now: datetime) -> int:
    """Delete all that was said either way and who followed; returns how many rows. Openids must still be known."""
    openids = card(person_id).openids
    mine = {"house_id": house_id, "person_id": person_id}
    accounts = set(Conversation.objects.filter(**mine).values_list("account_id", flat=True))
    for account_id in accounts | set(Follow.objects.filter(**mine).values_list("account_id", flat=True)):
        heard = Message.objects.filter(conversation__account_id=account_id, conversation__person_id=person_id)
        ids = heard.exclude(platform_msgid=None).values_list("platform_msgid", flat=True)
        app = account_by_id(account_id)
        sender = openids.get(app.app_id, "") if app else ""
        forget_pushes(account_id=account_id, external_ids=[one for one in ids if one], sender=sender)
    rows = [Conversation.objects.filter(**mine), Follow.objects.filter(**mine)]
    return sum(each.delete()[0] for each in rows)
