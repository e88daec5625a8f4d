"""Found a house, hire its members, connect its accounts."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction

from seta.houses import rules
from seta.houses.models import House, Member, PlatformAccount
from seta.houses.sealing import seal


class SecretsMissing(ValueError):
    """An account was given without all the secrets that its platform needs."""


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
    *, house_id: int, family: str, app_id: str, base_url: str, secrets: Mapping[str, str], now: datetime
) -> int:
    """Store an account of the house at a platform, sealed; returns its id.

    Raises SecretsMissing, which names what is missing.
    """
    missing = rules.secrets_missing(family, secrets)
    if missing:
        raise SecretsMissing(f"{family} still needs: {', '.join(sorted(missing))}")
    account, _ = PlatformAccount.objects.update_or_create(
        house_id=house_id,
        family=family,
        defaults={
            "app_id": app_id,
            "base_url": base_url.rstrip("/"),
            "sealed_secrets": seal(secrets),
            "changed_at": now,
        },
    )
    return account.pk
