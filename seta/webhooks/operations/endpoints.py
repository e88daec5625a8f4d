"""Open an address for a house's facts, choose what it hears, change its secret, switch it off and on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from seta.webhooks.models import Endpoint
from seta.webhooks.rules import addresses, catalogue
from seta.webhooks.rules.addresses import Refusal, WebhookRefused
from seta.webhooks.rules.schedule import ROTATION_LASTS
from seta.webhooks.rules.signing import new_secret
from seta.webhooks.sealing import seal


@dataclass(frozen=True)
class NewSecret:
    """An endpoint's id and its secret, which is shown this once."""

    endpoint_id: int
    secret: str


@transaction.atomic
def open_endpoint(
    *,
    house_id: int,
    url: str,
    facts: Sequence[str],
    now: datetime,
    note: str = "",
    created_by: int | None = None,
) -> NewSecret:
    """Begin to send the chosen facts to an address; raises WebhookRefused.

    Facts that were told before are not sent by themselves; `redeliver_range` sends them.
    """
    addresses.checked_url(url, private_allowed=settings.WEBHOOKS_ALLOW_PRIVATE)
    if Endpoint.objects.filter(house_id=house_id, url=url).exists():
        raise WebhookRefused(Refusal.TAKEN, url)
    secret = new_secret()
    row = Endpoint.objects.create(
        house_id=house_id,
        url=url,
        note=note[:80],
        facts=_chosen(facts),
        sealed_secret=seal(secret),
        created_at=now,
        created_by=created_by,
        changed_at=now,
    )
    return NewSecret(row.pk, secret)


@transaction.atomic
def change_facts(*, endpoint_id: int, house_id: int, facts: Sequence[str], now: datetime) -> None:
    """Choose anew what an endpoint hears from now on; what waits for it is sent all the same."""
    row = get(endpoint_id, house_id)
    row.facts, row.changed_at = _chosen(facts), now
    row.save(update_fields=["facts", "changed_at"])


@transaction.atomic
def rotate_secret(*, endpoint_id: int, house_id: int, now: datetime) -> NewSecret:
    """Give an endpoint a new secret; for 24 hours attempts carry both signatures, the new one first.

    Raises WebhookRefused while an earlier change is not over: a third secret would cut off a receiver.
    """
    row = get(endpoint_id, house_id)
    if row.previous_until is not None and row.previous_until > now:
        raise WebhookRefused(Refusal.ROTATING)
    secret = new_secret()
    row.sealed_previous, row.previous_until = bytes(row.sealed_secret), now + ROTATION_LASTS
    row.sealed_secret, row.changed_at = seal(secret), now
    row.save(update_fields=["sealed_previous", "previous_until", "sealed_secret", "changed_at"])
    return NewSecret(row.pk, secret)


@transaction.atomic
def switch(*, endpoint_id: int, house_id: int, is_on: bool, now: datetime) -> None:
    """Switch an endpoint on or off. While it is off it collects nothing; what waited goes when it is on again."""
    row = get(endpoint_id, house_id)
    row.state = Endpoint.State.ACTIVE if is_on else Endpoint.State.DISABLED
    row.changed_at = now
    row.save(update_fields=["state", "changed_at"])


def get(endpoint_id: int, house_id: int) -> Endpoint:
    """The endpoint of this house, locked; raises WebhookRefused(NOT_FOUND), also for another house's."""
    row = Endpoint.objects.select_for_update().filter(pk=endpoint_id, house_id=house_id).first()
    if row is None:
        raise WebhookRefused(Refusal.NOT_FOUND, str(endpoint_id))
    return row


def _chosen(facts: Sequence[str]) -> list[str]:
    chosen = catalogue.known(facts)
    if not chosen or len(chosen) != len(set(facts)):
        raise WebhookRefused(Refusal.NO_FACTS, ", ".join(facts)[:200])
    return chosen
