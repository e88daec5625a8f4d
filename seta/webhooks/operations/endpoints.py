"""Open an address for a house's facts, choose what it hears, change what signs for it, switch it off and on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from seta.houses.operations import Resealed, seal_anew
from seta.webhooks.models import Endpoint
from seta.webhooks.rules import addresses, catalogue
from seta.webhooks.rules.addresses import Refusal, WebhookRefused
from seta.webhooks.rules.schedule import ROTATION_LASTS
from seta.webhooks.rules.signing import new_key, new_secret
from seta.webhooks.sealing import seal, seal_key


@dataclass(frozen=True)
class NewSecret:
    """An endpoint's id and its secret, which is shown this once; its public key may always be seen."""

    endpoint_id: int
    secret: str
    public_key: str


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
    secret, (key, public_key) = new_secret(), new_key()
    row = Endpoint.objects.create(
        house_id=house_id,
        url=url,
        note=note[:80],
        facts=_chosen(facts),
        sealed_secret=seal(secret),
        public_key=public_key,
        sealed_key=seal_key(key),
        created_at=now,
        created_by=created_by,
        changed_at=now,
    )
    return NewSecret(row.pk, secret, public_key)


@transaction.atomic
def change_facts(*, endpoint_id: int, house_id: int, facts: Sequence[str], now: datetime) -> None:
    """Choose anew what an endpoint hears from now on; what waits for it is sent all the same."""
    row = get(endpoint_id, house_id)
    row.facts, row.changed_at = _chosen(facts), now
    row.save(update_fields=["facts", "changed_at"])


@transaction.atomic
def rotate_secret(*, endpoint_id: int, house_id: int, now: datetime) -> NewSecret:
    """Give an endpoint a new secret and key; for 24 hours those before sign too, the new ones first.

    Raises WebhookRefused while an earlier change is not over: a third secret would cut off a receiver.
    """
    row = get(endpoint_id, house_id)
    if row.previous_until is not None and row.previous_until > now:
        raise WebhookRefused(Refusal.ROTATING)
    secret, (key, public_key) = new_secret(), new_key()
    row.sealed_previous, row.sealed_previous_key = bytes(row.sealed_secret), bytes(row.sealed_key)
    row.previous_public_key, row.previous_until = row.public_key, now + ROTATION_LASTS
    row.sealed_secret, row.sealed_key, row.public_key = seal(secret), seal_key(key), public_key
    row.changed_at = now
    row.save(update_fields=[*_SIGNERS, "changed_at"])
    return NewSecret(row.pk, secret, public_key)


_SIGNERS = (
    *("sealed_secret", "public_key", "sealed_key"),
    *("sealed_previous", "previous_public_key", "sealed_previous_key", "previous_until"),
)


def reseal(*, now: datetime) -> Resealed:
    """Seal what signs for every endpoint under the vault's newest key, one by one, while deliveries go on.

    What signed before and whose time is over is forgotten. Raises cryptography's InvalidToken for an endpoint whose
    secrets none of the keys held opens; what came before stays done.
    """
    done = [_reseal(pk, now) for pk in Endpoint.objects.order_by("id").values_list("pk", flat=True)]
    return Resealed(resealed=sum(done), current=len(done) - sum(done))


@transaction.atomic
def _reseal(endpoint_id: int, now: datetime) -> bool:
    row = Endpoint.objects.select_for_update(of=("self",)).filter(pk=endpoint_id).first()
    if row is None:
        return False
    if row.previous_until is not None and row.previous_until <= now:
        row.sealed_previous = row.sealed_previous_key = row.previous_until = None
        row.previous_public_key = ""
    held = ("sealed_secret", "sealed_key", "sealed_previous", "sealed_previous_key")
    fresh = {name: seal_anew(bytes(getattr(row, name))) for name in held if getattr(row, name) is not None}
    for name, sealed in fresh.items():
        if sealed is not None:
            setattr(row, name, sealed)
    row.save(update_fields=_SIGNERS)
    return any(sealed is not None for sealed in fresh.values())


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
