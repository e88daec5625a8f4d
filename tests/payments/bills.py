"""A house's day in its tables and the same day in a provider's own format, to be broken on purpose."""

import io
import zipfile
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from seta.payments.models import Attempt, Intent, Refund
from seta.platforms.alipay.bill import COLUMNS as ALIPAY_COLUMNS
from seta.platforms.wechatpay.bill import TRADE_COLUMNS, TRADE_TOTALS

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
MCHID = "1900000109"
ANTOM_COLUMNS = (
    "settlementBatchId,customerId,transactionId,originalTransactionId,transactionRequestId,transactionType,"
    "paymentTime,settlementTime,transactionAmountValue,transactionCurrency,grossSettlementAmountValue,"
    "feeAmountValue,netSettlementAmountValue,settlementCurrency,settlementQuote"
)


@dataclass(frozen=True)
class Line:
    """One payment (P), refund (R) or reversal (V) of a bill: fen, and the fee in fen."""

    letter: str
    number: str
    payment: str
    amount: int
    fee: int
    merchant: str = MCHID


def line(letter: str, number: str, amount: int, payment: str = "") -> Line:
    """A line charged at 0.6 %, given back for what goes back."""
    fee = (2 * amount * 6 + 1000) // 2000
    return Line(letter, number, payment or number, amount, fee if letter == "P" else -fee)


def yuan(fen: int) -> str:
    """Fen as the files write them."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def wechat(lines: list[Line]) -> bytes:
    """An ALL trade bill whose totals are those of its lines."""

    def cells(one: Line) -> list[str]:
        back = one.letter != "P"
        paid, returned = (0, one.amount) if back else (one.amount, 0)
        state = {"P": "SUCCESS", "R": "REFUND", "V": "REVOKED"}[one.letter]
        return [
            "2026-11-20 12:00:00", "wx1", one.merchant, "0", "", "42" + one.payment, one.payment, "openid", "JSAPI",
            state, "OTHERS", "CNY", yuan(paid), "0.00", "50" + one.number if back else "0",
            one.number if one.letter == "R" else "0", yuan(returned), "0.00", "ORIGINAL" if back else "",
            "SUCCESS" if back else "", "丝巾, a scarf", "", yuan(one.fee) + "000", "0.60%", yuan(paid),
            yuan(returned), "",
        ]  # fmt: skip

    paid = yuan(sum(one.amount for one in lines if one.letter == "P"))
    back = yuan(sum(one.amount for one in lines if one.letter != "P"))
    totals = [str(len(lines)), paid, back, "0.00", yuan(sum(one.fee for one in lines)) + "000", paid, back]
    rows = [",".join("`" + cell for cell in row) for row in [*map(cells, lines), totals]]
    text = [",".join(TRADE_COLUMNS), *rows[:-1], ",".join(TRADE_TOTALS), rows[-1]]
    return ("\ufeff" + "\r\n".join(text) + "\r\n").encode()


def alipay(lines: list[Line]) -> bytes:
    """The zip of a day: GBK, comment lines, tabs after ids."""
    names = list(ALIPAY_COLUMNS.values())

    def cells(one: Line) -> list[str]:
        back, sign = one.letter == "R", -1 if one.letter == "R" else 1
        told = {
            "支付宝交易号": "20" + one.payment + "\t", "商户订单号": one.payment + "\t",
            "业务类型": "退款" if back else "交易",
            "商品名称": "丝巾", "创建时间": "2026-11-20 12:00:00", "完成时间": "2026-11-20 12:00:00",
            "订单金额(元)": yuan(sign * one.amount), "商家实收(元)": yuan(sign * one.amount),
            "退款批次号/请求号": one.number + "\t" if back else "", "服务费(元)": yuan(-one.fee),
        }  # fmt: skip
        return [told.get(name, "") for name in names]

    def total(letter: str, name: str) -> str:
        part = [one.amount for one in lines if one.letter == letter]
        return f"#{name}合计：{len(part)}笔，商家实收共{yuan(sum(part))}元，商家优惠共0.00元"

    text = [
        "#支付宝业务明细查询",
        "#账号：[20880001]",
        ",".join(names),
        *(",".join(cells(one)) for one in lines),
    ]
    text += [
        "#----业务明细列表结束----",
        total("P", "交易"),
        total("R", "退款"),
        "#导出时间：[2026年11月21日]",
    ]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        out.writestr("20880001_20261120_业务明细.csv", ("\r\n".join(text) + "\r\n").encode("gbk"))
    return buffer.getvalue()


def antom(lines: list[Line], quote: str = "7.8125") -> bytes:
    """A settlement file in EUR: 0.128 EUR for a yuan; a line's fee is of the settled amount."""
    kinds = {"P": "PAYMENT", "R": "REFUND", "V": "CANCEL"}

    def cells(one: Line) -> list[str]:
        sign = 1 if one.letter == "P" else -1
        gross = sign * ((one.amount * 128 + 500) // 1000)
        fee = 0 if sign < 0 else (2 * gross * 6 + 1000) // 2000 + one.fee - line("P", "", one.amount).fee
        return [
            "B1", "M1", "tx" + one.number, "", one.number, kinds[one.letter], "2026-11-20T12:00:00+08:00",
            "2026-11-21T09:00:00+08:00", yuan(sign * one.amount), "CNY", yuan(gross), yuan(fee), yuan(gross - fee),
            "EUR", quote,
        ]  # fmt: skip

    return ("\r\n".join([ANTOM_COLUMNS, *(",".join(cells(one)) for one in lines), "<END>"]) + "\r\n").encode()


WRITERS = {"wechat": wechat, "alipay": alipay, "antom": antom}


def pay_in(
    house_id: int, provider: str, number: str, amount: int, *, at: datetime = NOON, state: str = "succeeded"
) -> Intent:
    """A payment in the books, as the operations leave it."""
    intent = Intent.objects.create(
        house_id=house_id, number=f"i-{provider}-{number}", reference=f"{provider}-{number}", description="scarf",
        method="wechat_jsapi", provider=provider, amount=amount, currency="CNY", settle_amount=amount,
        settle_currency="EUR", fee=0, state=state, opened_at=at, expires_at=at + timedelta(hours=2),
        booked_at=at,
    )  # fmt: skip
    Attempt.objects.create(
        house_id=house_id, intent=intent, provider=provider, out_trade_no=number, created_at=at, sent_at=at
    )
    return intent


def give_back(
    intent: Intent, number: str, amount: int, *, at: datetime = NOON, state: str = "succeeded"
) -> Refund:
    """A refund in the books."""
    return Refund.objects.create(
        house_id=intent.house_id, intent=intent, out_refund_no=number, amount=amount, settle_amount=amount, fee=0,
        reason="size", state=state, requested_at=at, booked_at=at if state == "succeeded" else None,
    )  # fmt: skip


def charged(one: Line, more: int) -> Line:
    """The line with another fee."""
    return replace(one, fee=one.fee + more)
