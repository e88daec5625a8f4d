"""The counter: an amount by barcode or shown code, a photo of a code, refunds, printed codes, another's counter."""

import io
from datetime import UTC, datetime

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from seta.boutique.operations import open_sales_point
from seta.events.operations import deliver_due
from seta.houses.operations import hire
from seta.payments import operations as pay
from seta.payments import queries as payments
from seta.payments.queries import PaymentRow
from tests.desk.conftest import PASSWORD, LetterBox, World
from tests.payments.conftest import connect
from tests.sandbox_server import RunningSandbox

TILL = "/desk/boutique/till/"
LIMIT = 500_000


@pytest.fixture
def shop(world: World, sandbox: RunningSandbox, letters: LetterBox) -> World:
    """Our house with its payment accounts, a rate, and a limit above which refunds need two people."""
    now = datetime.now(UTC)
    connect(world.ours.id, sandbox)
    pay.set_rate(house_id=world.ours.id, currency="EUR", scaled=12_782_072, now=now)
    pay.set_terms(house_id=world.ours.id, now=now, second_person_above=LIMIT)
    return world


def charge(client: Client, sandbox: RunningSandbox, **changed: object) -> str:
    """Charge ¥88.00 to an Alipay code; the address that the till leads to."""
    form = {"amount": "88.00", "currency": "CNY", "key": "key-1", "boutique": "monte-napoleone"} | changed
    if "auth_code" not in form and "method" not in form and "photo" not in form:
        form["auth_code"] = sandbox.control("payment_code", provider="alipay")["auth_code"]
    answer = client.post(f"{TILL}charge/", form)
    assert answer.status_code == 302
    return str(answer["Location"])


def only(world: World) -> PaymentRow:
    (row,) = payments.payments(world.ours.id)
    return row


def test_an_amount_is_charged_and_its_receipt_has_both_currencies_in_three_languages(
    shop: World, sandbox: RunningSandbox
) -> None:
    client = shop.sign_in("associate")

    where = charge(client, sandbox, note="Custodia · 丝巾盒")

    row = only(shop)
    assert (row.state, row.amount, row.boutique_code) == ("succeeded", 8_800, "monte-napoleone")
    assert row.associate_id == shop.ours.associates[0]
    assert "The client may go" in client.get(where).content.decode()
    paper = client.get(f"{where}receipt/").content.decode()
    for word in ("收款凭证", "Receipt", "Ricevuta", "¥88.00", "€11.", "Custodia", "1 CNY = 0."):
        assert word in paper, word


def test_an_amount_in_the_houses_currency_is_priced_in_yuan_while_it_is_typed(
    shop: World, sandbox: RunningSandbox
) -> None:
    client = shop.sign_in("associate")

    said = client.get(f"{TILL}quote/", {"amount": "1,200.00", "currency": "EUR"}).content.decode()
    charge(client, sandbox, amount="1,200.00", currency="EUR")

    row = only(shop)
    assert "€1,200.00" in said
    assert (row.settle_amount, row.settle_currency) == (120_000, "EUR")
    assert f"¥{row.amount // 100:,}" in said


@pytest.mark.parametrize("amount", ["", "0", "-5", "abc", "1.234", "10000000000000"])
def test_an_impossible_amount_is_told_and_takes_nothing(
    shop: World, sandbox: RunningSandbox, amount: str
) -> None:
    client = shop.sign_in("associate")

    charge(client, sandbox, amount=amount)

    assert "Write the amount in yuan" in client.get(TILL).content.decode()
    assert payments.payments(shop.ours.id) == []


def test_the_same_form_twice_charges_once(shop: World, sandbox: RunningSandbox) -> None:
    client = shop.sign_in("associate")

    assert charge(client, sandbox) == charge(client, sandbox)
    assert len(payments.payments(shop.ours.id)) == 1


def test_a_photo_of_the_code_is_read_by_the_server(shop: World, sandbox: RunningSandbox) -> None:
    code = sandbox.control("payment_code", provider="alipay")["auth_code"]
    picture = io.BytesIO()
    segno.make(code, micro=False).save(picture, kind="png", scale=6, border=4)
    client = shop.sign_in("associate")

    def photo(content: bytes) -> SimpleUploadedFile:
        return SimpleUploadedFile("code.png", content, "image/png")

    read = client.post(f"{TILL}read-code/", {"photo": photo(picture.getvalue())})
    charge(client, sandbox, photo=photo(picture.getvalue()), auth_code="")

    assert read.json() == {"code": code}
    assert only(shop).state == "succeeded"
    for bad in (b"", b"no picture", picture.getvalue()[:60]):
        refused = client.post(f"{TILL}read-code/", {"photo": photo(bad)})
        assert (refused.status_code, "No payment code" in refused.json()["error"]) == (422, True)


def test_a_client_who_is_typing_the_password_is_told_of_in_words_and_then_paid(
    shop: World, sandbox: RunningSandbox
) -> None:
    client = shop.sign_in("associate")
    sandbox.control("next_codepay", outcome="USERPAYING")
    where = charge(client, sandbox, auth_code=sandbox.control("payment_code", provider="wechat")["auth_code"])

    waiting = client.get(where).content.decode()
    number = payments.payment(shop.ours.id, only(shop).id, now=datetime.now(UTC)).out_trade_no
    sandbox.control("pay", provider="wechat", out_trade_no=number)
    pay.refresh(intent_id=only(shop).id, now=datetime.now(UTC))
    after = client.post(f"{where}live/").content.decode()

    assert "typing their password" in waiting
    assert "hx-post" in waiting
    assert "The client may go" in after
    assert "hx-post" not in after


def test_a_page_whose_payment_has_not_moved_is_not_sent_again(shop: World, sandbox: RunningSandbox) -> None:
    client = shop.sign_in("associate")
    where = charge(client, sandbox, method="wechat_native")
    page = client.get(where).content.decode()
    version = page.split("live/?v=")[1][:12]

    assert client.post(f"{where}live/?v={version}").status_code == 204


def test_a_shown_code_is_paid_or_cancelled(shop: World, sandbox: RunningSandbox) -> None:
    client = shop.sign_in("associate")
    paid, off = (charge(client, sandbox, method="wechat_native", key=f"key-{n}") for n in (1, 2))
    first = min(payments.payments(shop.ours.id), key=lambda row: row.id)
    number = payments.payment(shop.ours.id, first.id, now=datetime.now(UTC)).out_trade_no

    shown = client.get(paid).content.decode()
    sandbox.control("pay", provider="wechat", out_trade_no=number)
    after = client.post(f"{paid}live/").content.decode()
    said = client.post(f"{off}cancel/", follow=True).content.decode()

    assert "<svg" in shown
    assert "The client may go" in after
    assert "nothing was taken" in said
    assert {row.state for row in payments.payments(shop.ours.id)} == {"succeeded", "canceled"}


def test_pieces_are_paid_at_a_shown_code(shop: World, sandbox: RunningSandbox) -> None:
    client = shop.sign_in("associate")
    where = charge(client, sandbox, method="alipay_qr", variant_id=shop.ours.variant, quantity=1)
    number = payments.payment(shop.ours.id, only(shop).id, now=datetime.now(UTC)).out_trade_no

    sandbox.control("pay", provider="alipay", out_trade_no=number)
    pay.refresh(intent_id=only(shop).id, now=datetime.now(UTC))
    while deliver_due(now=datetime.now(UTC)):
        pass

    page = client.get(where).content.decode()
    assert "The client may go" in page
    assert "SCARF-1" in page


def test_a_part_goes_back_at_once_and_a_large_one_waits_for_a_second_person(
    shop: World, sandbox: RunningSandbox
) -> None:
    client, boss = shop.sign_in("associate"), shop.sign_in("finance")
    where = charge(client, sandbox, amount="9000.00")

    client.post(f"{where}refund/", {"part": "part", "amount": "10", "reason": "尺寸", "key": "r1"})
    client.post(f"{where}refund/", {"part": "part", "amount": "10", "reason": "尺寸", "key": "r1"})
    assert only(shop).refunded == 1_000
    without = client.post(f"{where}refund/", {"part": "whole", "reason": " "}, follow=True).content.decode()
    assert "Say why" in without
    assert payments.refunds_to_approve(shop.ours.id) == []
    said = client.post(
        f"{where}refund/", {"part": "part", "amount": "6000", "reason": "质量", "key": "r2"}, follow=True
    ).content.decode()
    (wish,) = payments.refunds_to_approve(shop.ours.id)

    assert "second person" in said
    assert "Waits for a second person" in said
    boss.post(f"/desk/money/refunds/{wish.id}/approve/")
    assert only(shop).refunded == 601_000
    assert payments.refunds_to_approve(shop.ours.id) == []


def test_a_cashier_of_another_boutique_sees_none_of_it(shop: World, sandbox: RunningSandbox) -> None:
    open_sales_point(house_id=shop.ours.id, code="brera", district="brera")
    hire(
        house_id=shop.ours.id,
        username="brera-till",
        password=PASSWORD,
        role="associate",
        name="brera-till",
        boutique_code="brera",
    )
    where = charge(shop.sign_in("associate"), sandbox)
    code = pay.make_static_code(
        house_id=shop.ours.id,
        boutique_code="monte-napoleone",
        title="MN · 1",
        settle_currency="EUR",
        now=datetime.now(UTC),
    )
    other = shop.sign_in("brera-till")

    for path in (where, f"{where}receipt/", f"{TILL}codes/{code.code}/", f"{TILL}codes/{code.code}/poster/"):
        assert other.get(path).status_code == 404, path
    assert other.post(f"{where}refund/", {"part": "whole", "reason": "x"}).status_code == 404
    assert "¥88.00" not in other.get(f"{TILL}?boutique=monte-napoleone").content.decode()
    assert "MN · 1" not in other.get(f"{TILL}codes/").content.decode()
    charge(other, sandbox, key="key-9")
    assert len(payments.payments(shop.ours.id)) == 1


def test_a_printed_code_is_made_shown_printed_and_closed(shop: World) -> None:
    boss, seller = shop.sign_in("finance"), shop.sign_in("associate")
    form = {"boutique": "monte-napoleone", "title": "Monte Napoleone · 1", "currency": "EUR"}

    page = boss.post(f"{TILL}codes/make/", form, follow=True).content.decode()
    (code,) = payments.static_codes(shop.ours.id)
    poster = seller.get(f"{TILL}codes/{code.code}/poster/").content.decode()
    drawing = seller.get(f"{TILL}codes/{code.code}/code.svg")
    landing = Client().get(f"/pay/{code.code}")

    assert "Monte Napoleone · 1" in page
    assert "微信扫一扫付款" in poster
    assert "<svg" in poster
    assert drawing["Content-Type"] == "image/svg+xml"
    assert "请用微信扫一扫" in landing.content.decode()
    assert seller.post(f"{TILL}codes/make/", form).status_code == 403
    boss.post(f"{TILL}codes/{code.code}/close/")
    assert Client().get(f"/pay/{code.code}").status_code == 404
    assert "is closed" in seller.get(f"{TILL}codes/{code.code}/").content.decode()


def test_todays_list_has_its_totals_and_rests_while_nothing_changes(
    shop: World, sandbox: RunningSandbox
) -> None:
    client = shop.sign_in("associate")
    charge(client, sandbox)

    page = client.get(f"{TILL}today/").content.decode()
    version = page.split("v=")[1][:12]

    assert "has arrived" in page
    assert "¥88.00" in page
    assert client.get(f"{TILL}today/", {"v": version}).status_code == 204
