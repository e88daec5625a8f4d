"""Chapters 7 and 8: a product shared by the associate and paid in the mini program, then one paid at the till."""

from typing import Any

from seta.boutique import queries as boutique
from seta.clienteling import queries as clienteling
from seta.payments import queries as payments
from seta.people import queries as people
from seta.site.demo import cast
from seta.site.journey.money import in_books
from seta.site.journey.traveller import Traveller, demand

SHARED_NUMBER = 1
"""Which product of the catalogue the associate shares; the first one is kept for the drop."""
TILL_NUMBER = 4


def buy_what_was_shared(traveller: Traveller) -> dict[str, Any]:
    """(7) Share, order, prepay, encrypted notification, ledger in CNY and EUR, credit to associate and campaign."""
    person_id = people.current_id(traveller.carried["person_id"])
    product = boutique.products(house_id=traveller.house_id)[SHARED_NUMBER]
    share = _share(traveller, person_id, product.code)
    shown = traveller.api("GET", f"/api/mp/v1/boutique/products/{product.code}")
    line = {"variant_id": shown["variants"][0]["id"], "quantity": 1}
    placed = traveller.api("POST", "/api/mp/v1/boutique/orders", lines=[line], source=share.token)
    traveller.pay_on_phone(placed["order_id"])
    order = boutique.order(order_id=placed["order_id"], house_id=traveller.house_id)
    assert order is not None
    demand(order.state == "paid", "the order is not paid", state=order.state)
    sale = traveller.wait(lambda: clienteling.sale_of_order(order.id), "the sale's credit")
    traveller.carried["order_id"] = order.id
    demand(sale.campaign == cast.CAMPAIGN, "the sale went to another campaign", campaign=sale.campaign)
    return {
        "share": {"token": share.token, "product": product.code},
        "order": {"id": order.id, "number": order.number, "state": order.state},
        "payment": in_books(traveller.house_id, order.number),
        "credited_to": {"associate": sale.associate_name, "campaign": sale.campaign, "reason": sale.reason},
        "commission": f"{sale.commission} {sale.settle_currency}",
    }


def _share(traveller: Traveller, person_id: int, product_code: str) -> clienteling.ShareRow:
    page = f"/desk/clients/{person_id}/"
    note = "陈女士，这是您今天看过的方巾，为您留了一条。"
    form = {"person_id": person_id, "product_code": product_code, "note": note}
    traveller.press("linyue", page, "/desk/clients/share/", **form)
    shares = clienteling.shares(traveller.house_id, person_id=person_id)
    demand(bool(shares), "nothing was shared")
    return shares[0]


def buy_at_the_till(traveller: Traveller) -> dict[str, Any]:
    """(8) The barcode on the client's Alipay, read at the boutique's till."""
    product = boutique.products(house_id=traveller.house_id)[TILL_NUMBER]
    shop = cast.SHOPS[0]
    code = traveller.control("payment_code", provider="alipay", openid=traveller.openid)["auth_code"]
    before = {row.id for row in boutique.orders(house_id=traveller.house_id)}
    person_id = people.current_id(traveller.carried["person_id"])
    form = {"variant_id": product.variants[0].id, "quantity": 1, "boutique": shop.code, "associate": "linyue"}
    form |= {"person_id": person_id}
    traveller.press("linyue", "/desk/boutique/till/", "/desk/boutique/till/charge/", auth_code=code, **form)
    order = traveller.wait(
        lambda: next(
            (
                row
                for row in boutique.orders(house_id=traveller.house_id)
                if row.id not in before and row.state == "paid"
            ),
            None,
        ),
        "the till's order to be paid",
    )
    paid = payments.payments(traveller.house_id, provider="alipay")[0]
    return {
        "order": {
            "id": order.id,
            "number": order.number,
            "channel": order.channel,
            "district": order.district,
        },
        "provider": paid.provider,
        "payment": in_books(traveller.house_id, order.number),
    }
