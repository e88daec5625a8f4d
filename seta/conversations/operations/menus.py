"""A menu is drafted at the desk, checked by the platform's rules, then published."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from seta.conversations import rules
from seta.conversations.models import Menu
from seta.conversations.rules import MenuFault
from seta.houses import queries as houses


class MenuRefused(ValueError):
    """A draft that WeChat would not take; `faults` says where and what to do."""

    def __init__(self, faults: Sequence[MenuFault]) -> None:
        super().__init__("; ".join(f"{fault.where} {fault.advice}".strip() for fault in faults))
        self.faults = tuple(faults)


@transaction.atomic
def save_menu(*, house_id: int, buttons: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Keep a draft; raises MenuRefused, and the draft before stays."""
    faults = rules.menu_faults(list(buttons))
    if faults:
        raise MenuRefused(faults)
    account = houses.account(house_id, "official_account")
    Menu.objects.update_or_create(
        account_id=account.id,
        defaults={"house_id": house_id, "draft": list(buttons), "changed_at": now},
    )


def publish_menu(*, house_id: int, now: datetime) -> None:
    """Give the draft to the platform; raises MenuRefused when there is none, PlatformError when it is not taken.

    Clients see the change after some minutes: WeChat caches menus.
    """
    account = houses.account(house_id, "official_account")
    menu = Menu.objects.filter(account_id=account.id).first()
    if menu is None:
        raise MenuRefused([MenuFault("", 40016, "save a draft before publishing")])
    houses.official_account(house_id).menu_create(menu.draft)
    Menu.objects.filter(pk=menu.pk).update(published=menu.draft, published_at=now)
