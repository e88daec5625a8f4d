"""The keys that sign heads, manifests and certificates: sealed at rest, their public halves for everybody."""

from datetime import UTC, datetime

from cryptography.fernet import InvalidToken
from django.db import transaction

from seta.houses import queries as houses
from seta.houses.operations import Resealed, seal_anew, seal_secret
from seta.oversight.models import HeadKey
from seta.oversight.rules import heads
from seta.oversight.rules.heads import PublicKey


def public_keys(house_id: int) -> list[PublicKey]:
    """A house's public keys, oldest first; empty before its first head."""
    rows = HeadKey.objects.filter(house_id=house_id).order_by("id")
    return [PublicKey(row.public, row.since, row.introduced_by, row.introduction) for row in rows]


def origin(house_id: int) -> str:
    """The log's name in the world; empty before its first head."""
    keys = public_keys(house_id)
    return heads.origin_of(houses.house(house_id).code, keys[0].public) if keys else ""


def live_key(house_id: int | None, now: datetime) -> HeadKey:
    """The key that signs now, made when there is none; for no house, the key by which this server witnesses."""
    keys = HeadKey.objects.filter(retired_at=None).order_by("id")
    mine = keys.filter(house_id__isnull=True) if house_id is None else keys.filter(house_id=house_id)
    return mine.first() or _new_key(house_id, now)


def rotated(house_id: int, now: datetime) -> HeadKey:
    """A new key that the live one has signed; the old one signs nothing more. Call in a transaction."""
    old = live_key(house_id, now)
    name = origin(house_id)
    HeadKey.objects.filter(pk=old.pk).update(retired_at=now)
    fresh = _new_key(house_id, now, introduced_by=heads.key_id(old.public))
    told = PublicKey(fresh.public, fresh.since, fresh.introduced_by)
    fresh.introduction = sign(old, heads.KEY, told.text(name))
    fresh.save(update_fields=["introduction"])
    return fresh


def sign(key: HeadKey, purpose: bytes, text: str) -> str:
    """A signature in hex by a key whose secret only this server can open.

    Raises cryptography's InvalidToken when none of the vault's keys opens it, or when it is another key's secret that
    somebody has put in this one's place.
    """
    secret = houses.open_secret(bytes(key.sealed))
    if heads.public_of(secret) != key.public:
        raise InvalidToken
    return heads.sign(secret, purpose, text)


def reseal(*, now: datetime) -> Resealed:
    """Seal every signing key under the vault's newest key, one by one, while heads are being signed.

    Raises cryptography's InvalidToken for a key that none of the keys held opens; what came before stays done.
    """
    done = [_reseal(pk) for pk in HeadKey.objects.order_by("id").values_list("pk", flat=True)]
    return Resealed(resealed=sum(done), current=len(done) - sum(done))


@transaction.atomic
def _reseal(key_id: int) -> bool:
    row = HeadKey.objects.select_for_update(of=("self",)).get(pk=key_id)
    sealed = seal_anew(bytes(row.sealed))
    if sealed is not None:
        row.sealed = sealed
        row.save(update_fields=["sealed"])
    return sealed is not None


def _new_key(house_id: int | None, now: datetime, introduced_by: str = "") -> HeadKey:
    secret, public = heads.make_key()
    return HeadKey.objects.create(
        house_id=house_id,
        public=public,
        sealed=seal_secret(secret),
        introduced_by=introduced_by,
        since=now.astimezone(UTC).isoformat(),
    )
