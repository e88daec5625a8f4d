"""The words, dates and amounts of a statement in Chinese, English and Italian."""

from datetime import date, datetime

from seta.kit.money import decimal_text

LANGUAGES = ("zh", "en", "it")

# Order: zh, en, it.
_WORDS: dict[str, tuple[str, str, str]] = {
    "title": ("结算对账单", "Settlement statement", "Estratto conto dei regolamenti"),
    "payee": ("收款方", "Payee", "Beneficiario"),
    "by": ("出具方", "Issued by", "Emesso da"),
    "period": ("期间", "Period", "Periodo"),
    "timezone": ("时区", "Time zone", "Fuso orario"),
    "currency": ("币种", "Currency", "Valuta"),
    "date": ("日期", "Date", "Data"),
    "time": ("时间", "Time", "Ora"),
    "kind": ("类型", "Type", "Tipo"),
    "number": ("编号", "Number", "Numero"),
    "reference": ("业务单号", "Reference", "Riferimento"),
    "gross": ("总额", "Gross", "Lordo"),
    "fee": ("手续费", "Fee", "Servizio"),
    "commission": ("佣金", "Commission", "Provvigione"),
    "in": ("入账", "In", "Avere"),
    "out": ("出账", "Out", "Dare"),
    "balance": ("余额", "Balance", "Saldo"),
    "opening": ("期初余额", "Opening balance", "Saldo iniziale"),
    "closing": ("期末余额", "Closing balance", "Saldo finale"),
    "total": ("合计", "Total", "Totale"),
    "page": ("第 {page} 页", "Page {page}", "Pagina {page}"),
    "payment": ("付款", "Payment", "Pagamento"),
    "payment_reversal": ("付款撤销", "Payment reversed", "Pagamento stornato"),
    "refund": ("退款", "Refund", "Rimborso"),
    "refund_reversal": ("退款撤销", "Refund reversed", "Rimborso stornato"),
    "commission_reversal": ("佣金撤销", "Commission reversed", "Provvigione stornata"),
    "commission_back": ("佣金退回", "Commission given back", "Provvigione restituita"),
    "commission_back_reversal": (
        "佣金退回撤销",
        "Commission kept after all",
        "Provvigione infine trattenuta",
    ),
    "settlement": ("结算付款", "Settlement", "Regolamento"),
    "settlement_reversal": ("银行退回", "Returned by the bank", "Reso dalla banca"),
    "correction": ("更正", "Correction", "Rettifica"),
    "correction_reversal": ("更正撤销", "Correction reversed", "Rettifica stornata"),
    "note": (
        "金额均为收款方所得：总额减手续费与佣金。",
        "Amounts are what the payee is owed: gross less fee and commission.",
        "Gli importi sono quanto spetta al beneficiario: lordo meno servizio e provvigione.",
    ),
}


def language_of(wanted: str) -> str:
    """One of the three: Chinese for zh*, Italian for it*, else English."""
    start = wanted.lower()[:2]
    return start if start in LANGUAGES else "en"


def word(key: str, language: str) -> str:
    """A word of a statement."""
    return _WORDS[key][LANGUAGES.index(language)]


def amount(value: int, currency: str, language: str) -> str:
    """Minor units as a person reads them: 1,234.50, in Italian 1.234,50."""
    whole, _, rest = decimal_text(abs(value), currency).partition(".")
    grouped = f"{int(whole):,}" + (f".{rest}" if rest else "")
    if language == "it":
        grouped = grouped.translate(str.maketrans(",.", ".,"))
    return f"-{grouped}" if value < 0 else grouped


def day(value: date | datetime, language: str) -> str:
    """A date as it is written in the language: 2026年11月22日, 22 Nov 2026, 22/11/2026."""
    if language == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    if language == "it":
        return f"{value.day:02d}/{value.month:02d}/{value.year}"
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{value.day} {months[value.month - 1]} {value.year}"
