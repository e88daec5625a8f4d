"""Houses, members and accounts as the other parts see them, and the live clients behind the accounts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from seta.houses import rules
from seta.houses.models import House, Member, PlatformAccount
from seta.houses.sealing import unseal
from seta.houses.vault import vault
from seta.platforms.alipay import Alipay
from seta.platforms.antom import Antom
from seta.platforms.wechat import MiniProgram, OfficialAccount
from seta.platforms.wechatpay import CrossBorder, Direct, Institution, WeChatPay
from seta.platforms.wecom import ArchiveSource, FinanceSdk, SandboxArchive, WeCom
from seta.platforms.wecom.archive import versions_of

T = TypeVar("T")


class HouseMissing(LookupError):
    """No house on this server has that code."""


class AccountMissing(LookupError):
    """The house has no account of this family; the message says how to connect one."""


@dataclass(frozen=True)
class HouseCard:
    """A house, as a page shows it."""

    id: int
    code: str
    name: str
    kind: str
    currency: str
    accent: str
    timezone: str


@dataclass(frozen=True)
class MemberCard:
    """Who is signed in at the desk, for which house, as what.

    `boutique_code` names the one sales point whose money they may see; empty for the whole house.
    """

    user_id: int
    house_id: int
    role: str
    name: str
    language: str
    boutique_code: str = ""


@dataclass(frozen=True)
class Account:
    """A platform account with its secrets opened; keep it in memory only.

    `former` are the secrets before a change of keys, believed beside the new ones until `former_until`.
    """

    id: int
    house_id: int
    family: str
    app_id: str
    base_url: str
    secrets: Mapping[str, str] = field(repr=False)
    changed_at: datetime
    settings: Mapping[str, str] = field(default_factory=dict)
    former: Mapping[str, str] | None = field(default=None, repr=False)
    former_until: datetime | None = None

    @property
    def mode(self) -> str:
        """In which of its family's modes it works; see houses.rules."""
        return rules.mode_of(self.settings)

    def believed(self, now: datetime) -> Sequence[Mapping[str, str]]:
        """The secrets by which a platform may prove itself now: the present ones, and the former while keys change."""
        if self.former is None or self.former_until is None or self.former_until <= now:
            return (self.secrets,)
        return (self.secrets, self.former)


def house(house_id: int) -> HouseCard:
    """The house; raises House.DoesNotExist."""
    return _house_card(House.objects.get(pk=house_id))


def house_by_code(code: str) -> HouseCard:
    """The house of this code; raises HouseMissing."""
    row = House.objects.filter(code=code).first()
    if row is None:
        raise HouseMissing(f"no house has the code {code!r}")
    return _house_card(row)


def houses() -> Sequence[HouseCard]:
    """All houses on this server, in the order founded."""
    return [_house_card(row) for row in House.objects.order_by("id")]


def member_of(user_id: int | None) -> MemberCard | None:
    """The member behind a signed-in user."""
    row = Member.objects.filter(user_id=user_id, user__is_active=True).first() if user_id else None
    return _member_card(row) if row else None


def members(house_id: int) -> Sequence[MemberCard]:
    """Everyone who works for the house."""
    rows = Member.objects.filter(house_id=house_id).order_by("id")
    return [_member_card(row) for row in rows]


def account(house_id: int, family: str) -> Account:
    """The house's account of a family; raises AccountMissing."""
    row = PlatformAccount.objects.filter(house_id=house_id, family=family).first()
    if row is None:
        raise AccountMissing(f"connect a {family} account for house {house_id} with `seta init`")
    return _account(row)


def account_by_id(account_id: int) -> Account | None:
    """The account that a callback address names."""
    row = PlatformAccount.objects.filter(pk=account_id).first()
    return _account(row) if row else None


def account_by_app(family: str, app_id: str) -> Account | None:
    """The account of an appid, corpid or mchid."""
    row = PlatformAccount.objects.filter(family=family, app_id=app_id).first()
    return _account(row) if row else None


def accounts(house_id: int) -> Sequence[Account]:
    """All accounts of the house."""
    return [_account(row) for row in PlatformAccount.objects.filter(house_id=house_id).order_by("id")]


def open_secret(sealed: bytes) -> bytes:
    """What `operations.seal_secret` took; raises cryptography's InvalidToken when none of the keys held opens it."""
    return vault().unseal(sealed)


def official_account(house_id: int) -> OfficialAccount:
    """The house's live Official Account client."""
    return _live(account(house_id, "official_account"), _official_account)


def mini_program(house_id: int) -> MiniProgram:
    """The house's live mini program client."""
    return _live(account(house_id, "mini_program"), _mini_program)


def wecom(house_id: int) -> WeCom:
    """The house's live WeCom client, with its customer-contact secret."""
    return _live(account(house_id, "wecom"), _wecom)


def archive(house_id: int) -> ArchiveSource:
    """The source of the house's conversation archive: Tencent's library when the account names one, else HTTP.

    Raises PlatformError when the library cannot be used.
    """
    return _live(account(house_id, "wecom"), _archive)


def wechatpay(house_id: int) -> WeChatPay:
    """The house's live WeChat Pay client."""
    return _live(account(house_id, "wechatpay"), _wechatpay)


def cross_border(house_id: int) -> CrossBorder:
    """The house's live WeChat Pay client as a merchant outside China, direct or through its institution."""
    return _live(account(house_id, "wechatpay"), _cross_border)


def alipay(house_id: int) -> Alipay:
    """The house's live Alipay client."""
    return _live(account(house_id, "alipay"), _alipay)


def antom(house_id: int) -> Antom:
    """The house's live Antom client."""
    return _live(account(house_id, "antom"), _antom)


def payment_families(house_id: int) -> frozenset[str]:
    """At which payment providers the house has an account; opens no secret."""
    rows = PlatformAccount.objects.filter(house_id=house_id, family__in=rules.PAYMENT_FAMILIES)
    return frozenset(rows.values_list("family", flat=True))


_LIVE: dict[tuple[str, int], tuple[tuple[datetime, str, bool], Any]] = {}


@dataclass(frozen=True)
class PaymentAccount:
    """Where a house is paid: the provider, its account's own number there, and the mode it works in."""

    family: str
    app_id: str
    mode: str


def payment_accounts(house_id: int) -> Sequence[PaymentAccount]:
    """The house's accounts at payment providers; opens no secret."""
    rows = PlatformAccount.objects.filter(house_id=house_id, family__in=rules.PAYMENT_FAMILIES)
    found = rows.order_by("family").values_list("family", "app_id", "settings")
    return [PaymentAccount(family, app_id, rules.mode_of(said)) for family, app_id, said in found]


def _live(found: Account, make: Callable[[Account], T]) -> T:
    """One client an account and process, so that its token cache and connections are shared.

    It is made anew when the account changes and when its former keys are no longer to be believed.
    """
    key = (make.__name__, found.id)
    state = (found.changed_at, found.base_url, len(found.believed(datetime.now(UTC))) > 1)
    kept = _LIVE.get(key)
    if kept is None or kept[0] != state:
        kept = (state, make(found))
        _LIVE[key] = kept
    client: T = kept[1]
    return client


def _former(found: Account, name: str) -> str:
    believed = found.believed(datetime.now(UTC))
    return believed[1].get(name, "") if len(believed) > 1 else ""


def _official_account(found: Account) -> OfficialAccount:
    return OfficialAccount(appid=found.app_id, secret=found.secrets["secret"], base_url=found.base_url)


def _mini_program(found: Account) -> MiniProgram:
    return MiniProgram(appid=found.app_id, secret=found.secrets["secret"], base_url=found.base_url)


def _wecom(found: Account) -> WeCom:
    return WeCom(corpid=found.app_id, secret=found.secrets["contact_secret"], base_url=found.base_url)


def _archive(found: Account) -> ArchiveSource:
    # A key of a change that is not over yet opens what was sealed before it.
    keys = versions_of(found.former or {}) | versions_of(found.secrets)
    path = found.settings.get("archive_library")
    if path:
        return FinanceSdk(
            path=Path(path),
            corpid=found.app_id,
            secret=found.secrets["archive_secret"],
            private_keys=keys,
            proxy=found.settings.get("archive_proxy", ""),
        )
    return SandboxArchive(
        base_url=found.base_url,
        corpid=found.app_id,
        secret=found.secrets["archive_secret"],
        private_keys=keys,
    )


def _wechatpay(found: Account) -> WeChatPay:
    serial, certificate = _former(found, "platform_serial"), _former(found, "platform_cert")
    key_id, public_key = _former(found, "public_key_id"), _former(found, "public_key")
    former = {serial: certificate, key_id: public_key}
    return WeChatPay(
        mchid=found.settings.get("sp_mchid") or found.app_id,
        appid=_pay_appid(found),
        apiv3_key=found.secrets["apiv3_key"],
        merchant_serial=found.secrets["merchant_serial"],
        merchant_private_key=found.secrets["merchant_private_key"],
        public_key_id=found.secrets["public_key_id"],
        public_key=found.secrets["public_key"],
        platform_certificates={name: key for name, key in former.items() if name and key},
        base_url=found.base_url,
    )


def _pay_appid(found: Account) -> str:
    """Whose app the pay sheet belongs to: the merchant's own, or its institution's when it has none."""
    if found.mode == rules.GLOBAL_INSTITUTION:
        return found.settings.get("sub_appid") or found.settings["sp_appid"]
    return found.secrets["appid"]


def _cross_border(found: Account) -> CrossBorder:
    own: Direct | Institution = Direct(found.app_id, found.secrets["appid"])
    if found.mode == rules.GLOBAL_INSTITUTION:
        named = found.settings
        own = Institution(
            named["sp_mchid"], named["sp_appid"], found.app_id, sub_appid=named.get("sub_appid", "")
        )
    return _wechatpay(found).cross_border(own)


def _alipay(found: Account) -> Alipay:
    return Alipay(
        appid=found.app_id,
        app_private_key=found.secrets["app_private_key"],
        alipay_public_key=found.secrets["alipay_public_key"],
        former_public_key=_former(found, "alipay_public_key"),
        base_url=found.base_url,
    )


def _antom(found: Account) -> Antom:
    return Antom(
        client_id=found.app_id,
        private_key=found.secrets["private_key"],
        key_version=found.secrets.get("key_version") or "1",
        antom_public_key=found.secrets["antom_public_key"],
        former_public_key=_former(found, "antom_public_key"),
        base_url=found.base_url,
    )


def _house_card(row: House) -> HouseCard:
    return HouseCard(row.pk, row.code, row.name, row.kind, row.currency, row.accent, row.timezone)


def _member_card(row: Member) -> MemberCard:
    return MemberCard(row.user_id, row.house_id, row.role, row.name, row.language, row.boutique_code)


def _account(row: PlatformAccount) -> Account:
    return Account(
        row.pk,
        row.house_id,
        row.family,
        row.app_id,
        row.base_url,
        unseal(bytes(row.sealed_secrets)),
        row.changed_at,
        row.settings,
        unseal(bytes(row.sealed_former)) if row.sealed_former is not None else None,
        row.former_until,
    )
