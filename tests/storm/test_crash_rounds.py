"""The process that takes notifications and posts is killed at random moments: what it answered 2xx is in the books."""

import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.storm.yard import Hand, Yard

ROUNDS, PAYMENTS_A_ROUND, CLIENTS = 20, 12, 6
# A killed server has had between nothing and nearly everything of a round's notifications.
KILLED_WITHIN_SECONDS = 0.35

pytestmark = pytest.mark.slow


def test_twenty_kills_under_load_lose_and_double_nothing(place: Yard) -> None:
    rng = random.Random(f"crash rounds {place.store}")
    acknowledged: set[str] = set()
    unanswered = 0

    hand = place.hand()
    server = place.serve()
    for number in range(ROUNDS):
        numbers = placed(place, hand, number)
        with ThreadPoolExecutor(CLIENTS) as crowd:
            jobs = [crowd.submit(pay, place, one) for one in numbers]
            time.sleep(rng.random() * KILLED_WITHIN_SECONDS / 4)
            jobs[rng.randrange(PAYMENTS_A_ROUND)].result()
            server.kill()
        told = answered(place)
        lost = [one for one in told - booked(place, hand).keys() if one in numbers]
        unanswered += sum(one not in told for one in numbers)
        acknowledged |= told
        server = place.serve()
        assert lost == [], f"round {number}"
    for _ in range(4):
        place.sandbox.control("advance", seconds=20)
    journals = booked(place, hand)
    books = hand.do("books", house_id=place.house_id)

    print(
        f"{place.store}: {ROUNDS} kills, {len(acknowledged)} acknowledged before one, {unanswered} sent again"
    )
    assert len(journals) == ROUNDS * PAYMENTS_A_ROUND
    assert set(journals.values()) == {1}
    assert acknowledged and unanswered
    assert [*books["unbalanced"], *books["guarded_wrong"], *books["overdrawn"]] == []
    assert books["facts"]["payments.payment.succeeded"] == ROUNDS * PAYMENTS_A_ROUND


def placed(place: Yard, hand: Hand, number: int) -> list[str]:
    """A round's orders, shown to their clients; gives their numbers."""
    opening = {
        "house_id": place.house_id,
        "person_id": None,
        "amount": 938_815,
        "description": "foulard",
        "method": "wechat_jsapi",
        "settle_currency": "EUR",
    }
    cards = done(
        hand,
        [
            {"do": "open_intent", "args": {**opening, "reference": f"R-{number}-{one}"}}
            for one in range(PAYMENTS_A_ROUND)
        ],
    )
    openid = place.sandbox.config["wechat"]["openid"]
    done(
        hand, [{"do": "prepay", "args": {"intent_id": card["intent_id"], "openid": openid}} for card in cards]
    )
    return [card["out_trade_no"] for card in cards]


def done(hand: Hand, steps: Sequence[dict[str, Any]]) -> list[Any]:
    """The results of steps that must all go well."""
    found = hand.do("many", steps=list(steps))
    assert all("done" in outcome for outcome in found), found
    return [outcome["done"] for outcome in found]


def pay(place: Yard, number: str) -> None:
    """A client pays, and the notification is tried once."""
    place.sandbox.control("pay", provider="wechat", out_trade_no=number)


def answered(place: Yard) -> set[str]:
    """The orders whose notification was answered 2xx so far."""
    entries = place.sandbox.journal(direction="out")
    good = [entry for entry in entries if 200 <= entry["status"] < 300]
    return {entry["note"].partition(":")[0].split(" ")[1] for entry in good}


def booked(place: Yard, hand: Hand) -> dict[str, int]:
    """How often each order that succeeded stands in the books."""
    rows = hand.do("payments", house_id=place.house_id)
    return {one["out_trade_no"]: len(one["journals"]) for one in rows if one["state"] == "succeeded"}
