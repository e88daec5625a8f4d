"""Tills of other makers: their keys, what they may see, and how the API answers repeats, floods and nonsense."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any, cast

import httpx
import pytest
from a2wsgi import WSGIMiddleware
from django.core.cache import cache
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from seta.houses.operations import found_house, hire
from seta.payments import operations as pay
from seta.payments.models import Attempt, IdempotencyKey, Intent, Terminal
from seta.payments.operations.terminals import issue_key, revoke_key
from seta.payments.rules import till
from seta.payments.rules.refusals import PaymentRefused
from seta.payments.waiting import Patient
from tests.payments.shared_wsgi import SharedPages
from tests.payments.test_collecting import code_for
from tests.sandbox_server import RunningSandbox

API = "/api/till/v1"
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def till_of(house_id: int, boutique: str, *scopes: str, name: str = "Till 1") -> Client:
    """A till of a boutique with a key of its own."""
    made = issue_key(
        house_id=house_id,
        boutique_code=boutique,
        name=name,
        scopes=scopes or till.SCOPES,
        issued_by=1,
        now=NOW,
    )
    return Client(headers={"authorization": f"Bearer {made.key}", "accept-language": "en"})


def post(client: Client, path: str, body: Any, key: str = "") -> Any:
    """Post JSON under a key."""
    text = body if isinstance(body, str) else json.dumps(body)
    headers = {"idempotency-key": key} if key else {}
    return client.post(API + path, text, content_type="application/json", headers=headers)


def sell(client: Client, sandbox: RunningSandbox, reference: str = "R-1", amount: int = 50_000) -> Any:
    """Charge a client's code."""
    body = {"amount": amount, "auth_code": code_for(sandbox, "wechat"), "reference": reference}
    return post(client, "/payments", body, key=f"sale-{reference}")


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """What one test asked a provider does not hold back the next."""
    cache.clear()


@pytest.fixture
def brera(house_id: int) -> Client:
    """The till of one boutique."""
    return till_of(house_id, "brera")


@pytest.fixture
def monte(house_id: int) -> Client:
    """The till of another."""
    return till_of(house_id, "monte-napoleone")


def test_only_a_digest_of_a_key_is_kept_and_a_revoked_key_opens_nothing(house_id: int) -> None:
    made = issue_key(
        house_id=house_id, boutique_code="brera", name="Till 1", scopes=till.SCOPES, issued_by=1, now=NOW
    )
    client = Client(headers={"authorization": f"Bearer {made.key}"})
    before = client.get(f"{API}/me")

    revoke_key(terminal_id=made.terminal_id, house_id=house_id, now=NOW)

    assert (before.status_code, before.json()["boutique"]) == (200, "brera")
    assert client.get(f"{API}/me").status_code == 401
    row = Terminal.objects.values().get()
    assert made.key not in str(row)
    assert row["used_at"] is not None


@pytest.mark.parametrize("header", ["Bearer setatill_wrong", "Bearer ", "Basic eDp5", "Bearer \u00e9", "x"])
def test_a_wrong_key_is_refused_also_beside_a_session(house_id: int, header: str) -> None:
    hire(house_id=house_id, username="marco", password="a long enough one", role="finance", name="Marco")
    client = Client()
    client.login(username="marco", password="a long enough one")

    answer = client.get(f"{API}/me", headers={"authorization": header, "accept-language": "it"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "sign_in_again")
    assert "chiave" in answer.json()["error"]["message"]


def test_another_boutiques_payment_refund_and_list_do_not_exist(
    brera: Client, monte: Client, sandbox: RunningSandbox
) -> None:
    sale = sell(brera, sandbox).json()
    back = post(brera, f"/payments/{sale['id']}/refunds", {"amount": 1_000}, key="back").json()

    for answer in (
        monte.get(f"{API}/payments/{sale['id']}"),
        post(monte, f"/payments/{sale['id']}/cancel", {}),
        post(monte, f"/payments/{sale['id']}/refunds", {"amount": 1_000}, key="other"),
        monte.get(f"{API}/refunds/{back['id']}"),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert monte.get(f"{API}/payments").json()["payments"] == []
    assert [row["id"] for row in brera.get(f"{API}/payments").json()["payments"]] == [sale["id"]]
    assert brera.get(f"{API}/payments").json()["payments"][0]["refunded"] == 1_000


def test_a_cashier_of_a_boutique_sees_as_little_as_its_till_and_finance_sees_all(
    house_id: int, brera: Client, monte: Client, sandbox: RunningSandbox
) -> None:
    theirs = sell(monte, sandbox).json()
    ours = sell(brera, sandbox).json()
    seen = {}
    for name, role, boutique in (("lin", "associate", "brera"), ("ada", "finance", "")):
        hire(
            house_id=house_id,
            username=name,
            password="a long enough one",
            role=role,
            name=name,
            boutique_code=boutique,
        )
        client = Client()
        client.login(username=name, password="a long enough one")
        seen[name] = [client.get(f"{API}/payments/{row['id']}").status_code for row in (ours, theirs)]

    assert seen == {"lin": [200, 404], "ada": [200, 200]}


def test_another_house_does_not_see_the_payment(brera: Client, sandbox: RunningSandbox) -> None:
    sale = sell(brera, sandbox).json()
    other = found_house(code="altra", name="Altra", kind="maison")

    answer = till_of(other, "brera").get(f"{API}/payments/{sale['id']}")

    assert answer.status_code == 404


def test_the_same_receipt_number_and_key_in_two_boutiques_are_two_sales(
    brera: Client, monte: Client, sandbox: RunningSandbox
) -> None:
    first, second = sell(brera, sandbox, "0001"), sell(monte, sandbox, "0001")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["reference"] == second.json()["reference"] == "0001"
    assert first.json()["id"] != second.json()["id"]
    assert {row.boutique_code for row in Intent.objects.all()} == {"brera", "monte-napoleone"}


def test_a_key_without_the_scope_may_not(house_id: int, sandbox: RunningSandbox, brera: Client) -> None:
    sale = sell(brera, sandbox).json()
    reader = till_of(house_id, "brera", "payments.read")

    charged = sell(reader, sandbox, "R-2")
    back = post(reader, f"/payments/{sale['id']}/refunds", {"amount": 100}, key="b")

    assert {answer.status_code for answer in (charged, back)} == {403}
    assert charged.json()["error"]["code"] == "scope_missing"
    assert reader.get(f"{API}/payments/{sale['id']}").status_code == 200


@pytest.mark.parametrize("amount", ["1.5", "1e4", "100.0", '"100"', "true", "null", "[1]", "NaN", "1e999"])
@pytest.mark.parametrize("path", ["/payments", "/quotes"])
def test_money_that_is_no_whole_number_is_refused_with_the_fields_name(
    brera: Client, path: str, amount: str
) -> None:
    extra = ', "auth_code": "134567890123456789"' if path == "/payments" else ""

    answer = post(brera, path, f'{{"amount": {amount}{extra}}}', key="k")

    assert answer.status_code in (400, 422)
    if amount not in ("NaN", "1e999"):
        assert "amount" in answer.json()["error"]["message"]
    assert Intent.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"amount": 1, "auth_code": "1", "ammount": 2}, "ammount"),
        ({"amount": 1, "auth_code": "1", "reference": "a\nb"}, "reference"),
        ({"amount": 1, "auth_code": "1", "quote_id": 2**70}, "quote_id"),
        ({"amount": 1}, "sale"),
        ({"amount": 1, "auth_code": "1", "wallet": "wechat"}, "sale"),
        ({"amount": 1, "wallet": "cash"}, "wallet"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(brera: Client, body: dict[str, Any], named: str) -> None:
    answer = post(brera, "/payments", body, key="k")

    assert answer.status_code == 422
    assert named in answer.json()["error"]["message"]


@pytest.mark.parametrize("amount", [0, -1, 10**30])
def test_an_amount_out_of_bounds_is_refused(brera: Client, amount: int) -> None:
    answer = post(brera, "/quotes", {"amount": amount})

    assert answer.status_code == 400
    assert answer.json()["error"]["code"].startswith("amount_")


def test_a_repeat_gets_the_same_words_and_another_body_or_one_in_flight_a_conflict(
    brera: Client, sandbox: RunningSandbox
) -> None:
    code = code_for(sandbox, "wechat")
    body = {"amount": 50_000, "auth_code": code, "reference": "R-1"}

    first, again = (post(brera, "/payments", body, key="k") for _ in range(2))
    other = post(brera, "/payments", {**body, "amount": 50_001}, key="k")
    IdempotencyKey.objects.update(status=None, answer=None, started_at=datetime.now(UTC))
    flying = post(brera, "/payments", body, key="k")

    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert (other.status_code, other.json()["error"]["code"]) == (409, "key_reused")
    assert (flying.status_code, flying.json()["error"]["code"]) == (409, "key_in_flight")
    assert int(flying.headers["Retry-After"]) >= 1
    assert Intent.objects.count() == 1


@pytest.mark.parametrize(("key", "code"), [("", "key_missing"), ("k" * 101, "key_too_long")])
def test_a_sale_needs_a_key_of_a_sensible_length(brera: Client, key: str, code: str) -> None:
    answer = post(brera, "/payments", {"amount": 1, "auth_code": "1"}, key=key)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_a_shown_code_is_the_same_at_every_look_until_it_is_cancelled(
    brera: Client, sandbox: RunningSandbox
) -> None:
    made = post(brera, "/payments", {"amount": 88_000, "wallet": "wechat", "reference": "Q"}, key="q").json()
    shown = brera.get(f"{API}/payments/{made['id']}").json()

    ended = post(brera, f"/payments/{made['id']}/cancel", {}).json()

    assert made["is_open"] and made["qr"].startswith("weixin://")
    assert shown["qr"] == made["qr"]
    assert (ended["state"], ended["is_open"], ended["qr"]) == ("canceled", False, "")


def test_a_tills_large_refund_waits_for_somebody_else(brera: Client, sandbox: RunningSandbox) -> None:
    sale = sell(brera, sandbox, amount=900_000).json()

    back = post(brera, f"/payments/{sale['id']}/refunds", {"amount": 600_000, "reason": "size"}, key="b")

    assert (back.status_code, back.json()["state"]) == (201, "to_approve")
    row = Intent.objects.get().refunds.get()
    assert (row.requested_by, row.reason) == (1, "Till 1: size")


def test_the_days_pages_follow_one_another_and_a_foreign_cursor_is_refused(
    brera: Client, sandbox: RunningSandbox
) -> None:
    made = [sell(brera, sandbox, f"R-{number}").json()["id"] for number in range(5)]
    seen, cursor = [], ""
    while True:
        page = brera.get(f"{API}/payments?limit=2&cursor={cursor}").json()
        seen += [row["id"] for row in page["payments"]]
        cursor = page["next_cursor"]
        if not cursor:
            break

    assert seen == made[::-1]
    assert brera.get(f"{API}/payments", {"on": "2020-01-01"}).json()["payments"] == []
    for bad in ("zzz", "cDE=x", "%00", "eDEy"):
        assert brera.get(f"{API}/payments", {"cursor": bad}).json()["error"]["code"] == "bad_cursor"
    assert brera.get(f"{API}/payments", {"on": "tomorrow"}).status_code == 422


def test_a_till_that_lost_an_answer_finds_its_receipt_and_no_other_tills(
    brera: Client, monte: Client, sandbox: RunningSandbox
) -> None:
    sold = sell(brera, sandbox, "R-7").json()
    sell(brera, sandbox, "R-8")
    sell(monte, sandbox, "R-7")

    found = brera.get(f"{API}/payments?reference=R-7").json()
    nothing = brera.get(f"{API}/payments?reference=R-9").json()

    assert [one["id"] for one in found["payments"]] == [sold["id"]]
    assert (found["on"], nothing["payments"]) == ("", [])


def test_a_flood_is_told_to_wait(brera: Client) -> None:
    answers = [brera.get(f"{API}/me") for _ in range(till.REQUESTS_AT_ONCE + 5)]

    last = answers[-1]
    assert (last.status_code, last.json()["error"]["code"]) == (429, "too_many_requests")
    assert int(last.headers["Retry-After"]) >= 1


@given(st.lists(st.floats(0, 5), max_size=300))
def test_no_caller_gets_more_than_the_bucket_and_its_refill(waits: list[float]) -> None:
    bucket, now, went = None, 0.0, 0
    for wait in waits:
        now += wait
        bucket, must_wait = till.take(bucket, now=now)
        went += not must_wait

    assert went <= till.REQUESTS_AT_ONCE + now * till.REQUESTS_A_MINUTE / 60 + 1


@given(st.text(max_size=40), st.text(min_size=1, max_size=40))
def test_a_reference_comes_back_as_it_was_given_and_fits(boutique: str, reference: str) -> None:
    kept = till.kept_reference(boutique, reference)

    assert len(kept) <= 64
    assert till.own_reference(boutique, kept) == reference


@pytest.mark.parametrize(("boutique", "name", "scopes"), [("", "a", ["payments.read"]), ("b", " ", [])])
def test_a_key_needs_a_boutique_a_name_and_a_scope(
    house_id: int, boutique: str, name: str, scopes: list[str]
) -> None:
    with pytest.raises(PaymentRefused):
        issue_key(house_id=house_id, boutique_code=boutique, name=name, scopes=scopes, issued_by=1, now=NOW)

    assert Terminal.objects.count() == 0


def test_a_till_that_waits_hears_of_the_end_of_its_payment(house_id: int, sandbox: RunningSandbox) -> None:
    brera = till_of(house_id, "brera")
    sale = post(brera, "/payments", {"amount": 88_000, "wallet": "wechat"}, key="q").json()
    pages = SharedPages()
    threads: Any = WSGIMiddleware(cast(Any, pages), workers=2)
    app = Patient(threads)
    key = {"authorization": brera.defaults["HTTP_AUTHORIZATION"]}
    path = f"{API}/payments/{sale['id']}"

    def pay_it() -> None:
        with pages.mine():
            attempt = Attempt.objects.get()
            sandbox.control("pay", provider="wechat", out_trade_no=attempt.out_trade_no)
            pay.refresh(intent_id=sale["id"], now=datetime.now(UTC))

    async def follow() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver", timeout=30) as caller:
            waiting = asyncio.create_task(caller.get(f"{path}?wait=20", headers=key))
            short = await caller.get(f"{path}?wait=1", headers=key)
            refused = await caller.get(f"{path}?wait=99", headers=key)
            unknown = await caller.get(f"{path}?wait=20")
            await asyncio.to_thread(pay_it)
            return [short, refused, unknown, await waiting]

    short, refused, unknown, waited = asyncio.run(follow())

    assert (short.status_code, short.json()["is_open"]) == (200, True)
    assert (refused.status_code, unknown.status_code) == (422, 401)
    assert (waited.status_code, waited.json()["state"]) == (200, "succeeded")
