"""A process killed at each named point of a payment's way: nothing is lost, doubled or out of balance."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from seta.kit.clock import beijing_day
from tests.storm.yard import Hand, Yard

pytestmark = [pytest.mark.slow]

AMOUNT = 938_815
STOPPED_SECONDS_MAX = 30.0


def now(seconds: float = 0) -> datetime:
    """This instant and some."""
    return datetime.now(UTC) + timedelta(seconds=seconds)


def opened(place: Yard, hand: Hand, *, method: str = "wechat_barcode", reference: str = "S-1") -> Any:
    """A payment that nobody has sent yet."""
    return hand.do("open_intent", **opening(place, method=method, reference=reference))


def opening(place: Yard, *, method: str, reference: str) -> dict[str, Any]:
    """What a payment is opened with."""
    return {
        "house_id": place.house_id,
        "person_id": None,
        "reference": reference,
        "amount": AMOUNT,
        "description": "foulard",
        "method": method,
        "settle_currency": "EUR",
    }


def of_house(place: Yard) -> str:
    """Of this test's house alone: others stand in the same database."""
    return f"WHERE house_id = {int(place.house_id)}"


def killed_at(hand: Hand, do: str, stop: dict[str, str], **args: Any) -> None:
    """Do it until the point, then SIGKILL."""
    outcome = hand.outcome(do, stop=stop, **args)
    assert "stopped" in outcome, outcome
    hand.kill()


def code(place: Yard, provider: str = "wechat") -> str:
    """A fresh payment code on a client's phone."""
    return str(place.sandbox.control("payment_code", provider=provider)["auth_code"])


def paid(place: Yard, hand: Hand, **how: Any) -> Any:
    """A barcode payment that went well."""
    card = opened(place, hand, **how)
    done = hand.do("pay_barcode", intent_id=card["intent_id"], auth_code=code(place))
    assert done["state"] == "succeeded"
    return card


def the_payment(place: Yard, hand: Hand) -> dict[str, Any]:
    """The only payment, after a look at the books: balanced, each balance the sum of its postings."""
    books = hand.do("books", house_id=place.house_id)
    assert books["unbalanced"] == [] and books["guarded_wrong"] == []
    assert set(books["totals"].values()) <= {0}
    (found,) = hand.do("payments", house_id=place.house_id)
    assert isinstance(found, dict)
    return found


def test_killed_before_the_attempt_is_committed(place: Yard) -> None:
    how = opening(place, method="wechat_barcode", reference="S-1")
    killed_at(place.hand(), "open_intent", {"sql": 'INSERT INTO "payments_attempt"'}, **how)

    hand = place.hand()
    before = hand.do("payments", house_id=place.house_id)
    paid(place, hand)

    assert before == []
    assert the_payment(place, hand)["state"] == "succeeded"


def test_killed_after_the_commit_and_before_the_sending(place: Yard) -> None:
    hand = place.hand()
    card = opened(place, hand)
    pay = {"intent_id": card["intent_id"], "auth_code": code(place)}
    killed_at(hand, "pay_barcode", {"request": "codepay"}, **pay)

    hand = place.hand()
    left = the_payment(place, hand)
    hand.do("query_unknown", now=now(31))

    assert (left["state"], left["sent"]) == ("processing", True)
    assert the_payment(place, hand)["state"] == "failed"
    asked = place.sandbox.journal(direction="in", family="wechatpay")
    assert [one["status"] for one in asked if left["out_trade_no"] in one["path"]] == [404]


def test_killed_after_the_sending_and_before_the_answer(place: Yard) -> None:
    hand = place.hand()
    card = opened(place, hand)
    pay = {"intent_id": card["intent_id"], "auth_code": code(place)}
    killed_at(hand, "pay_barcode", {"response": "codepay"}, **pay)

    hand = place.hand()
    left = the_payment(place, hand)
    hand.do("query_unknown", now=now(5))

    assert (left["state"], left["journals"]) == ("processing", [])
    assert the_payment(place, hand)["state"] == "succeeded"


def test_killed_after_the_answer_and_before_its_commit(place: Yard) -> None:
    hand = place.hand()
    card = opened(place, hand)
    pay = {"intent_id": card["intent_id"], "auth_code": code(place)}
    killed_at(hand, "pay_barcode", {"sql": '"payments_providerfact"'}, **pay)

    hand = place.hand()
    left = the_payment(place, hand)
    again = hand.do("pay_barcode", **pay, now=now(5))

    assert (left["state"], left["journals"]) == ("processing", [])
    assert again["state"] == "succeeded"
    assert place_charges(place) == 1, "asked about, not charged again"


def place_charges(place: Yard) -> int:
    """How often a barcode was charged at the sandbox."""
    return sum(entry["path"].endswith("/codepay") for entry in place.sandbox.journal(direction="in"))


def test_killed_after_the_commit_and_before_the_2xx_to_the_provider(place: Yard) -> None:
    hand = place.hand()
    card = opened(place, hand, method="wechat_jsapi")
    hand.do("prepay", intent_id=card["intent_id"], openid=place.sandbox.config["wechat"]["openid"])
    mark = place.folder / "held"
    mark.unlink(missing_ok=True)
    held = place.serve("tests.storm.held:app")
    pushed = pay_without_waiting(place, card["out_trade_no"])
    until(mark.exists)
    held.kill()
    pushed()

    left = the_payment(place, hand)
    place.serve()
    place.sandbox.control("advance", seconds=20)
    pushes = [entry["status"] for entry in place.sandbox.journal(direction="out")]

    assert left["state"] == "succeeded" and len(left["journals"]) == 1
    assert pushes == [0, 204]
    assert the_payment(place, hand)["journals"] == left["journals"]


def pay_without_waiting(place: Yard, number: str) -> Any:
    """The client pays while the server may not answer; call the result to wait for the sandbox."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  only here

    pool = ThreadPoolExecutor(1)
    job = pool.submit(place.sandbox.control, "pay", provider="wechat", out_trade_no=number)

    def wait() -> None:
        job.result(30)
        pool.shutdown()

    return wait


def until(holds: Any) -> None:
    """Wait for a condition; fails when it never comes."""
    deadline = time.monotonic() + STOPPED_SECONDS_MAX
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_killed_between_the_journal_and_the_outbox_which_are_one_commit(place: Yard) -> None:
    hand = place.hand()
    card = opened(place, hand)
    pay = {"intent_id": card["intent_id"], "auth_code": code(place)}
    killed_at(hand, "pay_barcode", {"before_sql": "INSERT INTO events_event"}, **pay)

    hand = place.hand()
    left = the_payment(place, hand)
    told = hand.do("books", house_id=place.house_id)["facts"]
    hand.do("query_unknown", now=now(5))
    facts = hand.do("books", house_id=place.house_id)["facts"]

    assert (left["state"], left["journals"]) == ("processing", [])
    assert told.get("payments.payment.succeeded", 0) == 0
    assert facts["payments.payment.succeeded"] == 1
    assert len(the_payment(place, hand)["journals"]) == 1


def test_killed_during_a_settlement_batch(place: Yard) -> None:
    hand = place.hand()
    paid(place, hand)
    day = (beijing_day(now()) + timedelta(days=1)).isoformat()
    settle = {"house_id": place.house_id, "currency": "EUR", "day": day}
    killed_at(hand, "settle", {"sql": "payments_settlementline"}, **settle)

    hand = place.hand()
    batches = hand.do("sql", statement=f"SELECT count(*) FROM payments_settlementbatch {of_house(place)}")
    owed = hand.do("books", house_id=place.house_id)["balances"]["merchant:house EUR"]
    done, again = hand.do("settle", **settle), hand.do("settle", **settle)

    assert batches == [[0]]
    assert (done["total"], again["batch_id"]) == (-owed, done["batch_id"])
    assert hand.do("books", house_id=place.house_id)["balances"]["merchant:house EUR"] == 0


def test_killed_during_a_bill_import(place: Yard) -> None:
    hand = place.hand()
    paid(place, hand)
    day = beijing_day(now()).isoformat()
    place.sandbox.control("make_bill", provider="wechat", date=day)
    close = {"house_id": place.house_id, "provider": "wechat", "day": day}
    killed_at(hand, "close_day", {"sql": '"payments_bill"'}, **close)

    hand = place.hand()
    bills = hand.do("sql", statement=f"SELECT count(*) FROM payments_bill {of_house(place)}")
    done, again = hand.do("close_day", **close), hand.do("close_day", **close)

    assert bills == [[0]]
    assert (done["counts"], done["is_new"], again["is_new"]) == ({"matched": 1}, True, False)


@pytest.mark.parametrize("point", ["request", "response"])
def test_a_refund_killed_around_its_sending_goes_out_under_the_same_number(place: Yard, point: str) -> None:
    place.sandbox.control("payment_settings", provider="wechat", refund_mode="success")
    hand = place.hand()
    card = paid(place, hand)
    back = {"intent_id": card["intent_id"], "amount": 300_000, "reason": "size", "key": "k1"}
    killed_at(hand, "refund", {point: "refund/domestic"}, **back)

    hand = place.hand()
    (left,) = the_payment(place, hand)["refunds"]
    again = hand.do("refund", **back)
    hand.do("query_unknown", now=now(60))
    (found,) = the_payment(place, hand)["refunds"]

    assert left["state"] == "requested"
    assert again["out_refund_no"] == left["number"] == found["number"]
    assert found["state"] == "succeeded"
    shown = place.sandbox.control("journal")["entries"]
    sent = {entry["request"] for entry in shown if entry["path"].endswith("/refunds")}
    assert len(sent) == 1
