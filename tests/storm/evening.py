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
from seta.platforms.wechatpay import WeChatPay
from tests.sandbox_server import RunningSandbox
from tests.storm.day import Day

FAMILIES = {"wechat": "wechatpay", "alipay": "alipay"}


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
    payments = day.worker.do("payments", house_id=day.place.house_id)
    theirs = {provider: their_books(day.place.sandbox, provider, on) for provider in FAMILIES}
    wrong = [
        *day.told.surprises,
        *unfinished(payments),
        *disagreements(payments, theirs),
        *promises(day, payments),
        *reconciled(day, on),
        *settled(day, on),
    ]
    counts = {
        "payments": len(payments),
        "states": dict(Counter(one["state"] for one in payments)),
        "refunds": dict(Counter(back["state"] for one in payments for back in one["refunds"])),
        "pushes": len(day.told.pushed),
        "kills": day.told.kills,
        "plan": day.plan.digest,
    }
    return Verdict(wrong, counts)


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
        provider = "alipay" if one["provider"] == "alipay" else "wechat"
        found = theirs[provider].get(one["out_trade_no"], Theirs())
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
    for push in day.told.pushed:
        kind, number = push.split(" ")
        if number not in (done if kind.startswith("REFUND") else succeeded):
            wrong.append(f"acknowledged and lost: {push}")
    return wrong


def reconciled(day: Day, on: date) -> list[str]:
    """Each provider's bill with a planted break: it is found and nothing else is; the true bill explains it."""
    wrong = []
    for provider, plant in day.plan.plants.items():
        house = {"house_id": day.place.house_id, "provider": provider, "day": on.isoformat()}
        sandbox = day.place.sandbox
        planted = sandbox.control("make_bill", provider=provider, date=on.isoformat(), plant=plant)["planted"]
        first = day.worker.outcome("close_day", **house, now=day.now)
        sandbox.control("make_bill", provider=provider, date=on.isoformat())
        second = day.worker.outcome("close_day", **house, now=day.now + timedelta(minutes=5))
        found = [one["key"] for one in first.get("done", {}).get("breaks", [])]
        if found != [f"P:{planted['out_trade_no']}"]:
            wrong.append(f"{provider}: planted {planted}, found {first}")
        if "done" not in second or second["done"]["breaks"]:
            wrong.append(f"{provider}: the true bill: {second}")
    return wrong


def settled(day: Day, on: date) -> list[str]:
    """Conversion and settlement, and the books after them."""
    house = day.place.house_id
    worker, later = day.worker, day.now + timedelta(minutes=10)
    for provider in FAMILIES.values():
        worker.do(
            "book_conversion",
            now=later,
            house_id=house,
            provider=provider,
            day=on.isoformat(),
            settle_currency="EUR",
            scaled=12_700_000,
        )
    breaks = worker.do("sql", statement="SELECT id FROM payments_break WHERE resolved_at IS NULL")
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
            wrong.append(f"{name} is left at {balances[name]}")
    if batch["state"] != "prepared":
        wrong.append(f"the batch: {batch}")
    if books["resting"] or books["undelivered"]:
        wrong.append(f"{books['undelivered']} facts undelivered, {books['resting']} resting")
    return wrong


def their_books(sandbox: RunningSandbox, provider: str, on: date) -> dict[str, Theirs]:
    """A provider's whole day read from its own bill, by a reader that shares nothing with Seta's."""
    sandbox.control("make_bill", provider=provider, date=on.isoformat())
    given = sandbox.config[provider]
    if provider == "wechat":
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
        return _wechat(client.trade_bill(on).decode("utf-8-sig"))
    keys = {name: given[name] for name in ("appid", "app_private_key", "alipay_public_key")}
    return _alipay(Alipay(**keys, base_url=sandbox.base_url).bill(on))


def _wechat(text: str) -> dict[str, Theirs]:
    found: dict[str, Theirs] = {}
    rows = csv.DictReader(io.StringIO(text), quoting=csv.QUOTE_NONE)
    for row in rows:
        cells = {name: (cell or "").lstrip("`") for name, cell in row.items() if name}
        if not cells["交易时间"][:2].isdigit() or len(cells["交易时间"]) < 19:
            break
        order = found.setdefault(cells["商户订单号"], Theirs())
        if cells["交易状态"] == "SUCCESS":
            order.paid += fen(cells["应结订单金额"])
        elif cells["交易状态"] == "REVOKED":
            order.reversed += fen(cells["退款金额"])
        else:
            order.refunds[cells["商户退款单号"]] += fen(cells["退款金额"])
            order.refund_lines[cells["商户退款单号"]] += 1
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
