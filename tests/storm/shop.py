"""One house of a yard, as a test tells its story: open, pay, notify, refund, look at the books."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from seta.kit.clock import beijing_day
from tests.sandbox_server import RunningSandbox
from tests.storm.relay import Relay
from tests.storm.yard import Hand

AMOUNT = 938_815
BARCODES = {"wechat": "wechat_barcode", "alipay": "alipay_barcode"}


def now(**later: float) -> datetime:
    """This instant and `later`, as timedelta counts it."""
    return datetime.now(UTC) + timedelta(**later)


def today() -> date:
    """The Beijing day of bills made now."""
    return beijing_day(now())


@dataclass
class Shop:
    """A house whose operations run in `hand` and whose notifications come through `relay`."""

    hand: Hand
    house_id: int
    sandbox: RunningSandbox
    relay: Relay

    def open(
        self,
        method: str = "wechat_jsapi",
        *,
        reference: str = "S-1",
        amount: int = AMOUNT,
        at: datetime | None = None,
    ) -> dict[str, Any]:
        """A payment that settles in euros, kept and not yet sent."""
        card = self.hand.do(
            "open_intent",
            now=at,
            house_id=self.house_id,
            person_id=None,
            reference=reference,
            amount=amount,
            description="foulard",
            method=method,
            settle_currency="EUR",
        )
        assert isinstance(card, dict)
        return card

    def shown(self, **how: Any) -> dict[str, Any]:
        """A payment in the mini program whose order is placed."""
        card = self.open(**how)
        self.hand.do("prepay", now=how.get("at"), intent_id=card["intent_id"], openid=self.openid)
        return card

    @property
    def openid(self) -> str:
        """The client's in the mini program."""
        return str(self.sandbox.config["wechat"]["openid"])

    def client_pays(self, card: dict[str, Any], provider: str = "wechat") -> None:
        """The client confirms; returns when the first notification has been tried."""
        self.sandbox.control("pay", provider=provider, out_trade_no=card["out_trade_no"])

    def paid(self, **how: Any) -> dict[str, Any]:
        """A payment in the mini program, proven by its notification."""
        card = self.shown(**how)
        self.client_pays(card)
        assert self.state(card) == "succeeded"
        return card

    def charge(self, card: dict[str, Any], provider: str = "wechat", **how: Any) -> dict[str, Any]:
        """Charge a fresh code; gives the outcome, whatever it is."""
        code = self.sandbox.control("payment_code", provider=provider)["auth_code"]
        return self.hand.outcome("pay_barcode", intent_id=card["intent_id"], auth_code=code, **how)

    def refund(self, card: dict[str, Any], amount: int, *, key: str = "k1", **how: Any) -> dict[str, Any]:
        """Ask for a refund; gives the outcome, whatever it is."""
        ask = {"intent_id": card["intent_id"], "amount": amount, "reason": "size", "key": key}
        return self.hand.outcome("refund", **ask, **how)

    def look(self, card: dict[str, Any]) -> dict[str, Any]:
        """A payment with its refunds and journals."""
        found = self.hand.do("payments", house_id=self.house_id)
        return next(one for one in found if one["intent_id"] == card["intent_id"])

    def state(self, card: dict[str, Any]) -> str:
        """A payment's state."""
        return str(self.look(card)["state"])

    def books(self) -> dict[str, Any]:
        """The house's books, after a look whether they hold together."""
        books = self.hand.do("books", house_id=self.house_id)
        assert isinstance(books, dict)
        wrong = [*books["unbalanced"], *books["guarded_wrong"]]
        assert not wrong, wrong
        assert all(total == 0 for total in books["totals"].values()), books["totals"]
        return books

    def balance(self, account: str) -> int:
        """A balance in minor units, debit positive; `account` is a code and a currency."""
        return int(self.books()["balances"].get(account, 0))

    def breaks(self) -> list[tuple[str, str]]:
        """Key and category of each open break."""
        return [(key, category) for key, category, _, _, closed in self.books()["breaks"] if not closed]

    def sweep(self, **later: float) -> int:
        """The worker's round so much later."""
        asked = self.hand.do("query_unknown", now=now(**later))
        assert isinstance(asked, int)
        return asked

    def fault(self, kind: str, match: str, **plan: Any) -> None:
        """Plan a fault of the sandbox."""
        self.sandbox.control("fault", kind=kind, match=match, **plan)

    def bill(self, provider: str = "wechat", **how: Any) -> Any:
        """Let the sandbox make today's bill, with a planted break or none."""
        return self.sandbox.control("make_bill", provider=provider, date=today().isoformat(), **how)

    def close_day(self, provider: str = "wechat") -> dict[str, Any]:
        """Fetch today's bill and hold it against the books; gives the outcome."""
        day = today().isoformat()
        return self.hand.outcome("close_day", house_id=self.house_id, provider=provider, day=day)
