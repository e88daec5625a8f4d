"""Fill a database with the sample maison and city; running it again changes nothing."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from seta.boutique import queries as boutique
from seta.boutique.operations import (
    create_collection,
    import_catalogue,
    open_sales_point,
    put_in_collection,
)
from seta.boutique.queries.collecting import collection_rows
from seta.clienteling.operations import approve_product, enrol_associate
from seta.content import queries as content
from seta.drops import queries as drops
from seta.drops.operations import open_drop, plan_drop
from seta.guide.operations import import_milan, import_partners
from seta.houses import queries as houses
from seta.houses.operations import connect_account, found_house, hire
from seta.houses.rules import divide
from seta.insights.operations import open_campaign
from seta.partners import queries as partners
from seta.partners.operations import claim, open_account
from seta.partners.rules.refusals import PartnerRefused
from seta.payments.operations import set_rate, set_terms
from seta.site.demo import cast
from seta.stores.operations import open_boutique
from seta.stores.operations.opening import ResourceSpec

ROOT = Path(__file__).resolve().parent.parent.parent


def seed(config: Mapping[str, Any]) -> None:
    """Everything that needs only the database: houses, people, accounts, places, products, terms."""
    now = datetime.now(UTC)
    maison = found_house(code=cast.MAISON, name="Serica Milano", kind="maison")
    city = found_house(code=cast.CITY, name="Milano Accoglie", kind="destination", accent="#1d5b79")
    for house_id, staff in ((maison, cast.STAFF), (city, cast.CITY_STAFF)):
        _hire(house_id, staff)
    _connect_accounts(maison, config, now)
    _connect_social(city, config["base_url"], config["destination"], now)
    for house_id in (maison, city):
        import_milan(house_id=house_id, now=now)
    import_partners(house_id=city, text=(ROOT / "guide/data/milan_partners.csv").read_text("utf-8"), now=now)
    _claim_a_listing(city, now)
    open_campaign(house_id=maison, code=cast.CAMPAIGN, name="Silk Road SS27")
    _open_shops(maison, now)
    _fill_boutique(maison, now)
    _gather_collections(maison, now)
    _plan_drop(maison, now)
    _enrol_associates(maison, config["wecom"]["userids"], now)


def _claim_a_listing(house_id: int, now: datetime) -> None:
    """A business of the city that has asked to speak for its listing, and waits."""
    if partners.queue(house_id, waiting=True, now=now, language="it"):
        return
    account_id = open_account(house_id=house_id, email=cast.CLAIMANT.email, language="it", now=now)
    with suppress(PartnerRefused):
        claim(
            house_id=house_id,
            account_id=account_id,
            listing=cast.CLAIMANT.listing,
            who=cast.CLAIMANT.who,
            now=now,
        )


def _hire(house_id: int, staff: Sequence[cast.Staff]) -> None:
    for one in staff:
        hire(
            house_id=house_id,
            username=one.username,
            password=cast.PASSWORD,
            role=one.role,
            name=one.name,
            language=one.language,
        )


def _connect_accounts(house_id: int, config: Mapping[str, Any], now: datetime) -> None:
    base_url = config["base_url"]
    _connect_social(house_id, base_url, config, now)
    pay = dict(config["wechat"])
    pay["appid"] = config["mini_program"]["appid"]
    for family, app_id, secrets in (
        ("wecom", config["wecom"]["corpid"], config["wecom"]),
        ("wechatpay", pay["mchid"], pay),
        ("alipay", config["alipay"]["appid"], config["alipay"]),
        ("antom", config["antom"]["client_id"], config["antom"]),
    ):
        _connect(house_id, family, app_id, base_url, secrets, now)


def _connect_social(house_id: int, base_url: str, config: Mapping[str, Any], now: datetime) -> None:
    for family in ("official_account", "mini_program"):
        _connect(house_id, family, config[family]["appid"], base_url, config[family], now)


def _connect(
    house_id: int, family: str, app_id: str, base_url: str, secrets: Mapping[str, Any], now: datetime
) -> None:
    plain = {name: str(value) for name, value in secrets.items() if not isinstance(value, list | dict)}
    said, sealed = divide(plain)
    connect_account(
        house_id=house_id,
        family=family,
        app_id=app_id,
        base_url=base_url,
        secrets=sealed,
        settings=said,
        now=now,
    )


def _fill_boutique(house_id: int, now: datetime) -> None:
    set_terms(
        house_id=house_id,
        now=now,
        creditor_name="Serica Milano S.r.l.",
        creditor_iban="IT60X0542811101000000123456",
        debtor_name="Seta Settlement",
        debtor_iban="DE89370400440532013000",
    )
    set_rate(house_id=house_id, currency="EUR", scaled=cast.RATE_EUR, now=now)
    rows = json.loads((ROOT / "boutique/data/serica_products.json").read_text("utf-8"))
    if boutique.products(house_id=house_id):
        return
    report = import_catalogue(house_id=house_id, rows=rows, now=now)
    assert not report.problems, report.problems


def _gather_collections(house_id: int, now: datetime) -> None:
    if collection_rows(house_id=house_id, language="en", now=now):
        return
    marketer = next(each for each in houses.members(house_id) if each.role == "marketing").user_id
    known = {card.code: card.id for card in boutique.products(house_id=house_id)}
    for code, texts, pieces in cast.COLLECTIONS:
        made = create_collection(house_id=house_id, code=code, texts=texts, user_id=marketer, now=now)
        for piece in pieces:
            put_in_collection(
                house_id=house_id, collection_id=made, product_id=known[piece], user_id=marketer, now=now
            )


def _plan_drop(house_id: int, now: datetime) -> None:
    if drops.drop_by_code(house_id=house_id, code=cast.DROP_CODE) is not None:
        return
    piece = boutique.products(house_id=house_id)[0].variants[0]
    drop_id = plan_drop(
        house_id=house_id,
        code=cast.DROP_CODE,
        variant_id=piece.id,
        pieces=cast.DROP_PIECES,
        opens_at=now - timedelta(minutes=1),
        closes_at=now + timedelta(days=2),
        now=now,
    )
    open_drop(drop_id=drop_id, now=now)


def _open_shops(house_id: int, now: datetime) -> None:
    for shop in cast.SHOPS:
        open_sales_point(house_id=house_id, code=shop.code, district=shop.district)
        open_boutique(
            house_id=house_id,
            code=shop.code,
            name=shop.name,
            name_zh=shop.name_zh,
            district=shop.district,
            address=shop.address,
            lat=shop.latitude,
            lon=shop.longitude,
            opening_hours=shop.opening_hours,
            resources=[
                ResourceSpec(code="salon", name="Salon", kinds=("visit",), capacity=3),
                ResourceSpec(code="fitting", name="Fitting room", kinds=("fitting",), capacity=1),
            ],
        )


def _enrol_associates(house_id: int, userids: Sequence[str], now: datetime) -> None:
    by_name = {member.name: member.user_id for member in houses.members(house_id)}
    staff = {one.username: one for one in cast.STAFF}
    for userid, (username, boutique_code) in zip(userids, cast.ASSOCIATES, strict=False):
        name = staff[username].name
        enrol_associate(
            house_id=house_id,
            code=username,
            userid=userid,
            name=name,
            boutique=boutique_code,
            user_id=by_name[name],
            now=now,
        )
    known = {row.product_code for row in content.in_force(house_id, now=now)}
    for product in boutique.products(house_id=house_id):
        if product.code not in known:
            approve_product(
                house_id=house_id,
                product_code=product.code,
                text=f"{product.name}：{product.description}",
                approved_by=staff["marketing"].name,
                now=now,
            )
