"""The city to wander through and its practical side: lists narrowed by facets, and the tax of purchases."""

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from seta.guide import queries
from seta.guide.browsing import browse
from seta.guide.rules.facets import Choice, Facet
from seta.guide.rules.tax_refund import (
    AIRPORT_MINUTES,
    Assessed,
    Receipt,
    RefundRule,
    Step,
    Verdict,
    assess,
    refund_rules,
    rule_on,
    steps,
)
from seta.guide.rules.texts import language_index
from seta.kit.clock import rome_day
from seta.people.auth import Client, ClientAuth

router = Router(auth=ClientAuth())

RECEIPTS_MAX = 50
QUERY_MAX, CHOICES_MAX = 200, 20
PAGE, PAGE_MAX = 30, 100
AMOUNT_MAX = 100_000_000
Words = tuple[str, str, str]

_STEPS: dict[Step, Words] = {
    Step.FORM: (
        "付款前出示护照，请店员开具退税单；每张收据单独计算",
        "Show your passport before you pay and ask for the tax-free form; each receipt counts by itself",
        "Mostri il passaporto prima di pagare e chieda il modulo tax free; ogni scontrino conta da solo",
    ),
    Step.KEEP: (
        "商品不要使用，与收据和退税单放在手边",
        "Keep the goods unused, at hand, with the receipts and forms",
        "Tenga la merce nuova e a portata di mano, con scontrini e moduli",
    ),
    Step.AIRPORT: (
        "建议提前三小时到机场，先办退税再托运行李；在欧盟内转机的，在最后一个欧盟机场办理",
        "Be at the airport three hours ahead and go to customs before you check your bags in;"
        " with a change of planes inside the Union, at the last airport of the Union",
        "Arrivi in aeroporto tre ore prima e passi in dogana prima di imbarcare i bagagli;"
        " con uno scalo nell'Unione, nell'ultimo aeroporto dell'Unione",
    ),
    Step.VALIDATE_ONCE: (
        "凭护照一次验核，适用于所有退税公司",
        "One validation by passport serves the forms of all operators",
        "Una sola convalida con il passaporto vale per tutti gli operatori",
    ),
    Step.VALIDATE_EACH: (
        "每家退税公司的单据分别验核",
        "Have the forms of each operator validated",
        "Faccia convalidare i moduli di ciascun operatore",
    ),
    Step.MONEY: (
        "在退税公司柜台选择退款方式；公司会收取手续费，到手金额少于所含税额",
        "Choose at the operator's desk how to be paid; it keeps a fee, so you get less than the tax itself",
        "Scelga allo sportello dell'operatore come essere rimborsato; trattiene una commissione",
    ),
    Step.PROOF: (
        "验核后的凭证须在期限前送达商家",
        "The validated proof has to reach the seller by the date given",
        "La prova convalidata deve arrivare al venditore entro la data indicata",
    ),
}
_VERDICTS: dict[Verdict, Words] = {
    Verdict.REFUND: ("可以退税", "The tax can come back", "L'imposta può essere rimborsata"),
    Verdict.BELOW: (
        "这张收据未达到起退金额",
        "This receipt is not over the threshold",
        "Lo scontrino non supera la soglia",
    ),
    Verdict.LIVES_IN_UNION: (
        "居住在欧盟境内的旅客不能退税，与护照国籍无关",
        "Who lives in the Union has no refund, whatever the passport",
        "Chi risiede nell'Unione non ha rimborso, qualunque sia il passaporto",
    ),
    Verdict.TOO_LATE: (
        "离境日期已超过期限",
        "You leave after the last day allowed",
        "Parte dopo l'ultimo giorno consentito",
    ),
    Verdict.BOUGHT_LATER: (
        "购买日期晚于离境日期",
        "Bought after the day you leave",
        "Acquisto successivo alla partenza",
    ),
    Verdict.NO_RULE: (
        "我们没有那一天的规定",
        "We know no rule for that day",
        "Non conosciamo la regola di quel giorno",
    ),
}


class BrowseIn(Schema):
    """A page of the list; choices are written `facet:value`."""

    q: str = ""
    choice: list[str] = Field(default_factory=list, max_length=CHOICES_MAX)
    offset: int = Field(default=0, ge=0)
    limit: int = Field(default=PAGE, ge=1, le=PAGE_MAX)


class ReceiptIn(Schema):
    """A receipt: cents of euro with tax included, and the day printed on it."""

    shop: str = Field(default="", max_length=80)
    amount: int = Field(ge=1, le=AMOUNT_MAX)
    bought_on: date


class PurchasesIn(Schema):
    """Purchases of somebody who lives in a country (two letters, ISO 3166) and leaves the Union on a day."""

    lives_in: str = Field(default="CN", pattern="^[A-Za-z]{2}$")
    leaves_on: date
    receipts: list[ReceiptIn] = Field(min_length=1, max_length=RECEIPTS_MAX)


@router.get("/browse")
def browse_places(request: HttpRequest, asked: Query[BrowseIn]) -> dict[str, Any]:
    """Places and partners for a query and choices like `payment:alipay`, with what can be chosen next.

    Every option says how long the list would be and none leads to an empty one; a choice that would, from an old link,
    is in `set_aside`, and `searched` is false when nothing answered to the query and everything is shown.
    """
    client: Client = request.auth  # type: ignore[attr-defined]
    today = rome_day(datetime.now(UTC))
    wanted, unknown = _choices(asked.choice)
    found = browse(client.house_id, query=asked.q[:QUERY_MAX], wanted=wanted, day=today)
    left = found.narrowed.items
    codes = [item.code for item in left[asked.offset : asked.offset + asked.limit]]
    cards = queries.cards_of(client.house_id, codes, day=today, language=client.language)
    return {
        "total": len(left),
        "searched": found.searched,
        "places": [asdict(card) for card in cards],
        "chosen": [f"{facet}:{value}" for facet, value in found.narrowed.chosen],
        "set_aside": [*(f"{facet}:{value}" for facet, value in found.narrowed.set_aside), *unknown],
        "options": [
            {**asdict(option), "choice": f"{option.facet}:{option.value}"}
            for option in found.narrowed.options
        ],
    }


def _choices(asked: list[str]) -> tuple[list[Choice], list[str]]:
    """Choices that can be read, and those that cannot."""
    known = set(Facet)
    pairs = [(each, *each.partition(":")[::2]) for each in asked]
    wanted = [(Facet(facet), value) for _, facet, value in pairs if facet in known]
    return wanted, [each for each, facet, _ in pairs if facet not in known]


@router.get("/tax-refund")
def tax_refund(request: HttpRequest) -> dict[str, Any]:
    """The rule in force today, what comes before and after it, and the steps; each rule with source and date."""
    today = rome_day(datetime.now(UTC))
    rule = rule_on(today)
    return {
        "today": _rule(rule),
        "rules": [_rule(each) for each in refund_rules()],
        "steps": _steps(today, _at(request)),
        "airport_minutes": AIRPORT_MINUTES,
    }


@router.post("/tax-refund")
def assess_purchases(request: HttpRequest, body: PurchasesIn) -> dict[str, Any]:
    """Each receipt with its verdict and dates, and the most that can come back. Nothing is kept."""
    at = _at(request)
    assessed = [
        assess(
            Receipt(each.shop, each.amount, each.bought_on), lives_in=body.lives_in, leaves_on=body.leaves_on
        )
        for each in body.receipts
    ]
    dates = [each.proof_by for each in assessed if each.verdict is Verdict.REFUND and each.proof_by]
    return {
        "receipts": [_assessed(each, at) for each in assessed],
        "vat_at_most": sum(each.vat for each in assessed),
        "currency": "EUR",
        "proof_by": min(dates, default=None),
        "steps": _steps(body.leaves_on, at) if dates else [],
        "airport_minutes": AIRPORT_MINUTES if dates else 0,
    }


def _assessed(each: Assessed, at: int) -> dict[str, Any]:
    fields = asdict(each.receipt)
    return {
        **fields,
        "verdict": each.verdict,
        "text": _VERDICTS[each.verdict][at],
        "vat_at_most": each.vat,
        "short_by": each.short_by if each.verdict is Verdict.BELOW else 0,
        "leave_by": each.leave_by,
        "proof_by": each.proof_by,
        "rule": _rule(each.rule),
    }


def _rule(rule: RefundRule | None) -> dict[str, Any] | None:
    return None if rule is None else asdict(rule)


def _steps(leaves_on: date, at: int) -> list[dict[str, str]]:
    return [{"code": step, "text": _STEPS[step][at]} for step in steps(leaves_on)]


def _at(request: HttpRequest) -> int:
    client: Client = request.auth  # type: ignore[attr-defined]
    return language_index(client.language)
