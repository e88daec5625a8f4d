"""Found a house, hire its members, connect its accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction

from seta.houses import rules
from seta.houses.models import House, Member, PlatformAccount
from seta.houses.sealing import seal, unseal
from seta.houses.vault import vault


class SecretsMissing(ValueError):
    """An account was given without all the secrets or settings that its platform needs."""


@dataclass(frozen=True)
class Resealed:
    """What a rotation found: rows sealed anew, and those that the newest key had sealed already."""

    resealed: int
    current: int


@transaction.atomic
def found_house(*, code: str, name: str, kind: str, currency: str = "EUR", accent: str = "#9b2c2c") -> int:
    """Create a house, or bring the one with this code up to date; returns its id."""
    house, _ = House.objects.update_or_create(
        code=code, defaults={"name": name, "kind": kind, "currency": currency, "accent": accent}
    )
    return house.pk


@transaction.atomic
def hire(
    *,
    house_id: int,
    username: str,
    password: str,
    role: str,
    name: str,
    language: str = "en",
    boutique_code: str = "",
) -> int:
    """Give a person of the house a sign-in and a role; returns the member's id. Keeps an existing password.

    With a `boutique_code` they see the money of that sales point only.
    """
    user, is_new = get_user_model().objects.get_or_create(username=username)
    if is_new:
        user.set_password(password)
        user.save(update_fields=["password"])
    member, _ = Member.objects.update_or_create(
        user=user,
        defaults={
            "house_id": house_id,
            "role": role,
            "name": name,
            "language": language,
            "boutique_code": boutique_code,
        },
    )
    return member.pk


@transaction.atomic
def connect_account(
    *,
    house_id: int,
    family: str,
    app_id: str,
    base_url: str,
    secrets: Mapping[str, str],
    now: datetime,
    settings: Mapping[str, str] | None = None,
) -> int:
    """Store an account of the house at a platform, sealed; returns its id.

    `settings` is what the account says of itself that is no secret, such as a WeChat Pay merchant's `mode` (see
    houses.rules). Raises SecretsMissing, which names what is missing and none of what was given.
    """
    said = dict(settings or {})
    missing = rules.secrets_missing(family, secrets) | rules.settings_missing(family, said)
    if missing:
        raise SecretsMissing(f"{family} still needs: {', '.join(sorted(missing))}")
    account, _ = PlatformAccount.objects.update_or_create(
        house_id=house_id,
        family=family,
        defaults={
            "app_id": app_id,
            "base_url": base_url.rstrip("/"),
            "settings": said,
            "sealed_secrets": seal(secrets),
            "sealed_former": None,
            "former_until": None,
            "changed_at": now,
        },
    )
    return account.pk


@transaction.atomic
def change_keys(
    *, house_id: int, family: str, secrets: Mapping[str, str], overlap: timedelta, now: datetime
) -> None:
    """Put new keys of a platform in force; what the former ones prove is believed for `overlap` longer.

    Give only the secrets that change (a new merchant key with its serial, a new platform key, a new APIv3 key). We
    sign with the new ones at once: register them at the provider first, which accepts both for a while. Raises
    PlatformAccount.DoesNotExist and SecretsMissing.
    """
    row = PlatformAccount.objects.select_for_update(of=("self",)).get(house_id=house_id, family=family)
    former = unseal(bytes(row.sealed_secrets))
    merged = {**former, **secrets}
    missing = rules.secrets_missing(family, merged)
    if missing:
        raise SecretsMissing(f"{family} still needs: {', '.join(sorted(missing))}")
    row.sealed_former, row.former_until = row.sealed_secrets, now + overlap
    row.sealed_secrets, row.changed_at = seal(merged), now
    row.save(update_fields=["sealed_secrets", "sealed_former", "former_until", "changed_at"])


def seal_secret(plain: bytes) -> bytes:
    """Seal something that must not be read in a dump under the vault's newest key; `queries.open_secret` opens it."""
    return vault().seal(plain)


def seal_anew(sealed: bytes) -> bytes | None:
    """What a secret is under the newest key; None when that key has sealed it already.

    Raises cryptography's InvalidToken when none of the keys held opens it.
    """
    keeper = vault()
    return None if keeper.is_current(sealed) else keeper.seal(keeper.unseal(sealed))


def rotate_keys(*, now: datetime) -> Resealed:
    """Seal every account's secrets under the vault's newest key, account by account, while all runs on.

    Former keys whose time is over are forgotten. A rotation that is interrupted is simply run again. Raises
    cryptography's InvalidToken when an account opens with none of the keys held; what came before stays done.
    """
    done = [_reseal(pk, now) for pk in PlatformAccount.objects.order_by("id").values_list("pk", flat=True)]
    return Resealed(resealed=sum(done), current=len(done) - sum(done))


@transaction.atomic
def _reseal(account_id: int, now: datetime) -> bool:
    row = PlatformAccount.objects.select_for_update(of=("self",)).filter(pk=account_id).first()
    if row is None:
        return False
    if row.sealed_former is not None and row.former_until is not None and row.former_until <= now:
        row.sealed_former = row.former_until = None
    secrets = seal_anew(bytes(row.sealed_secrets))
    former = None if row.sealed_former is None else seal_anew(bytes(row.sealed_former))
    row.sealed_secrets = secrets or row.sealed_secrets
    row.sealed_former = former or row.sealed_former
    # The secrets themselves are the same: clients that are live may stay so, hence no new changed_at.
    row.save(update_fields=["sealed_secrets", "sealed_former", "former_until"])
    return secrets is not None or former is not None
