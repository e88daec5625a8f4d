"""The steps of the reconcile bench, each run in a process of its own: make the books and the bill, read, reconcile."""

import json
import resource
import sys
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from seta.site.boot import boot

boot()

from django.apps import apps  # noqa: E402  Django is ready only now
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Model  # noqa: E402

from seta.houses.models import House  # noqa: E402
from seta.houses.operations import connect_account, found_house  # noqa: E402
from seta.houses.rules import SECRETS_NEEDED  # noqa: E402
from seta.payments.models import (  # noqa: E402
    Attempt,
    Bill,
    Intent,
    PaymentConfirmation,
    ReconRun,
    Refund,
    RefundConfirmation,
)
from seta.payments.operations import reconcile_file  # noqa: E402
from seta.platforms.wechatpay.bill import TRADE_COLUMNS, TRADE_TOTALS  # noqa: E402

DAY = date(2026, 11, 20)
# 00:20 in Beijing; the day's payments end at 23:40, far from both cuts.
FIRST = datetime(2026, 11, 19, 16, 20, tzinfo=UTC)
SPAN_SECONDS = 23 * 3600 + 20 * 60
MCHID = "1900000109"
PLANTED_EACH = 49
REFUND_EVERY = 20


def make(rows: int, bill: Path) -> dict[str, object]:
    """A house with `rows` payments and refunds of one day, and the day's bill with breaks of every category."""
    call_command("migrate", verbosity=0)
    now = FIRST - timedelta(days=1)
    house_id = found_house(code="bench", name="Bench", kind="maison")
    connect_account(
        house_id=house_id,
        family="wechatpay",
        app_id=MCHID,
        base_url="http://127.0.0.1:9",
        secrets=dict.fromkeys(SECRETS_NEEDED["wechatpay"], "k" * 32),
        now=now,
    )
    refunds = rows // REFUND_EVERY
    _books(house_id, rows - refunds, refunds, now)
    planted = _bill(bill, rows - refunds, refunds)
    with bill.open("rb") as source:
        lines = sum(1 for _ in source)
    return {"planted": planted, "rows": rows, "bill_rows": lines - 3, "bill_bytes": bill.stat().st_size}


def _books(house_id: int, payments: int, refunds: int, now: datetime) -> None:
    """Write one row of each table by the ORM and multiply it in SQL, so that new columns keep their defaults."""
    intent = Intent.objects.create(
        house_id=house_id, number="i", reference="r", description="Silk scarf", method="wechat_jsapi",
        provider="wechatpay", amount=1, currency="CNY", settle_amount=1, settle_currency="EUR", fee=1,
        state="succeeded", opened_at=now, expires_at=now, booked_at=now,
    )  # fmt: skip
    attempt = Attempt.objects.create(
        house_id=house_id, intent=intent, provider="wechatpay", out_trade_no="t", created_at=now, sent_at=now
    )
    refund = Refund.objects.create(
        house_id=house_id, intent=intent, out_refund_no="b", amount=1, settle_amount=1, fee=0, reason="size",
        state="succeeded", requested_at=now, booked_at=now,
    )  # fmt: skip
    at = f"strftime('%Y-%m-%d %H:%M:%f', {FIRST.timestamp()} + n.i * {SPAN_SECONDS}.0 / {payments}, 'unixepoch')"
    amount = "(n.i * 7919) % 5000000 + 100"
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        _multiply(cursor, intent, payments, {
            "id": "n.i + 10", "number": "'i' || n.i", "reference": "'O-' || n.i", "amount": amount, "booked_at": at,
        })  # fmt: skip
        _multiply(cursor, attempt, payments, {
            "id": "n.i + 10", "intent_id": "n.i + 10", "out_trade_no": "'pay' || printf('%020d', n.i)",
            "provider_number": "'4200' || n.i", "prepay_id": "'wx' || n.i",
        })  # fmt: skip
        _multiply(cursor, refund, refunds, {
            "id": "n.i + 10", "intent_id": "n.i + 10", "out_refund_no": "'back' || printf('%020d', n.i)",
            "amount": amount, "booked_at": at,
            # The first of them are still on their way: the bill does not have them yet.
            "state": f"CASE WHEN n.i < {PLANTED_EACH} THEN 'requested' ELSE t.state END",
            "requested_at": at,
        })  # fmt: skip
        # Booked two minutes before the cut at midnight.
        cursor.execute(
            "UPDATE payments_intent SET booked_at = '2026-11-20 15:58:00.000000' WHERE id > 10 AND id - 10 >= "
            f"{payments - PLANTED_EACH}"
        )
        cursor.execute("COMMIT")
        Refund.objects.filter(pk=refund.pk).delete()
        Attempt.objects.filter(pk=attempt.pk).delete()
        Intent.objects.filter(pk=intent.pk).delete()
        cursor.execute("ANALYZE")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _multiply(cursor: Any, row: Model, count: int, changed: Mapping[str, str]) -> None:
    columns = [str(field.column) for field in row._meta.concrete_fields]
    table = row._meta.db_table
    picked = ", ".join(changed.get(column, f"t.{column}") for column in columns)
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) WITH RECURSIVE n(i) AS "
        f"(SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {count - 1}) "
        f"SELECT {picked} FROM n, (SELECT * FROM {table} WHERE id = {row.pk}) AS t"
    )


_LINES = """
CREATE TABLE line AS
SELECT i, 'P' AS letter, 'pay' || lpad(i::VARCHAR, 20, '0') AS trade, '' AS back, (i * 7919) % 5000000 + 100 AS amount,
    '{mchid}' AS merchant, 0::BIGINT AS fee_off FROM range({payments}) AS r(i)
UNION ALL
SELECT i, 'R', 'pay' || lpad(i::VARCHAR, 20, '0'), 'back' || lpad(i::VARCHAR, 20, '0'), (i * 7919) % 5000000 + 100,
    '{mchid}', 0 FROM range({refunds}) AS r(i) WHERE i >= {each}
"""


def _bill(path: Path, payments: int, refunds: int) -> dict[str, list[str]]:
    """Write the file, breaks planted in places of their own; returns the keys of each category."""
    engine = duckdb.connect()
    engine.execute(_LINES.format(payments=payments, refunds=refunds, mchid=MCHID, each=PLANTED_EACH))
    step = max(1, (payments - 2 * PLANTED_EACH) // (PLANTED_EACH * 6))
    places = {
        name: [
            refunds // 2 + PLANTED_EACH + (number * 6 + offset) * step // 2 for number in range(PLANTED_EACH)
        ]
        for offset, name in enumerate(
            (
                "missing_in_bill",
                "amount_mismatch",
                "fee_mismatch",
                "duplicate_in_bill",
                "unknown_merchant",
                "revoked",
            )
        )
    }
    chosen = {name: ", ".join(map(str, found)) for name, found in places.items()}
    is_payment = "letter = 'P' AND i IN"
    for sql in (
        f"DELETE FROM line WHERE {is_payment} ({chosen['missing_in_bill']})",
        f"DELETE FROM line WHERE letter = 'P' AND i >= {payments - PLANTED_EACH}",
        f"UPDATE line SET amount = amount + 1 WHERE {is_payment} ({chosen['amount_mismatch']})",
        f"UPDATE line SET fee_off = 1 WHERE {is_payment} ({chosen['fee_mismatch']})",
        f"INSERT INTO line SELECT * FROM line WHERE {is_payment} ({chosen['duplicate_in_bill']})",
        f"UPDATE line SET merchant = '1900009999' WHERE {is_payment} ({chosen['unknown_merchant']})",
        f"INSERT INTO line SELECT i, 'V', trade, '', amount, merchant, 0 FROM line WHERE {is_payment} "
        f"({chosen['revoked']})",
        f"INSERT INTO line SELECT i, 'P', 'stranger' || i, '', 8800, '{MCHID}', 0 FROM range({PLANTED_EACH}) AS r(i)",
    ):
        engine.execute(sql)
    _write(engine, path, payments)
    key = "pay{:020d}".format
    planted = {name: [f"P:{key(i)}" for i in found] for name, found in places.items() if name != "revoked"}
    planted["status_mismatch"] = [f"V:{key(i)}" for i in places["revoked"]]
    planted["missing_in_ledger"] = [f"P:stranger{i}" for i in range(PLANTED_EACH)]
    planted["timing"] = [f"P:{key(i)}" for i in range(payments - PLANTED_EACH, payments)]
    planted["refund_pending"] = [f"R:back{i:020d}" for i in range(PLANTED_EACH)]
    return planted


_YUAN = "printf('%d.%02d', {0} // 100, {0} % 100)"
_CELLS = """
CREATE VIEW cell AS
SELECT strftime(TIMESTAMP '2026-11-20 00:20:00' + to_milliseconds(i * {span}000 // {payments}),
        '%Y-%m-%d %H:%M:%S') AS moment,
    *, CASE WHEN letter = 'P' THEN amount ELSE 0 END AS paid,
    CASE WHEN letter = 'P' THEN 0 ELSE amount END AS returned,
    (2 * amount * 6 + 1000) // 2000 + fee_off AS fee
FROM line
"""


def _write(engine: duckdb.DuckDBPyConnection, path: Path, payments: int) -> None:
    engine.execute(_CELLS.format(span=SPAN_SECONDS, payments=payments))
    paid, returned = _YUAN.format("paid"), _YUAN.format("returned")
    cells = (
        "moment", "'wx8888888888888888'", "merchant", "'0'", "''", "'4200002026' || lpad(i::VARCHAR, 18, '0')", "trade",
        "'oUpF8uMuAJO-M2pxb1Q9zNjWeS6o'", "'JSAPI'",
        "CASE letter WHEN 'P' THEN 'SUCCESS' WHEN 'R' THEN 'REFUND' ELSE 'REVOKED' END", "'OTHERS'", "'CNY'", paid,
        "'0.00'", "CASE WHEN letter = 'P' THEN '0' ELSE '5030' || lpad(i::VARCHAR, 20, '0') END",
        "CASE WHEN letter = 'R' THEN back ELSE '0' END", returned, "'0.00'",
        "CASE WHEN letter = 'P' THEN '' ELSE 'ORIGINAL' END", "CASE WHEN letter = 'P' THEN '' ELSE 'SUCCESS' END",
        "'真丝围巾, Silk scarf'", "''",
        "CASE WHEN letter = 'P' THEN '' ELSE '-' END || " + _YUAN.format("fee") + " || '000'",
        "'0.60%'", paid, returned, "''",
    )  # fmt: skip
    body = path.with_suffix(".body")
    engine.execute(
        f"COPY (SELECT '`' || concat_ws(',`', {', '.join(cells)}) FROM cell ORDER BY i, letter) TO '{body}' "
        "(HEADER false, DELIMITER '~', QUOTE '', ESCAPE '')"
    )
    rows, paid_sum, back_sum, fee_sum = engine.execute(
        "SELECT count(*), sum(paid), sum(returned), sum(CASE WHEN letter = 'P' THEN fee ELSE -fee END) FROM cell"
    ).fetchall()[0]
    yuan = ["{}.{:02d}".format(*divmod(int(value), 100)) for value in (paid_sum, back_sum)]
    totals = [
        str(rows),
        yuan[0],
        yuan[1],
        "0.00",
        "{}.{:02d}000".format(*divmod(int(fee_sum), 100)),
        yuan[0],
        yuan[1],
    ]
    with path.open("wb") as out, body.open("rb") as lines:
        out.write(("\ufeff" + ",".join(TRADE_COLUMNS) + "\r\n").encode())
        while piece := lines.read(1 << 22):
            out.write(piece.replace(b"\n", b"\r\n"))
        out.write(
            (",".join(TRADE_TOTALS) + "\r\n" + ",".join("`" + cell for cell in totals) + "\r\n").encode()
        )
    body.unlink()


def read(bill: Path) -> dict[str, object]:
    """How long DuckDB takes to read the file into a table of text, and nothing else."""
    started = time.perf_counter()
    with duckdb.connect(":memory:") as engine:
        engine.execute(
            "CREATE TABLE bill AS SELECT * FROM read_csv(?, all_varchar = true, header = false, skip = 1, delim = ',', "
            "quote = '', escape = '', null_padding = true, strict_mode = false)",
            [str(bill)],
        )
    return {"seconds": time.perf_counter() - started}


def reconcile(bill: Path) -> dict[str, object]:
    """How long the product takes with the same file, what it found, and the most memory it had."""
    house_id = House.objects.get().pk
    now = datetime(2026, 11, 21, 2, tzinfo=UTC)
    started = time.perf_counter()
    told = reconcile_file(house_id=house_id, provider="wechat", path=bill, now=now)
    seconds = time.perf_counter() - started
    found: dict[str, list[str]] = {}
    for one in told["breaks"]:
        found.setdefault(one["category"], []).append(one["key"])
    marked = [table.objects.count() for table in (PaymentConfirmation, RefundConfirmation)]
    return {
        "seconds": seconds,
        "found": found,
        "categories": told["categories"],
        "is_new": told["new"],
        "marked": sum(marked),
        "tables": {model.__name__: model._default_manager.count() for model in apps.get_models()},
        "bills": [Bill.objects.count(), ReconRun.objects.count()],
        "rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


if __name__ == "__main__":
    if sys.argv[1] == "make":
        print(json.dumps(make(int(sys.argv[2]), Path(sys.argv[3]))))
    else:
        print(json.dumps({"read": read, "reconcile": reconcile}[sys.argv[1]](Path(sys.argv[2]))))
