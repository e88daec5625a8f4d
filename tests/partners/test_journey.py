"""A business comes in by a letter, claims its listing, changes it; the city agrees and the guide shows it."""

import re
from datetime import timedelta

from django.core import mail
from django.test import Client

from seta.guide import queries as guide
from tests.partners.conftest import CAFFE, WHO, City, deliver, form, today


def test_a_business_claims_its_listing_changes_it_and_the_city_agrees(city: City) -> None:
    anna = city.partner("anna@lanterna.example")
    found = anna.get(city.url, {"q": "lanterna torino"}).content.decode()
    assert f"{city.url}claim/{CAFFE}/" in found

    claimed = anna.post(f"{city.url}claim/{CAFFE}/", WHO, follow=True)
    sent = anna.post(
        f"{city.url}at/{CAFFE}/",
        form(note_en="Free hot water all day", halal="yes", vouches="yes"),
        follow=True,
    )
    before = Client().get(f"/places/partner:{CAFFE}", {"lang": "en"}).content.decode()
    city.approve_all()
    city.approve_all()
    after = Client().get(f"/places/partner:{CAFFE}", {"lang": "en"}).content.decode()

    assert "The city will check" in claimed.content.decode()
    assert "Once the city agrees" in sent.content.decode()
    assert "Free hot water" not in before and "Halal food" not in before
    assert "Free hot water all day" in after and "Halal food" in after
    assert f"told by the business · confirmed on {today()}" in after


def test_both_answers_reach_the_business_by_letter_and_stand_on_its_page(city: City) -> None:
    anna = city.partner("anna@lanterna.example")
    anna.post(f"{city.url}claim/{CAFFE}/", WHO)
    city.approve_all()
    anna.post(f"{city.url}at/{CAFFE}/", form(note_en="Open late"))
    staff = city.staff("marketing")
    number = _only_request(staff)
    mail.outbox.clear()

    staff.post(
        f"/desk/guide/requests/{number}/decide/", {"choice": "refuse", "reason": "Write it in Italian too."}
    )
    deliver()

    letters = {letter.subject.partition(": ")[2]: letter.body for letter in mail.outbox}
    assert "Write it in Italian too." in letters["no to your request"]
    assert "Caffè della Lanterna" in letters["yes to your request"]
    page = anna.get(city.url).content.decode()
    assert "not approved" in page and "Write it in Italian too." in page


def test_a_new_business_is_listed_once_the_city_agrees_and_is_then_its_own(city: City) -> None:
    bruno = city.partner("bruno@forno.example")
    fields = {
        **form(name="Forno Aurora", name_zh="", address="Via Savona 9", position="45.4512, 9.1669"),
        **WHO,
    }

    sent = bruno.post(f"{city.url}new/", fields, follow=True)
    city.approve_all()

    assert "then your business is in the guide" in sent.content.decode()
    page = Client().get("/places/partner:forno-aurora", {"lang": "it"}).content.decode()
    assert "Forno Aurora" in page and "Via Savona 9" in page
    assert bruno.get(f"{city.url}at/forno-aurora/").status_code == 200


def test_an_offer_is_shown_until_its_last_day(city: City) -> None:
    anna = city.holder("anna@lanterna.example")
    ends = today() + timedelta(days=9)
    offer = {"offer0_it": "Cappuccino in omaggio", "offer0_from": today(), "offer0_until": ends}

    anna.post(f"{city.url}at/{CAFFE}/", form(**offer))
    city.approve_all()

    shown = guide.public_place(f"partner:{CAFFE}", day=ends, language="en")
    over = guide.public_place(f"partner:{CAFFE}", day=ends + timedelta(days=1), language="en")
    assert shown is not None and [each.text for each in shown.offers] == ["Cappuccino in omaggio"]
    assert over is not None and over.offers == ()


def test_sending_again_replaces_what_waits_and_the_city_answers_one_request(city: City) -> None:
    anna = city.holder("anna@lanterna.example")
    anna.post(f"{city.url}at/{CAFFE}/", form(note_en="One"))
    first = _only_request(city.staff("marketing"))

    anna.post(f"{city.url}at/{CAFFE}/", form(note_en="Two"))
    staff = city.staff("marketing")
    late = staff.post(f"/desk/guide/requests/{first}/decide/", {"choice": "approve"}, follow=True)

    assert "withdrawn or replaced" in late.content.decode()
    assert _only_request(staff) != first
    assert "Two" in anna.get(f"{city.url}at/{CAFFE}/").content.decode()


def _only_request(staff: Client) -> str:
    found = re.findall(
        r"/desk/guide/requests/(\d+)/decide/", staff.get("/desk/guide/requests/").content.decode()
    )
    assert len(found) == 1, found
    return str(found[0])
