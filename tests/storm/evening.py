"""The end of a stormy day: bills, reconciliation, conversion, settlement, and every promise held against the facts."""

import csv
import io
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from seta.kit.clock import beijing_day
from seta.platforms.alipay import Alipay
from seta.platforms.wechatpay import Institution, WeChatPay
from tests.sandbox_server import RunningSandbox
from tests.storm.day import Day

# By whom a payment's order is kept: the sandbox's books, whether the house is the one abroad, and Seta's provider.
BOOKS = {
    "wechat": (False, "wechatpay"),
    "alipay": (False, "alipay"),
    "antom": (False, "antom"),
    "abroad": (True, "wechatpay"),
}


OPEN_BREAKS = "SELECT id FROM payments_break WHERE resolved_at IS NULL"
# Notifications that say a payment has come to nothing.
UNPAID = ("UNPAID", "PAYMENT_CANCEL")


@dataclass
class Theirs:
    """What a provider's own bill says of one order, in fen."""

    paid: int = 0
    reversed: int = 0
    refunds: Counter[str] = field(default_factory=Counter)
    refund_lines: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Verdict:
    """What is wrong, which must be nothing, and what happened."""

    wrong: list[str]
    counts: dict[str, Any]


def close(day: Day) -> Verdict:
    """End the day and judge it."""
    on = beijing_day(day.now)
    payments = [
        {**one, "books": book_of(one["provider"], is_abroad)}
        for is_abroad, house_id in day.houses.items()
        for one in day.worker.do("payments", house_id=house_id)
    ]
    theirs = {book: their_books(day.place.sandbox, book, on) for book in BOOKS}
    wrong = [
        *day.told.surprises,
        *day.tally.end(payments),
        *unfinished(payments),
        *disagreements(payments, theirs),
        *promises(day, payments),
        *reconciled(day, on, {one["out_trade_no"]: one["booked_on"] for one in payments}),
        *(problem for is_abroad in day.houses for problem in settled(day, on, is_abroad)),
    ]
    counts = {
        "payments": len(payments),
        "states": dict(Counter(one["state"] for one in payments)),
        "refunds": dict(Counter(back["state"] for one in payments for back in one["refunds"])),
        "pushes": len(day.tally.pushed),
        "kills": day.told.kills,
        "plan": day.plan.digest,
        "happened": dict(sorted(day.tally.happened.items())),
    }
    return Verdict(wrong, counts)


def book_of(provider: str, is_abroad: bool) -> str:
    """In whose books a payment stands; see BOOKS."""
    return next(book for book, kept in BOOKS.items() if kept == (is_abroad, provider))


def unfinished(payments: list[dict[str, Any]]) -> list[str]:
    """Payments and refunds that have not come to an end."""
    ends = ("succeeded", "canceled", "expired", "failed", "reversed")
    wrong = [f"{one['reference']} is {one['state']}" for one in payments if one["state"] not in ends]
    for one in payments:
        wrong += [f"{back} of {one['reference']}" for back in one["refunds"] if back["state"] != "succeeded"]
    return wrong


def disagreements(payments: list[dict[str, Any]], theirs: dict[str, dict[str, Theirs]]) -> list[str]:
    """Where the sandbox's own books and ours differ by a fen, and what either has done twice."""
    wrong = []
    known = set()
    for one in payments:
        found = theirs[one["books"]].get(one["out_trade_no"], Theirs())
        known.add(one["out_trade_no"])
        ours_paid = one["amount"] if one["state"] == "succeeded" else 0
        if found.paid - found.reversed != ours_paid:
            wrong.append(f"{one['reference']} {one['state']}: {found} against {ours_paid}")
        backs = {back["number"]: back["amount"] for back in one["refunds"]}
        if dict(found.refunds) != backs:
            wrong.append(f"{one['reference']}: refunds {dict(found.refunds)} against {backs}")
        if any(lines > 1 for lines in found.refund_lines.values()) or sum(backs.values()) > one["amount"]:
            wrong.append(f"{one['reference']}: refunded twice: {found}")
        journals = Counter(line.split(":")[0] for line in one["journals"])
        if journals["payment payment"] != (1 if one["state"] == "succeeded" else journals["payment payment"]):
            wrong.append(f"{one['reference']}: {one['journals']}")
    for provider, orders in theirs.items():
        wrong += [f"{provider} has {number}, we do not" for number in orders if number not in known]
    return wrong


def promises(day: Day, payments: list[dict[str, Any]]) -> list[str]:
    """Whatever anybody was told must have stayed true."""
    succeeded = {one["out_trade_no"] for one in payments if one["state"] == "succeeded"}
    done = {back["number"] for one in payments for back in one["refunds"] if back["state"] == "succeeded"}
    wrong = [f"the till was told that {number} is paid" for number in day.told.paid - succeeded]
    wrong += [f"somebody was told that {number} is refunded" for number in day.told.refunded - done]
    for push in day.tally.pushed:
        kind, number = push.split(" ")
        if kind in UNPAID:
            wrong += [f"acknowledged and paid all the same: {push}"] if number in succeeded else []
        elif number not in (done if kind.startswith("REFUND") else succeeded):
            wrong.append(f"acknowledged and lost: {push}")
    return wrong


def reconciled(day: Day, on: date, booked: dict[str, str]) -> list[str]:
    """Each provider's bill with a planted break: it is found and nothing else is; the true bill explains it.

    `booked` says on which Beijing day an order stands in our books.
    """
    wrong = []
    for book, plant in day.plan.plants.items():
        planted, first = held(day, book, on, plant_that_tells(day, book, on, plant, booked))
        _, second = held(day, book, on, "")
        number = number_of(planted)
        found = [one["key"] for one in first.get("done", {}).get("breaks", [])]
        if found != [f"P:{number}"]:
            wrong.append(f"{book}: planted {planted}, found {first}")
        if "done" not in second or second["done"]["breaks"]:
            wrong.append(f"{book}: the true bill: {second}")
    _, abroad = held(day, "abroad", on, "")
    if "done" not in abroad or abroad["done"]["breaks"] or not abroad["done"]["counts"].get("matched"):
        wrong.append(f"abroad: {abroad}")
    return wrong


def plant_that_tells(day: Day, book: str, on: date, plant: str, booked: dict[str, str]) -> str:
    """The plant, or another amount where the missing line is not one that our books have on this day.

    The server lives by its own clock, which the storm's runs ahead of: what it was told is booked on its day, and
    nobody misses it in the bill of another.
    """
    if plant != "missing":
        return plant
    planted = day.place.sandbox.control("make_bill", provider=book, date=on.isoformat(), plant=plant)[
        "planted"
    ]
    return plant if booked[number_of(planted)] == on.isoformat() else "amount"


def number_of(planted: dict[str, Any]) -> str:
    """Whose line was changed."""
    return str(planted.get("paymentRequestId") or planted.get("out_trade_no"))


def held(day: Day, book: str, on: date, plant: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A provider's bill of the day held against the books: what was planted in it, and the outcome."""
    is_abroad, provider = BOOKS[book]
    house = {"house_id": day.houses[is_abroad], "provider": provider, "day": on.isoformat()}
    made = day.place.sandbox.control(
        "make_bill", provider="wechat" if is_abroad else book, date=on.isoformat(), plant=plant
    )
    later = day.now + timedelta(minutes=0 if plant else 5)
    if book == "antom":
        # Antom puts its file on a server of the house: somebody brings it.
        content = day.place.sandbox.client.get(made["url"]).content.hex()
        outcome = day.worker.outcome("reconcile_bill", **house, content=content, now=later)
    else:
        outcome = day.worker.outcome("close_day", **house, now=later)
    return made["planted"] or {}, outcome


def settled(day: Day, on: date, is_abroad: bool) -> list[str]:
    """Conversion and settlement of a house, and its books after them."""
    house = day.houses[is_abroad]
    worker, later = day.worker, day.now + timedelta(minutes=10)
    for provider in [name for where, name in BOOKS.values() if where is is_abroad]:
        worker.do(
            "book_conversion",
            now=later,
            house_id=house,
            provider=provider,
            day=on.isoformat(),
            settle_currency="EUR",
            scaled=12_700_000,
        )
    breaks = worker.do("sql", statement=f"{OPEN_BREAKS} AND house_id={house}")
    for (number,) in breaks:
        worker.do(
            "resolve_break",
            now=later,
            break_id=number,
            house_id=house,
            resolution="planted by the storm",
            owner_id=None,
        )
    batch = worker.do(
        "settle", now=later, house_id=house, currency="EUR", day=(on + timedelta(days=1)).isoformat()
    )
    worker.do("deliver", now=later)
    books = worker.do("books", now=later, house_id=house)
    balances = {name: amount for name, amount in books["balances"].items() if amount}
    wrong = [f"unbalanced: {key}" for key in books["unbalanced"]]
    wrong += [f"{currency} sums to {total}" for currency, total in books["totals"].items() if total]
    wrong += [*books["guarded_wrong"], *books["overdrawn"]]
    for name in balances:
        if name.startswith(("fx:clearing", "receivable", "merchant:house")):
            wrong.append(f"{name} of house {house} is left at {balances[name]}")
    if batch["state"] != "prepared":
        wrong.append(f"the batch of house {house}: {batch}")
    if books["resting"] or books["undelivered"]:
        wrong.append(f"{books['undelivered']} facts undelivered, {books['resting']} resting")
    return wrong


def their_books(sandbox: RunningSandbox, book: str, on: date) -> dict[str, Theirs]:
    """A provider's whole day read from its own bill, by a reader that shares nothing with Seta's."""
    made = sandbox.control("make_bill", provider="wechat" if book == "abroad" else book, date=on.isoformat())
    if book == "antom":
        return _antom(sandbox.client.get(made["url"]).text)
    if book == "alipay":
        given = sandbox.config["alipay"]
        keys = {name: given[name] for name in ("appid", "app_private_key", "alipay_public_key")}
        return _alipay(Alipay(**keys, base_url=sandbox.base_url).bill(on))
    given = sandbox.config["wechat"]
    names = (
        "mchid",
        "appid",
        "apiv3_key",
        "merchant_serial",
        "merchant_private_key",
        "public_key_id",
        "public_key",
    )
    client = WeChatPay(**{name: given[name] for name in names}, base_url=sandbox.base_url)
    if book == "wechat":
        return _wechat(client.trade_bill(on).decode("utf-8-sig"))
    institution = Institution(given["mchid"], given["appid"], given["sub_mchid"])
    return _abroad(client.cross_border(institution).statement(on).decode("utf-8-sig"))


def _wechat(text: str) -> dict[str, Theirs]:
    return _backquoted(text, paid="应结订单金额", back="退款金额")


def _abroad(text: str) -> dict[str, Theirs]:
    return _backquoted(text, paid="用户支付金额", back="用户退款金额")


def _backquoted(text: str, *, paid: str, back: str) -> dict[str, Theirs]:
    found: dict[str, Theirs] = {}
    rows = csv.DictReader(io.StringIO(text), quoting=csv.QUOTE_NONE)
    for row in rows:
        cells = {name: (cell or "").lstrip("`") for name, cell in row.items() if name}
        if not cells["交易时间"][:2].isdigit() or len(cells["交易时间"]) < 19:
            break
        order = found.setdefault(cells["商户订单号"], Theirs())
        if cells["交易状态"] == "SUCCESS":
            order.paid += fen(cells[paid])
        elif cells["交易状态"] == "REVOKED":
            order.reversed += fen(cells[back])
        else:
            order.refunds[cells["商户退款单号"]] += fen(cells[back])
            order.refund_lines[cells["商户退款单号"]] += 1
    return found


def _antom(text: str) -> dict[str, Theirs]:
    found: dict[str, Theirs] = {}
    numbers: dict[str, str] = {}
    for row in csv.DictReader(text.splitlines()):
        if row["settlementBatchId"] == "<END>":
            break
        amount, number = fen(row["transactionAmountValue"]), row["transactionRequestId"]
        if row["transactionType"] == "REFUND":
            order = found[numbers[row["originalTransactionId"]]]
            order.refunds[number] -= amount
            order.refund_lines[number] += 1
            continue
        order = found.setdefault(number, Theirs())
        if row["transactionType"] == "PAYMENT":
            numbers[row["transactionId"]] = number
            order.paid += amount
        else:
            order.reversed -= amount
    return found


def _alipay(archive: bytes) -> dict[str, Theirs]:
    with zipfile.ZipFile(io.BytesIO(archive)) as box:
        text = box.read(box.namelist()[0]).decode("gbk")
    found: dict[str, Theirs] = {}
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for row in csv.DictReader(lines):
        order = found.setdefault(row["商户订单号"].strip(), Theirs())
        amount = fen(row["商家实收（元）"])
        number = row["退款批次号/请求号"].strip()
        if row["业务类型"] == "交易":
            order.paid += amount
        elif number in ("", row["商户订单号"].strip()):
            order.reversed -= amount
        else:
            order.refunds[number] -= amount
            order.refund_lines[number] += 1
    return found


def fen(yuan: str) -> int:
    """Yuan with two decimals as fen."""
    whole, _, part = yuan.partition(".")
    sign = -1 if whole.startswith("-") else 1
    return sign * (abs(int(whole)) * 100 + int(part))
