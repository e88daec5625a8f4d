"""Which provider takes a payment is the house's choice; what a provider forbids is refused before it is sent."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.payments import operations as pay
from seta.payments.models import Route
from seta.payments.rules.limits import refund_limit
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.routing import METHOD_OF, RouteRule, Scene, Wallet, Way, route, wallet_of_code
from seta.payments.rules.states import BARCODE_METHODS, METHODS, QR_METHODS

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
EVERYBODY = frozenset({"wechatpay", "alipay", "antom"})


def asked(rules: list[RouteRule], connected: frozenset[str] = EVERYBODY, **more: str) -> str | None:
    return route(
        rules,
        wallet=Wallet(more.get("wallet", "alipay")),
        way=Way(more.get("way", "barcode")),
        scene=Scene(more.get("scene", "till")),
        settle_currency=more.get("currency", "EUR"),
        connected=connected,
    )


def rule(provider: str, scene: str = "any", currency: str = "") -> RouteRule:
    return RouteRule(Wallet.ALIPAY, Scene(scene), currency, provider)


def test_without_rules_a_wallet_goes_to_its_own_provider_and_else_to_one_that_takes_it() -> None:
    assert asked([]) == "alipay_barcode"
    assert asked([], frozenset({"antom"})) == "antom_code"
    assert asked([], wallet="wechat", way="page", scene="mini_program") == "wechat_jsapi"
    assert asked([], frozenset({"alipay"}), wallet="wechat") is None


def test_the_most_specific_rule_wins_and_its_currency_before_its_scene() -> None:
    general, scene, currency = rule("alipay"), rule("antom", scene="till"), rule("alipay", currency="USD")

    assert asked([general, scene]) == "antom_code"
    assert asked([general, scene], scene="static", way="qr") == "alipay_qr"
    assert asked([scene, currency], currency="USD") == "alipay_barcode"


def test_a_rule_for_a_provider_without_account_or_without_that_way_is_passed_over() -> None:
    assert asked([rule("antom")], frozenset({"alipay"})) == "alipay_barcode"
    assert asked([rule("alipay")], way="page") == "antom_cashier"


@given(
    rules=st.lists(
        st.builds(
            rule,
            st.sampled_from(sorted(EVERYBODY)),
            st.sampled_from([*Scene]),
            st.sampled_from(["", "EUR", "USD"]),
        ),
        max_size=6,
    ),
    connected=st.frozensets(st.sampled_from(sorted(EVERYBODY))),
    wallet=st.sampled_from([*Wallet]),
    way=st.sampled_from([*Way]),
)
def test_a_route_leads_only_to_a_connected_provider_that_takes_the_wallet_in_that_way(
    rules: list[RouteRule], connected: frozenset[str], wallet: Wallet, way: Way
) -> None:
    found = asked(rules, connected, wallet=wallet, way=way)

    possible = {METHOD_OF.get((provider, wallet, way)) for provider in connected} - {None}
    assert found in possible if possible else found is None


def test_every_method_can_be_routed_to_and_every_way_tells_its_kind() -> None:
    assert set(METHOD_OF.values()) == set(METHODS)
    assert {name for (_, _, way), name in METHOD_OF.items() if way is Way.BARCODE} == BARCODE_METHODS
    assert {name for (_, _, way), name in METHOD_OF.items() if way is Way.QR} <= QR_METHODS


@pytest.mark.parametrize(
    ("code", "wallet"),
    [
        ("131234567890123456", Wallet.WECHAT),
        ("281234567890123456", Wallet.ALIPAY),
        ("2512345678901234", Wallet.ALIPAY),
        ("161234567890123456", None),
        ("13123456789012345", None),
        ("１３1234567890123456", None),
        ("", None),
    ],
)
def test_a_payment_code_tells_whose_wallet_it_is(code: str, wallet: Wallet | None) -> None:
    assert wallet_of_code(code) is wallet


def test_the_fiftieth_part_the_first_minute_and_the_first_year_are_the_last_that_wechat_takes() -> None:
    paid_at = NOW - timedelta(days=365)
    minute = timedelta(minutes=1)

    def told(parts: list[datetime], now: datetime = NOW) -> Refusal | None:
        return refund_limit("wechatpay", paid_at=paid_at, parts=parts, now=now)

    assert told([NOW - minute] * 49) is None
    assert told([NOW - minute] * 50) is Refusal.REFUNDS_TOO_MANY
    assert told([NOW - minute + timedelta(seconds=1)]) is Refusal.REFUND_TOO_SOON
    assert told([], NOW + timedelta(seconds=1)) is Refusal.REFUND_TOO_LATE


@pytest.mark.parametrize("provider", ["alipay", "antom"])
def test_providers_without_a_stated_limit_of_parts_take_the_fifty_first(provider: str) -> None:
    parts = [NOW - timedelta(seconds=1)] * 50

    assert refund_limit(provider, paid_at=NOW, parts=parts, now=NOW) is None
    late = NOW + timedelta(days=366)
    assert refund_limit(provider, paid_at=NOW, parts=[], now=late) is Refusal.REFUND_TOO_LATE


@pytest.mark.django_db
def test_a_house_chooses_changes_and_takes_back_a_route(house_id: int) -> None:
    with pytest.raises(PaymentRefused):
        choose(house_id, "antom")
    choose(house_id, "alipay")

    method = pay.method_for(house_id=house_id, wallet="alipay", way="qr", scene="till", settle_currency="EUR")
    charged = pay.method_of_code(house_id=house_id, auth_code="281234567890123456", settle_currency="EUR")
    choose(house_id, "")

    assert (method, charged) == ("alipay_qr", "alipay_barcode")
    assert not Route.objects.exists()


def choose(house_id: int, provider: str) -> None:
    pay.set_route(
        house_id=house_id, wallet="alipay", scene="till", settle_currency="EUR", provider=provider, now=NOW
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"wallet": "paypal"},
        {"scene": "moon"},
        {"settle_currency": "BTC"},
        {"provider": "wechatpay"},
        {"provider": "citcon"},
    ],
)
def test_a_route_of_unknown_words_is_refused_and_changes_nothing(
    house_id: int, wrong: dict[str, str]
) -> None:
    given_ = {"wallet": "alipay", "scene": "till", "settle_currency": "EUR", "provider": "alipay", **wrong}

    with pytest.raises(PaymentRefused):
        pay.set_route(house_id=house_id, now=NOW, **given_)

    assert not Route.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["", "abc", "991234567890123456"])
def test_what_is_no_payment_code_has_no_method(house_id: int, code: str) -> None:
    with pytest.raises(PaymentRefused) as refused:
        pay.method_of_code(house_id=house_id, auth_code=code, settle_currency="EUR")

    assert refused.value.code is Refusal.BAD_AUTH_CODE


def test_a_provider_is_one_module_and_nothing_but_the_registry_names_it() -> None:
    root = Path(__file__).resolve().parents[2] / "seta"
    for name in ("wechatpay", "wechatpay_global", "alipay", "antom"):
        naming = [
            str(path.relative_to(root))
            for path in root.rglob("*.py")
            if f"cashiers.{name} import" in (text := path.read_text("utf-8"))
            or f"import cashiers.{name}" in text
        ]
        assert naming == []
