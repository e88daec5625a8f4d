"""Lets a business that has come in by a letter come in with WeChat from then on."""

from datetime import datetime

from django.db import transaction

from seta.houses.queries import official_account
from seta.partners.models import Account
from seta.partners.rules.refusals import PartnerRefused, Refusal


def who_holds_the_phone(*, house_id: int, code: str) -> str:
    """The openid behind a code that WeChat sent back. Raises PlatformError; PartnerRefused: NO_WECHAT."""
    openid = official_account(house_id).openid_of_code(code)
    if not openid:
        raise PartnerRefused(Refusal.NO_WECHAT)
    return openid


@transaction.atomic
def link_wechat(*, house_id: int, account_id: int, openid: str, now: datetime) -> None:
    """Let this WeChat be the account's; it is no other account's any more. Raises PartnerRefused: NOT_YOURS."""
    Account.objects.filter(house_id=house_id, openid=openid).exclude(pk=account_id).update(openid="")
    if not Account.objects.filter(house_id=house_id, pk=account_id).update(openid=openid):
        raise PartnerRefused(Refusal.NOT_YOURS)
