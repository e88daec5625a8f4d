"""Money at the desk: filters, pages, files that run nothing, and the way from a total to the signed fact."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from seta.desk.views.money import columns_of
from seta.kit.clock import ROME
from seta.kit.spreadsheets import inert
from seta.payments import operations as pay
from seta.payments import queries as payments
from seta.payments.queries import DayBar
from tests.desk.conftest import LetterBox, World
from tests.desk.test_till import charge
from tests.payments.conftest import connect
from tests.sandbox_server import RunningSandbox

MONEY = "/desk/money/"


@pytest.fixture
def house(world: World, sandbox: RunningSandbox, letters: LetterBox) -> World:
    """Our house with its payment accounts and a rate."""
    now = datetime.now(UTC)
    connect(world.ours.id, sandbox)
    pay.set_rate(house_id=world.ours.id, currency="EUR", scaled=12_782_072, now=now)
    pay.set_terms(house_id=world.ours.id, now=now, settlement_minimum=1, second_person_above=10**9)
    return world


def text_of(answer: HttpResponse) -> str:
    if isinstance(answer, StreamingHttpResponse):
        return b"".join(answer.streaming_content).decode()  # type: ignore[arg-type]
    return answer.content.decode()


def rows_of(client: Client, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(client.get(path)).removeprefix("\ufeff"))))


def test_a_total_opens_down_to_what_the_provider_signed(house: World, sandbox: RunningSandbox) -> None:
    charge(house.sign_in("associate"), sandbox)
    client = house.sign_in("finance")

    books = text_of(client.get(f"{MONEY}books/"))
    account = text_of(client.get(f"{MONEY}books/receivable:alipay/CNY/"))
    (journal,) = set(re.findall(r"/desk/money/journals/\d+/", account))
    entry = text_of(client.get(journal))
    (payment,) = set(re.findall(r"/desk/money/payments/\d+/", entry))
    page = text_of(client.get(payment))

    assert "/desk/money/books/receivable:alipay/CNY/" in books
    assert "The provider signed:" in page
    assert "The books moved" in page
    assert "SHA-256" in page
    assert client.get(f"{MONEY}books/receivable:nobody/CNY/").status_code == 404
    assert client.get(f"{MONEY}journals/999/").status_code == 404


def test_payments_are_filtered_paged_and_exported_under_the_same_filters(
    house: World, sandbox: RunningSandbox
) -> None:
    seller, client = house.sign_in("associate"), house.sign_in("finance")
    for number in range(3):
        charge(seller, sandbox, key=f"key-{number}", amount=str(10 + number))
    charge(seller, sandbox, key="open", method="wechat_native")

    paid = text_of(client.get(f"{MONEY}payments/?state=succeeded"))
    listed = rows_of(client, f"{MONEY}payments.csv?state=succeeded&provider=alipay")
    first = payments.payment_page(house.ours.id, payments.Wanted(), limit=2)
    rest = payments.payment_page(house.ours.id, payments.Wanted(), before=first[-1].id, limit=10)

    assert paid.count("till-key-") == 3
    assert [row["amount"] for row in listed] == ["12.00", "11.00", "10.00"]
    assert len({row.id for row in first} | {row.id for row in rest}) == 4
    assert rows_of(client, f"{MONEY}payments.csv?until=2001-01-01") == []
    assert client.get(f"{MONEY}payments/?before=x&since=nonsense&state=none").status_code == 200


def test_a_file_runs_nothing_in_a_spreadsheet(house: World, sandbox: RunningSandbox) -> None:
    charge(house.sign_in("associate"), sandbox, key="=HYPERLINK(1)")

    (row,) = rows_of(house.sign_in("finance"), f"{MONEY}payments.csv")

    assert row["reference"].startswith("till-")
    for cell in ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"):
        assert inert(cell) == f"'{cell}"


@given(st.text(max_size=20))
def test_no_cell_begins_like_a_formula(text: str) -> None:
    cell = inert(text)

    assert cell.lstrip(" ")[:1] not in tuple("=+@\t\r") or not cell.strip()
    assert not cell.lstrip(" ").startswith("-") or re.fullmatch(r"-[0-9]+(\.[0-9]+)?", cell)


def test_every_file_of_money_downloads(house: World, sandbox: RunningSandbox) -> None:
    charge(house.sign_in("associate"), sandbox)
    client = house.sign_in("finance")

    for name in ("days", "payments", "breaks", "batches", "books"):
        answer = client.get(f"{MONEY}{name}.csv")
        assert answer["Content-Type"].startswith("text/csv"), name
        assert text_of(answer).startswith("\ufeff"), name
    (line,) = rows_of(client, f"{MONEY}books/receivable:alipay/CNY/statement.csv")
    assert (line["amount"], line["balance"]) == ("88.00", "88.00")


def test_the_overview_draws_the_days_and_says_how_payments_end(house: World, sandbox: RunningSandbox) -> None:
    seller = house.sign_in("associate")
    charge(seller, sandbox)
    off = charge(seller, sandbox, key="off", method="wechat_native")
    seller.post(f"{off}cancel/")

    page = text_of(house.sign_in("finance").get(MONEY))

    assert "<svg" in page
    assert "bar alipay" in page
    assert "100 %" in page
    assert "0 %" in page


def test_bars_stand_on_zero_and_the_highest_fills_the_chart() -> None:
    last = datetime(2026, 11, 22, tzinfo=UTC).date()
    bars = [DayBar(last, "alipay", 1, 300), DayBar(last, "wechatpay", 2, 100)]

    columns = columns_of(bars, last)

    assert len(columns) == 14
    assert columns[-1].total == 400
    assert columns[-1].parts == (("alipay", 30.0, 90.0, 300), ("wechatpay", 0.0, 30.0, 100))


def test_a_batch_is_released_sent_confirmed_and_returned(house: World, sandbox: RunningSandbox) -> None:
    charge(house.sign_in("associate"), sandbox)
    client = house.sign_in("finance")
    pay.set_payee(
        house_id=house.ours.id,
        code="house",
        name="Serica",
        currency="EUR",
        minimum=1,
        second_person_above=1,
        now=datetime.now(UTC),
    )
    colleague = house.sign_in("finance2")
    today = f"{datetime.now(ROME):%Y-%m-%d}"  # a payee's day ends by its own clock
    made = client.post(f"{MONEY}settle/", {"currency": "EUR", "day": today})
    where = made["Location"]
    assert re.search(r"/batches/\d+/$", where)

    first = text_of(client.post(f"{where}release/", follow=True))
    alone = text_of(client.post(f"{where}release/", follow=True))
    colleague.post(f"{where}release/")
    client.post(f"{where}send/")
    client.post(f"{where}confirm/")
    unsaid = text_of(client.post(f"{where}return/", {"reason": " "}, follow=True))
    client.post(f"{where}return/", {"reason": "AC04 closed account"})

    (row,) = payments.batches(house.ours.id)
    assert "colleague has to release it too" in first
    assert "noted; a colleague" not in alone
    assert "Say why" in unsaid
    assert (row.state, row.return_reason) == ("returned", "AC04 closed account")


def test_an_associate_sees_no_money_page(house: World) -> None:
    client = house.sign_in("associate")

    for path in ("", "payments/", "approvals/", "breaks/", "batches/", "books/", "payments.csv", "books.csv"):
        assert client.get(MONEY + path).status_code == 403, path


def test_no_page_of_money_shows_a_key(house: World, sandbox: RunningSandbox) -> None:
    charge(house.sign_in("associate"), sandbox)
    client = house.sign_in("finance")
    (row,) = payments.payments(house.ours.id)
    secrets = [str(sandbox.config["wechat"]["apiv3_key"]), "PRIVATE KEY", "app_private_key"]

    for path in ("", "payments/", f"payments/{row.id}/", "breaks/", "batches/", "books/"):
        page = text_of(client.get(MONEY + path))
        assert not [secret for secret in secrets if secret in page], path


def test_a_statement_downloads_as_pdf_and_csv(house: World, sandbox: RunningSandbox) -> None:
    charge(house.sign_in("associate"), sandbox)
    client = house.sign_in("finance")
    asked = {"currency": "EUR", "since": "2026-01-01", "until": "2030-01-01"}

    pdf = client.get(f"{MONEY}statement/", asked | {"form": "pdf"})
    sheet = client.get(f"{MONEY}statement/", asked | {"form": "csv"})
    wrong = client.get(f"{MONEY}statement/", asked | {"until": "2025-01-01"}, follow=True)

    assert pdf.content.startswith(b"%PDF")
    assert sheet["Content-Type"].startswith("text/csv")
    assert "notice bad" in text_of(wrong)
