"""Staff send, hand over and take back orders and prepare a bag, in Debian's Chromium.

Pictures go to var/screenshots as orders-…; SETA_SCREENSHOTS=docs/screenshots keeps them.
"""

import time
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk_page import at_the_desk, leave_pictures, unfold
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BOTH = ("zh-hans", "en")
HOME = {"recipient": "陈晓", "phone": "13800138000", "region": "上海市 静安区", "street": "南京西路 1266 号"}
COMPANY = {
    "buyer": "company",
    "title": "福建云上丝绸有限公司",
    "tax_number": "91350100M000100Y43",
    "email": "fapiao@example.com",
}
GIFT = {"is_wrapped": True, "card_text": "生日快乐，愿你天天开心", "hides_prices": True}
SHOP = "monte-napoleone"


class Phone:
    """The demo's client on the phone: checks out, pays, and asks."""

    def __init__(self, seta: RunningSeta) -> None:
        self.seta = seta
        self.program = seta.config["mini_program"]
        code = seta.control("js_code", openid=self.program["openids"][0])["code"]
        session = seta.client.post(
            f"{seta.base_url}/api/mp/v1/session", json={"js_code": code, "appid": self.program["appid"]}
        )
        self.headers = {"Authorization": f"Bearer {session.json()['token']}"}

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """One request of the mini program."""
        address = f"{self.seta.base_url}/api/mp/v1/boutique{path}"
        answer = self.seta.client.request(method, address, json=body, headers=self.headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def door(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """What the phone does by itself."""
        answer = self.seta.client.post(f"{self.seta.sandbox_url}/_phone/{name}", json=body)
        assert answer.status_code == 200, answer.text
        done: dict[str, Any] = answer.json()
        return done

    def buy(self, number: int, **how: Any) -> int:
        """Order a piece of the catalogue and pay for it; the order's id once it is paid."""
        product = self.ask("GET", "/products")["products"][number]
        line = {"variant_id": product["variants"][0]["id"], "quantity": 1}
        order: int = self.ask("POST", "/checkout", {"lines": [line], **how})["order_id"]
        appid = self.program["appid"]
        sheet = self.door("sheet", {"appid": appid, **self.ask("POST", f"/orders/{order}/pay")})
        paid = {"appid": appid, "prepay_id": sheet["prepay_id"], "pin": "081127"}
        self.door("pay", {"consumer": self.program["openids"][0], **paid})
        deadline = time.monotonic() + 30
        while self.ask("GET", f"/orders/{order}")["state"] != "paid":
            assert time.monotonic() < deadline, "the payment did not arrive"
            time.sleep(0.1)
        return order

    def hold(self, number: int) -> None:
        """Have a piece held in the boutique."""
        product = self.ask("GET", "/products")["products"][number]
        held = {"variant_id": product["variants"][0]["id"], "boutique": SHOP, "key": f"hold-{number}"}
        self.ask("POST", "/fittings", held)

    def code(self, order: int) -> str:
        """The pick-up code that the phone shows."""
        shown: str = self.ask("GET", f"/orders/{order}/service")["arrival"]["code"]
        return shown


def test_orders_go_out_are_handed_over_and_come_back(browser: Browser, seta: RunningSeta) -> None:
    phone = Phone(seta)
    sent = phone.buy(5, address=HOME, gift=GIFT, invoice=COMPANY)
    picked = phone.buy(6, pickup_at=SHOP, gift=GIFT)
    phone.buy(7, pickup_at=SHOP)
    phone.hold(8)
    with at_the_desk(browser, seta, "finance") as page:
        page.goto(f"{seta.base_url}/desk/boutique/orders/")
        leave_pictures(page, "orders-list", languages=BOTH)
        page.goto(f"{seta.base_url}/desk/boutique/orders/{sent}/")
        leave_pictures(page, "orders-to-send", languages=BOTH)
        form = page.locator("form[action$='/ship/']")
        form.locator("[name=carrier]").fill("SF Express")
        form.locator("[name=tracking]").fill("SF1029384756")
        form.get_by_role("button", name="Given to the carrier").click()
        expect(page.locator(".notice.ok")).to_contain_text("The parcel is on its way.")
        page.get_by_role("button", name="The parcel has arrived").click()
        unfold(page, "The client wants to return a piece")
        form = page.locator("form[action$='/ask/']").first
        form.locator("[name=reason]").select_option("size")
        form.locator("[name=words]").fill("One size too large")
        form.get_by_role("button", name="Enter the request").click()
        expect(page.locator(".notice.ok")).to_contain_text("The request is entered.")
        leave_pictures(page, "orders-return", languages=BOTH)
        page.get_by_role("button", name="Accept").click()
        page.get_by_role("button", name="The pieces are back").click()
        expect(page.locator(".notice.ok")).to_contain_text("The pieces are taken back.")
        expect(page.locator(".timeline")).to_contain_text("Returned pieces received")

        page.goto(f"{seta.base_url}/desk/boutique/orders/{picked}/")
        page.get_by_role("button", name="The pieces are ready").click()
        page.goto(f"{seta.base_url}/desk/boutique/counter/?code=seta:pickup={phone.code(picked)}")
        leave_pictures(page, "orders-counter", languages=BOTH)
        page.get_by_role("button", name="Hand the pieces over").click()
        expect(page.locator(".notice.ok")).to_contain_text("The pieces are handed over.")
        page.get_by_role("button", name="Tries it on").click()
        expect(page.locator(".notice.ok")).to_contain_text("The client is trying it on.")
        page.goto(f"{seta.base_url}/desk/boutique/promises/")
        leave_pictures(page, "orders-promises", languages=BOTH)


def test_an_associate_prepares_a_bag_and_shares_it(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "linyue") as page:
        page.goto(f"{seta.base_url}/desk/boutique/bags/")
        form = page.locator("form[action$='/prepare/']")
        form.locator("[name=variant_id]").first.select_option(index=1)
        form.locator("[name=variant_id]").nth(1).select_option(index=3)
        form.locator("[name=note]").fill("为您挑选的两件作品")
        form.get_by_role("button", name="Prepare").click()
        expect(page.locator(".notice.ok")).to_contain_text("The bag is ready to be shared.")
        leave_pictures(page, "orders-bag", languages=BOTH)
        page.goto(f"{seta.base_url}/desk/boutique/bags/")
        leave_pictures(page, "orders-bags", languages=BOTH)
