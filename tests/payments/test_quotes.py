"""Where rates come from, how they are locked, what a late payment is worth, and who may change them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from seta.events.models import Event
from seta.houses.operations import connect_account, hire
from seta.kit.clock import beijing_day
from seta.ledger import queries as ledger
from seta.payments import operations as pay
from seta.payments import queries
from seta.payments.models import Change, ChangeDecision, Intent, Quote, Rate
from seta.payments.operations.booking import accept
from seta.payments.rules.refusals import PaymentRefused, Refusal, message
from seta.payments.rules.states import Evidence, Trade
from tests.payments.test_collecting import now, open_payment
from tests.sandbox_server import RunningSandbox

PER_EURO = {
    "USD": "1.0821",
    "JPY": "163.52",
    "GBP": "0.83390",
    "CHF": "0.9372",
    "HKD": "8.4211",
    "CNY": "7.8235",
}
EUR_FOR_YUAN = 12_782_003  # 10^16 / 782350000, half up


def ecb(on: date, **changed: str) -> bytes:
    """A daily file as the European Central Bank publishes it."""
    cubes = "".join(
        f"<Cube currency='{name}' rate='{rate}'/>" for name, rate in (PER_EURO | changed).items() if rate
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" '
        'xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><gesmes:subject>Reference rates'
        f"</gesmes:subject><Cube><Cube time='{on}'>{cubes}</Cube></Cube></gesmes:Envelope>"
    ).encode()


def take(house_id: int, content: bytes, at: datetime | None = None) -> dict[str, int]:
    """Import a file; the rates as they stand."""
    return dict(pay.import_rates(house_id=house_id, source="ecb", content=content, now=at or now()).rates)


def member(house_id: int, name: str, role: str = "finance") -> int:
    """Somebody who works for the house."""
    return hire(house_id=house_id, username=name, password="a-long-enough-word", role=role, name=name)


def refusal_of(call: object, **arguments: object) -> Refusal:
    """The named refusal that a call ends in."""
    with pytest.raises(PaymentRefused) as caught:
        call(**arguments)  # type: ignore[operator]
    return caught.value.code


def test_the_central_banks_file_gives_cross_rates_of_five_currencies_and_quotes_use_them(
    house_id: int,
) -> None:
    today = beijing_day(now())

    rates = take(house_id, ecb(today))
    card = pay.make_quote(house_id=house_id, amount=888_800, settle_currency="GBP", now=now())

    assert rates["EUR"] == EUR_FOR_YUAN
    assert sorted(rates) == ["CHF", "EUR", "GBP", "HKD", "USD"]
    quote = Quote.objects.get(pk=card.quote_id)
    assert (quote.source, quote.reference_scaled) == ("ecb", rates["GBP"])
    assert quote.scaled < quote.reference_scaled


def test_the_same_file_again_changes_nothing_and_an_edited_one_is_refused(house_id: int) -> None:
    today = beijing_day(now())
    take(house_id, ecb(today))

    again = pay.import_rates(house_id=house_id, source="ecb", content=ecb(today), now=now())
    edited = ecb(today, CNY="7.8236")

    assert again.changed == 0
    assert refusal_of(take, house_id=house_id, content=edited) is Refusal.BAD_RATES
    assert Rate.objects.filter(source="ecb").count() == 5


def test_rates_that_leap_are_stale_or_of_tomorrow_are_refused_whole(house_id: int) -> None:
    today = beijing_day(now())
    take(house_id, ecb(today - timedelta(days=1)))

    leap = refusal_of(take, house_id=house_id, content=ecb(today, HKD="9.9999"))
    stale = refusal_of(take, house_id=house_id, content=ecb(today - timedelta(days=6)))
    early = refusal_of(take, house_id=house_id, content=ecb(today + timedelta(days=1)))

    assert (leap, stale, early) == (Refusal.RATES_ABSURD, Refusal.RATES_STALE, Refusal.RATES_STALE)
    assert set(Rate.objects.filter(source="ecb").values_list("valid_on", flat=True)) == {
        today - timedelta(days=1)
    }


def test_over_a_long_weekend_the_last_rate_counts_and_then_the_next_source(house_id: int) -> None:
    friday = now() - timedelta(days=6)
    take(house_id, ecb(beijing_day(friday)), friday)

    on_day_five = pay.make_quote(
        house_id=house_id, amount=888_800, settle_currency="EUR", now=friday + timedelta(days=5)
    )
    later = pay.make_quote(
        house_id=house_id, amount=888_800, settle_currency="EUR", now=friday + timedelta(days=6)
    )

    assert Quote.objects.get(pk=on_day_five.quote_id).source == "ecb"
    assert Quote.objects.get(pk=later.quote_id).source == "fixed"


def test_a_house_chooses_whose_rate_comes_first(house_id: int) -> None:
    today = beijing_day(now())
    take(house_id, ecb(today))
    pay.set_rate(house_id=house_id, currency="EUR", scaled=12_700_000, valid_on=today, now=now())

    pay.set_terms(house_id=house_id, now=now(), rate_sources="daily,ecb")
    used = {one.source: one.is_used for one in queries.standing_rates(house_id, now=now())}
    shown = queries.indication(house_id, "EUR", now=now())

    assert used["daily"]
    assert shown is not None and shown.scaled == 12_636_500


def connect_antom(house_id: int, sandbox: RunningSandbox) -> None:
    """Give the house the sandbox's Antom account."""
    keys = sandbox.config["antom"]
    connect_account(
        house_id=house_id,
        family="antom",
        app_id=keys["client_id"],
        base_url=sandbox.base_url,
        secrets={name: str(value) for name, value in keys.items()},
        now=now(),
    )


@pytest.mark.parametrize("source", ["wechatpay", "antom"])
def test_a_provider_is_asked_until_it_has_given_the_rate_of_the_day(
    house_id: int, sandbox: RunningSandbox, source: str
) -> None:
    connect_antom(house_id, sandbox)
    pay.set_terms(house_id=house_id, now=now(), rate_sources=source)

    found = pay.import_rates(house_id=house_id, source=source, now=now())
    asked = [pay.refresh_rates(now()), pay.refresh_rates(now())]
    is_todays = found.on == beijing_day(now())

    assert sorted(found.rates) == ["CHF", "EUR", "GBP", "HKD", "USD"]
    assert all(1_000_000 < scaled < 200_000_000 for scaled in found.rates.values())
    assert asked == ([0, 0] if is_todays else [1, 1]), "before the hour of publishing it is asked again"


def test_a_providers_forged_rate_is_not_taken(house_id: int, sandbox: RunningSandbox) -> None:
    sandbox.control("fault", match="/pay/queryexchagerate", times=9, kind="bad_signature")

    with pytest.raises(Exception, match="v2 key"):
        pay.import_rates(house_id=house_id, source="wechatpay", now=now())

    assert not Rate.objects.filter(source="wechatpay").exists()


def paid_late(house_id: int, moved_to: int) -> tuple[Intent, list[tuple[str, str, int]]]:
    """9,388.15 yuan promised as 1,194.00 euros, paid 45 minutes later at another day's rate."""
    card = open_payment(house_id)
    pay.set_rate(house_id=house_id, currency="EUR", scaled=moved_to, valid_on=beijing_day(now()), now=now())
    evidence = Evidence(
        provider="wechatpay",
        source="query",
        out_trade_no=card.out_trade_no,
        trade=Trade.PAID,
        amount=938_815,
        currency="CNY",
        happened_at=now() + timedelta(minutes=45),
    )
    accept(house_id=house_id, evidence=evidence, now=now() + timedelta(minutes=46))
    lines = ledger.postings_of(house_id, card.number)
    return Intent.objects.get(pk=card.intent_id), [(line.code, line.currency, line.amount) for line in lines]


@pytest.mark.parametrize(
    ("moved_to", "worth"),
    # 938815 fen x 0.1291 x (1 - 0.005) = 1205.95; x 0.1260 x 0.995 = 1176.99 euros.
    [(12_910_000, 120_595), (12_600_000, 117_699)],
)
def test_a_late_payment_is_booked_at_the_locked_rate_and_the_difference_is_gain_or_loss(
    house_id: int, moved_to: int, worth: int
) -> None:
    intent, lines = paid_late(house_id, moved_to)

    assert (intent.settle_amount, intent.rate_gain) == (119_400, worth - 119_400)
    assert lines == [
        ("receivable:wechatpay", "CNY", 938_815),
        ("fx:clearing", "CNY", -938_815),
        ("fx:clearing", "EUR", worth),
        ("merchant:house", "EUR", -118_206),
        ("income:fees", "EUR", -1_194),
        ("fx:gain_loss", "EUR", 119_400 - worth),
    ]


def test_a_payment_in_time_and_a_late_one_at_an_unmoved_rate_have_no_gain(house_id: int) -> None:
    intent, lines = paid_late(house_id, 12_782_072)

    assert intent.rate_gain == 0
    assert [code for code, _, _ in lines if code == "fx:gain_loss"] == []


@pytest.mark.parametrize("language", ["zh-Hans", "en", "it"])
@pytest.mark.parametrize(
    ("amount", "currency", "refusal"),
    [
        (0, "EUR", Refusal.AMOUNT_NOT_POSITIVE),
        (-1, "EUR", Refusal.AMOUNT_NOT_POSITIVE),
        (88.5, "EUR", Refusal.AMOUNT_NOT_WHOLE),
        ("8850", "EUR", Refusal.AMOUNT_NOT_WHOLE),
        (True, "EUR", Refusal.AMOUNT_NOT_WHOLE),
        (1_000_000_001, "EUR", Refusal.AMOUNT_TOO_LARGE),
        (888_800, "JPY", Refusal.UNSUPPORTED_CURRENCY),
        (888_800, "eur", Refusal.UNSUPPORTED_CURRENCY),
        (3, "EUR", Refusal.AMOUNT_TOO_SMALL),
        (888_800, "USD", Refusal.NO_RATE),
    ],
)
def test_an_amount_that_cannot_be_paid_is_refused_by_name_and_changes_nothing(
    house_id: int, amount: object, currency: str, refusal: Refusal, language: str
) -> None:
    found = refusal_of(
        pay.open_intent,
        house_id=house_id,
        person_id=None,
        reference="S-1",
        amount=amount,
        description="x",
        method="wechat_jsapi",
        settle_currency=currency,
        now=now(),
    )

    assert found is refusal and message(found, language)
    assert (Intent.objects.count(), Quote.objects.count()) == (0, 0)


def test_one_member_proposes_a_rate_and_only_another_puts_it_in_force(house_id: int) -> None:
    anna, bruno = member(house_id, "anna"), member(house_id, "bruno")
    wish = pay.propose_rate(
        house_id=house_id, currency="EUR", scaled=12_900_000, reason="moved", proposed_by=anna, now=now()
    )
    before = queries.indication(house_id, "EUR", now=now())

    own = refusal_of(pay.approve_change, house_id=house_id, change_id=wish, approved_by=anna, now=now())
    pay.approve_change(house_id=house_id, change_id=wish, approved_by=bruno, now=now())
    twice = refusal_of(pay.approve_change, house_id=house_id, change_id=wish, approved_by=bruno, now=now())
    after = queries.indication(house_id, "EUR", now=now())

    assert before is not None and before.scaled == 12_718_162
    assert after is not None and after.scaled == 12_835_500
    assert (own, twice) == (Refusal.OWN_CHANGE, Refusal.ALREADY_DECIDED)
    (row,) = queries.change_history(house_id)
    assert (row.before, row.after, row.proposed_by_name, row.decided_by_name) == (
        12_782_072,
        12_900_000,
        "anna",
        "bruno",
    )
    (told,) = Event.objects.filter(name="payments.terms.changed")
    assert (told.body["proposed_by"], told.body["approved_by"]) == (anna, bruno)


@pytest.mark.parametrize(
    ("kind", "subject", "after", "field"),
    [
        ("spread", "", 75, "spread_bps"),
        ("fee", "", 120, "fee_bps"),
        ("refund_policy", "", "refund_day", "refund_policy"),
        ("refund_limit", "", 100_000, "second_person_above"),
        ("minimum", "", 5_000, "settlement_minimum"),
    ],
)
def test_every_term_is_changed_by_two(
    house_id: int, kind: str, subject: str, after: object, field: str
) -> None:
    anna, bruno = member(house_id, "anna"), member(house_id, "bruno", "admin")
    wish = pay.propose_change(
        house_id=house_id, kind=kind, subject=subject, after=after, reason="x", proposed_by=anna, now=now()
    )

    untouched = getattr(queries.terms(house_id), field)
    pay.approve_change(house_id=house_id, change_id=wish, approved_by=bruno, now=now())

    assert untouched != after
    assert getattr(queries.terms(house_id), field) == after


def test_a_declined_change_never_comes_in_force(house_id: int) -> None:
    anna, bruno = member(house_id, "anna"), member(house_id, "bruno")
    wish = pay.propose_change(house_id=house_id, kind="fee", after=0, reason="x", proposed_by=anna, now=now())
    (waiting,) = queries.open_changes(house_id)

    pay.decline_change(house_id=house_id, change_id=wish, declined_by=bruno, note="no", now=now())
    late = refusal_of(pay.approve_change, house_id=house_id, change_id=wish, approved_by=bruno, now=now())

    assert (waiting.id, waiting.outcome) == (wish, "open")
    assert late is Refusal.ALREADY_DECIDED
    assert queries.terms(house_id).fee_bps == 100
    assert [row.outcome for row in queries.change_history(house_id)] == ["declined"]


def test_a_proposal_that_the_world_has_overtaken_must_be_made_anew(house_id: int) -> None:
    anna, bruno = member(house_id, "anna"), member(house_id, "bruno")
    first, second = (
        pay.propose_change(
            house_id=house_id, kind="spread", after=bps, reason="x", proposed_by=anna, now=now()
        )
        for bps in (60, 70)
    )
    pay.approve_change(house_id=house_id, change_id=first, approved_by=bruno, now=now())

    found = refusal_of(pay.approve_change, house_id=house_id, change_id=second, approved_by=bruno, now=now())

    assert found is Refusal.BAD_CHANGE
    assert queries.terms(house_id).spread_bps == 60


def test_an_associate_and_a_stranger_change_nothing(house_id: int) -> None:
    anna, seller = member(house_id, "anna"), member(house_id, "seller", "associate")
    wish = pay.propose_change(house_id=house_id, kind="fee", after=0, reason="x", proposed_by=anna, now=now())

    for nobody in (seller, 10**6):
        assert (
            refusal_of(pay.approve_change, house_id=house_id, change_id=wish, approved_by=nobody, now=now())
            is Refusal.NOT_ALLOWED
        )
        assert (
            refusal_of(
                pay.propose_change,
                house_id=house_id,
                kind="fee",
                after=1,
                reason="x",
                proposed_by=nobody,
                now=now(),
            )
            is Refusal.NOT_ALLOWED
        )


@pytest.mark.parametrize(
    ("kind", "subject", "after"),
    [
        ("rate", "XAU", 1),
        ("rate", "EUR", 0),
        ("rate", "EUR", 0.128),
        ("rate", "EUR tomorrow", 12_000_000),
        ("spread", "", 10_000),
        ("fee", "", -1),
        ("fee", "", True),
        ("route", "wechat till any", "alipay"),
        ("route", "cash till any", "wechatpay"),
        ("refund_policy", "", "never"),
        ("rate_sources", "", "ecb,ecb"),
        ("account", "creditor_iban", "IT60X0542811101000000123465"),
        ("colour", "", "red"),
    ],
)
def test_a_change_to_an_impossible_value_cannot_even_be_proposed(
    house_id: int, kind: str, subject: str, after: object
) -> None:
    anna = member(house_id, "anna")

    found = refusal_of(
        pay.propose_change,
        house_id=house_id,
        kind=kind,
        subject=subject,
        after=after,
        reason="x",
        proposed_by=anna,
        now=now(),
    )

    assert found in (Refusal.BAD_CHANGE, Refusal.UNSUPPORTED_CURRENCY)
    assert Change.objects.count() == 0


def test_the_record_of_changes_cannot_be_edited_or_emptied(house_id: int) -> None:
    anna, bruno = member(house_id, "anna"), member(house_id, "bruno")
    wish = pay.propose_change(house_id=house_id, kind="fee", after=0, reason="x", proposed_by=anna, now=now())
    pay.approve_change(house_id=house_id, change_id=wish, approved_by=bruno, now=now())

    for rows in (Change.objects.all(), ChangeDecision.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)
    with pytest.raises(DatabaseError), transaction.atomic():
        Change.objects.update(proposed_by=bruno)

    assert (Change.objects.count(), ChangeDecision.objects.count()) == (1, 1)


def test_a_key_longer_than_its_column_still_names_one_request(house_id: int) -> None:
    def answer(key: str, text: str) -> tuple[int, dict[str, object]]:
        return pay.answered_once(
            house_id=house_id,
            scope="t",
            key=key,
            request={"text": "same"},
            now=datetime.now(UTC),
            work=lambda: (201, {"text": text}),
        )

    first, again, other = (
        answer("k" * 200, "one"),
        answer("k" * 200, "two"),
        answer("k" * 199 + "x", "three"),
    )

    assert (first, again, other) == (
        (201, {"text": "one"}),
        (201, {"text": "one"}),
        (201, {"text": "three"}),
    )
