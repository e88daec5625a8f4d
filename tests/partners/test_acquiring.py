"""The city checks requests for payments, hands them to the acquirer and enters its answer."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from seta.guide import queries as guide
from seta.houses.operations import hire
from seta.oversight.models import AuditEvent
from seta.partners import operations
from seta.partners.models import PaymentDocument, PaymentRequest
from seta.partners.rules.onboarding import KEPT_DAYS
from tests.conversations.world import make_house
from tests.partners.conftest import CAFFE, PASSWORD, City, deliver, today
from tests.partners.test_onboarding import ANNA, FORM, PDF, asked, give, page_of, png

OTHER_IBAN = "DE89370400440532013000"


def desk(city: City, role: str = "marketing") -> tuple[Client, str]:
    """A member's browser, and the address of the only request."""
    return city.staff(role), f"/desk/guide/payments/{PaymentRequest.objects.get().pk}/"


def told(client: Client, url: str, sent: dict[str, str]) -> str:
    answer = client.post(url, sent, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def state() -> str:
    return str(PaymentRequest.objects.get().state)


def approval(**changed: str) -> dict[str, str]:
    return {"sub_mchid": "1900000109", "accepts_from": today().isoformat(), **changed}


def test_the_city_checks_hands_over_once_and_the_guide_follows_the_acquirers_yes(city: City) -> None:
    business = asked(city)
    client, url = desk(city)

    listed = client.get("/desk/guide/payments/").content.decode()
    page = client.get(url).content.decode()
    packed = client.post(f"{url}send/")
    again = told(client, f"{url}send/", {})
    with zipfile.ZipFile(io.BytesIO(packed.content)) as opened:
        names, said = sorted(opened.namelist()), json.loads(opened.read("request.json"))
        kept = opened.read(next(name for name in names if name.startswith("identity")))
    done = told(client, f"{url}approve/", approval())
    deliver()

    assert "Lanterna S.r.l." not in listed and "Lanterna S.r.l." in page
    assert packed["Content-Type"] == "application/zip" and len(names) == 4 and kept == png()
    assert (said["iban"], said["category"]) == ("IT60X0542811101000000123456", "5814")
    assert "has moved on" in again and "The guide shows WeChat Pay as confirmed today" in done
    card = guide.partner(city.id, CAFFE, day=today())
    assert card is not None and card.payment["wechatpay"] == today().isoformat()
    assert "wechatpay" not in card.confirmed
    assert not PaymentDocument.objects.exists()
    assert "1900000109" in business.get(page_of(city)).content.decode()
    assert [letter.to for letter in mail.outbox[-3:]] == [[ANNA]] * 3
    assert "The acquirer agreed" in str(mail.outbox[-1].body)


def test_more_is_asked_for_and_the_business_answers(city: City) -> None:
    business = asked(city)
    client, url = desk(city)

    silent = told(client, f"{url}answer/", {"choice": "more", "reason": " "})
    told(client, f"{url}answer/", {"choice": "more", "reason": "The visura is older than six months"})
    page = business.get(page_of(city)).content.decode()
    give(business, city, "register", PDF)
    business.post(page_of(city), {**FORM, "ticket": "15"})
    business.post(f"{page_of(city)}ask/")

    assert "Say why" in silent
    assert "The visura is older than six months" in page
    assert state() == "asked"


def test_a_refusal_deletes_papers_and_words_and_says_why(city: City) -> None:
    business = asked(city)
    client, url = desk(city)

    told(client, f"{url}answer/", {"choice": "refuse", "reason": "Not a business of this city"})
    page = client.get(url).content.decode()

    assert state() == "refused" and not PaymentDocument.objects.exists()
    assert "Lanterna S.r.l." not in page
    again = business.get(page_of(city)).content.decode()
    assert "Not a business of this city" in again and "You can ask anew" in again


def test_a_document_opens_only_with_a_reason_which_stays_in_the_log(city: City) -> None:
    asked(city)
    client, url = desk(city)

    silent = told(client, f"{url}papers/identity/", {"reason": ""})
    opened = client.post(f"{url}papers/identity/", {"reason": "Compare the name"})
    page = client.get(url).content.decode()

    assert "Say why" in silent
    assert (opened["Content-Type"], opened.content) == ("image/png", png())
    assert opened["Content-Disposition"].startswith("attachment") and opened["Cache-Control"] == "no-store"
    assert "identity: Compare the name" in page
    log = AuditEvent.objects.get(house_id=city.id, kind="partner.opened")
    assert "Compare the name" in log.body


def test_whoever_changed_the_bank_details_may_not_enter_the_approval(city: City) -> None:
    asked(city)
    client, url = desk(city)
    hire(house_id=city.id, username="city-second", password=PASSWORD, role="marketing", name="second")
    second = city.staff("second")

    bank = {"iban": OTHER_IBAN, "holder": "Lanterna S.r.l.", "reason": "Told by telephone"}
    bad = told(client, f"{url}bank/", {**bank, "iban": "DE88370400440532013000"})
    told(client, f"{url}bank/", bank)
    client.post(f"{url}send/")
    own = told(client, f"{url}approve/", approval())

    assert "check digits fail" in bad
    assert "a colleague has to enter the approval" in own and state() == "sent"
    told(second, f"{url}approve/", approval())
    assert state() == "approved"
    assert OTHER_IBAN in second.get(url).content.decode()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"sub_mchid": "12"}, "8 to 32 digits"),
        ({"sub_mchid": "１２３４５６７８"}, "8 to 32 digits"),
        ({"accepts_from": ""}, "not after today"),
        ({"accepts_from": "2999-01-01"}, "not after today"),
        ({"accepts_from": "1999-01-01"}, "not before the request"),
    ],
)
def test_an_approval_needs_the_acquirers_number_and_a_day_that_has_come(
    city: City, changed: dict[str, str], words: str
) -> None:
    asked(city)
    client, url = desk(city)
    client.post(f"{url}send/")

    assert words in told(client, f"{url}approve/", approval(**changed))
    assert state() == "sent"


def test_nothing_is_approved_before_it_was_handed_over(city: City) -> None:
    asked(city)
    client, url = desk(city)

    assert "has moved on" in told(client, f"{url}approve/", approval())
    assert state() == "asked"


def test_a_nul_and_another_house_reach_nothing(city: City) -> None:
    asked(city)
    client, url = desk(city)
    other_id, _ = make_house(code="altra-citta")
    hire(house_id=other_id, username="city-elsewhere", password=PASSWORD, role="marketing", name="elsewhere")
    elsewhere = city.staff("elsewhere")

    assert client.post(f"{url}answer/", {"choice": "refuse", "reason": "a\x00"}).status_code == 400
    assert elsewhere.get(url).status_code == 404
    assert "no such request" in told_at_home(elsewhere, f"{url}papers/bank/", {"reason": "Curious"})
    elsewhere.post(f"{url}send/")
    assert state() == "asked"


def told_at_home(client: Client, url: str, sent: dict[str, str]) -> str:
    """What the next page says after a form whose own page is not this house's."""
    client.post(url, sent)
    return client.get("/desk/").content.decode()


def test_who_is_not_in_charge_sees_no_bank_details(city: City) -> None:
    asked(city)
    client, url = desk(city, "associate")

    assert "IT60X0542811101000000123456" not in client.get(url).content.decode()
    assert client.post(f"{url}papers/bank/", {"reason": "Curious"}).status_code == 403


def test_a_draft_is_nobodys_but_the_business_s(city: City) -> None:
    business = city.holder(ANNA)
    business.post(page_of(city), FORM)
    client, url = desk(city)

    assert client.get(url).status_code == 404
    assert "Caffè della Lanterna" not in client.get("/desk/guide/payments/").content.decode()


def test_papers_that_nobody_decides_on_are_deleted_after_ninety_days(city: City) -> None:
    asked(city)
    client, url = desk(city)
    late = datetime.now(UTC) + timedelta(days=KEPT_DAYS, minutes=1)

    assert operations.forget_documents(late - timedelta(days=1)) == 0
    assert operations.forget_documents(late) == 3
    assert "was deleted" in told(client, f"{url}send/", {}) and state() == "asked"


def test_requests_are_sealed_anew_when_the_key_changes(city: City) -> None:
    asked(city)
    user = User.objects.get(username="city-marketing").pk
    found = operations.reseal_payments(now=datetime.now(UTC))

    opened = operations.open_paper(
        house_id=city.id,
        user_id=user,
        request_id=PaymentRequest.objects.get().pk,
        kind="identity",
        reason="Check",
        now=datetime.now(UTC),
    )

    assert found.resealed + found.current == 1 and opened.data == png()
