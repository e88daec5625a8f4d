"""A business asks to be paid through WeChat Pay, on its own pages."""

import io

import pytest
from django.core import mail
from django.test import Client
from PIL import Image

from seta.partners.models import PaymentDocument, PaymentRequest
from tests.partners.conftest import CAFFE, City, deliver

ANNA, BRUNO = "anna@lanterna.example", "bruno@neve.example"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
FORM = {
    "legal_name": "Lanterna S.r.l.",
    "legal_form": "company",
    "category": "5814",
    "vat": "07643520567",
    "address": "Via Torino 18, 20123 Milano",
    "iban": "IT60 X054 2811 1010 0000 0123 456",
    "holder": "Lanterna S.r.l.",
    "contact": "Anna Rossi",
    "email": ANNA,
    "phone": "+39 02 123456",
    "website": "",
    "ticket": "12",
}


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "#886644").save(out, "PNG")
    return out.getvalue()


def give(client: Client, city: City, kind: str, data: bytes) -> str:
    sent = io.BytesIO(data)
    sent.name = "paper"
    answer = client.post(f"{page_of(city)}{kind}/", {"file": sent}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def page_of(city: City) -> str:
    return f"{city.url}at/{CAFFE}/payments/"


def asked(city: City) -> Client:
    """A business that has handed the city everything."""
    client = city.holder(ANNA)
    assert client.post(page_of(city), FORM).status_code == 302
    for kind, data in (("register", PDF), ("identity", png()), ("bank", PDF)):
        give(client, city, kind, data)
    assert client.post(f"{page_of(city)}ask/").status_code == 302
    return client


def test_a_business_fills_in_the_form_gives_three_papers_and_asks(city: City) -> None:
    client = city.holder(ANNA)

    empty = client.get(page_of(city)).content.decode()
    client.post(page_of(city), FORM)
    half = client.get(page_of(city)).content.decode()
    for kind, data in (("register", PDF), ("identity", png()), ("bank", PDF)):
        assert "kept, sealed" in give(client, city, kind, data)
    done = client.post(f"{page_of(city)}ask/", follow=True).content.decode()
    deliver()

    assert f'value="{ANNA}"' in empty
    assert "Still missing: Company register extract" in half
    assert "with the city" in done and "Restaurants" not in done and "Fast food, cafés (5814)" in done
    assert mail.outbox[-1].to == [ANNA] and "is checking it" in str(mail.outbox[-1].body)
    assert PaymentRequest.objects.get().state == "asked"


def test_nothing_of_it_lies_in_the_open(city: City) -> None:
    asked(city)

    row = PaymentRequest.objects.get()
    kept = b"".join(bytes(each.sealed) for each in PaymentDocument.objects.all())

    assert b"Lanterna" not in bytes(row.sealed) and b"IT60" not in bytes(row.sealed)
    assert b"%PDF" not in kept and b"PNG" not in kept


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("vat", "07643520568", "The check digit fails"),
        ("iban", "IT61X0542811101000000123456", "The check digits fail"),
        ("website", "javascript:alert(1)", "Write the whole address"),
        ("ticket", "-1", "Write whole euros"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_kept(
    city: City, field: str, text: str, told: str
) -> None:
    client = city.holder(ANNA)

    answer = client.post(page_of(city), {**FORM, field: text})

    assert answer.status_code == 422 and told in answer.content.decode()
    assert "Lanterna S.r.l." in answer.content.decode()
    assert not PaymentRequest.objects.exists()


def test_a_nul_is_turned_away(city: City) -> None:
    client = city.holder(ANNA)

    assert client.post(page_of(city), {**FORM, "holder": "a\x00b"}).status_code == 400
    assert not PaymentRequest.objects.exists()


@pytest.mark.parametrize("data", [SVG, b"", b"%PDF-1.7 cut", b"\x89PNG\r\n\x1a\nnot a picture", b"MZ\x90"])
def test_what_is_no_pdf_jpeg_or_png_by_its_content_is_refused(city: City, data: bytes) -> None:
    client = city.holder(ANNA)

    told = give(client, city, "register", data)

    assert "has to be a PDF, JPEG or PNG" in told
    assert not PaymentDocument.objects.exists()


def test_fifty_megabytes_are_refused_by_their_length_alone(city: City) -> None:
    client = city.holder(ANNA)

    told = client.post(
        f"{page_of(city)}register/",
        data=b"",
        content_type="multipart/form-data; boundary=x",
        headers={"content-length": "50000000"},
    )

    assert told.status_code == 413 and "at most 8 MB" in told.content.decode()


def test_one_byte_too_many_is_refused(city: City) -> None:
    client = city.holder(ANNA)

    assert "at most 8 MB" in give(client, city, "bank", b"%PDF-1.7" + bytes(8_000_000) + b"%%EOF")
    assert not PaymentDocument.objects.exists()


def test_a_paper_of_no_known_kind_is_refused(city: City) -> None:
    client = city.holder(ANNA)

    give(client, city, "passport", PDF)

    assert not PaymentDocument.objects.exists()


def test_nobody_else_sees_or_touches_a_business_s_request(city: City) -> None:
    asked(city)
    stranger = city.partner(BRUNO)

    answers = [
        stranger.get(page_of(city)),
        stranger.post(page_of(city), FORM),
        stranger.post(f"{page_of(city)}ask/"),
        stranger.post(f"{page_of(city)}withdraw/", {"sure": "yes"}),
        stranger.post(f"{page_of(city)}bank/delete/"),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert Client().get(page_of(city)).status_code == 302
    assert PaymentRequest.objects.get().state == "asked" and PaymentDocument.objects.count() == 3


def test_a_second_person_of_the_same_business_cannot_ask_beside_the_first(city: City) -> None:
    asked(city)
    other = city.holder(BRUNO)

    page = other.get(page_of(city)).content.decode()
    answer = other.post(page_of(city), FORM)

    assert "Lanterna S.r.l." not in page
    assert answer.status_code == 422 and "a request for this business already" in answer.content.decode()


def test_an_unfinished_request_cannot_be_asked(city: City) -> None:
    client = city.holder(ANNA)
    client.post(page_of(city), {**FORM, "iban": ""})
    give(client, city, "register", PDF)

    told = client.post(f"{page_of(city)}ask/", follow=True).content.decode()

    assert "Not finished" in told and "Still missing: IBAN" in told
    assert PaymentRequest.objects.get().state == "draft"


def test_what_was_asked_can_no_longer_be_changed_by_the_business(city: City) -> None:
    client = asked(city)

    answer = client.post(page_of(city), {**FORM, "holder": "Somebody Else"})
    told = give(client, city, "bank", PDF)

    assert answer.status_code == 422 and "has moved on" in answer.content.decode() and "has moved on" in told


def test_withdrawing_deletes_every_paper_and_every_word_at_once(city: City) -> None:
    client = asked(city)

    kept = client.post(f"{page_of(city)}withdraw/")
    assert kept.status_code == 302 and PaymentDocument.objects.count() == 3
    told = client.post(f"{page_of(city)}withdraw/", {"sure": "yes"}, follow=True).content.decode()

    assert "everything is deleted" in told and "Lanterna S.r.l." not in told
    assert not PaymentDocument.objects.exists()
    assert client.post(page_of(city), FORM).status_code == 302


@pytest.mark.parametrize(
    ("language", "words"),
    [("it", "Sede legale"), ("en", "Registered address"), ("zh-hans", "注册地址")],
)
def test_the_page_speaks_three_languages(city: City, language: str, words: str) -> None:
    client = city.holder(ANNA)
    client.cookies["django_language"] = language

    assert words in client.get(page_of(city)).content.decode()
