"""Who comes in, who does not, and what nobody may write into the guide."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from PIL import Image
from pytest_django import Settings

from seta.guide import operations as guide_operations
from seta.guide import queries as guide
from seta.guide.operations import note_scan
from seta.partners import links, operations
from seta.partners.models import EntryLink, Proposal, Seat
from seta.partners.rules.refusals import PartnerRefused, Refusal
from seta.people.operations import open_session, recognise
from seta.people.rules import IdentityKey
from tests.conversations.world import make_house
from tests.partners.conftest import CAFFE, NEVE, WHO, City, form, today

ANNA, BRUNO = "anna@lanterna.example", "bruno@neve.example"


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """Photos go to a folder of this test's own."""
    settings.VAR_DIR = tmp_path
    yield tmp_path


def jpeg(*, width: int = 900, exif: bool = False) -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", (width, 600), "#886644")
    data = Image.Exif()
    if exif:
        data.get_ifd(0x8825)[2] = (45.0, 27.0, 50.0)
        data[0x010F] = "PhoneMaker"
    picture.save(out, "JPEG", exif=data)
    return out.getvalue()


def upload(client: Client, city: City, data: bytes, name: str = "photo.jpg", **more: Any) -> str:
    sent = io.BytesIO(data)
    sent.name = name
    answer = client.post(
        f"{city.url}at/{CAFFE}/photos/", {"photo": sent, "alt": "Il banco"}, follow=True, **more
    )
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_maison_has_no_pages_for_businesses_and_an_unknown_house_neither(city: City) -> None:
    make_house(code="only-silk")

    assert Client().get("/partners/only-silk/").status_code == 404
    assert Client().get("/partners/nobody/").status_code == 404


@pytest.mark.parametrize(
    ("language", "words"),
    [("it", "Mandatemi un link"), ("en", "Send me a link"), ("zh-hans", "发送登录链接")],
)
def test_the_door_speaks_three_languages_and_runs_nothing_foreign(
    city: City, language: str, words: str
) -> None:
    answer = Client().get(city.url, headers={"accept-language": language})

    assert words in answer.content.decode()
    assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_known_and_unknown_addresses_get_the_same_page_and_both_a_letter(city: City) -> None:
    city.partner(ANNA)
    mail.outbox.clear()

    pages = [Client().post(f"{city.url}link/", {"email": email}).content for email in (ANNA, "new@x.example")]

    assert _without_tokens(pages[0]) == _without_tokens(pages[1])
    assert [letter.to for letter in mail.outbox] == [[ANNA], ["new@x.example"]]


def test_an_address_gets_three_letters_an_hour_and_the_page_does_not_tell(city: City) -> None:
    pages = [Client().post(f"{city.url}link/", {"email": ANNA}) for _ in range(links.PER_ADDRESS_MAX + 1)]

    assert len(mail.outbox) == links.PER_ADDRESS_MAX
    assert _without_tokens(pages[0].content) == _without_tokens(pages[-1].content)


def test_one_sender_cannot_have_letters_sent_without_end(city: City) -> None:
    answers = [
        Client().post(f"{city.url}link/", {"email": f"n{n}@x.example"}, headers={"accept-language": "en"})
        for n in range(links.PER_SENDER_MAX + 1)
    ]

    assert answers[-1].status_code == 429 and "Wait an hour" in answers[-1].content.decode()
    assert len(mail.outbox) == links.PER_SENDER_MAX


@pytest.mark.parametrize("email", ["", "anna", "anna@", "a@b\nBcc: all@x.example", "a" * 200 + "@x.example"])
def test_what_is_no_address_is_said_so(city: City, email: str) -> None:
    answer = Client().post(f"{city.url}link/", {"email": email}, headers={"accept-language": "en"})

    assert answer.status_code == 422 and "whole e-mail address" in answer.content.decode()
    assert mail.outbox == []


def test_looking_at_a_link_does_not_use_it_up_and_entering_does(city: City) -> None:
    link = city.link(ANNA)

    looked = [Client().get(link) for _ in range(2)]
    entered = Client().post(link)
    again = Client().post(link, headers={"accept-language": "en"})

    assert [answer.status_code for answer in looked] == [200, 200]
    assert looked[0]["Referrer-Policy"] == "same-origin"
    assert entered.status_code == 302
    assert again.status_code == 403 and "used already" in again.content.decode()


def test_a_forged_link_and_one_of_another_house_open_nothing(city: City) -> None:
    link = city.link(ANNA)
    token = link.rstrip("/").rpartition("/")[2]
    other_id, _ = make_house(code="altrove")
    now = datetime.now(UTC)

    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    forged = Client().post(f"{city.url}enter/{changed}/")

    assert forged.status_code == 403
    with pytest.raises(PartnerRefused) as refused:
        operations.enter(house_id=other_id, token=token, now=now)
    assert refused.value.refusal is Refusal.BAD_LINK


def test_a_link_is_good_for_half_an_hour(city: City) -> None:
    token = city.link(ANNA).rstrip("/").rpartition("/")[2]
    sent_at = EntryLink.objects.get(email=ANNA).sent_at

    with pytest.raises(PartnerRefused) as refused:
        operations.enter(house_id=city.id, token=token, now=sent_at + links.LIFE)

    assert refused.value.refusal is Refusal.OLD_LINK
    assert operations.check_link(house_id=city.id, token=token, now=sent_at + links.LIFE / 2) == ANNA


def test_links_are_forgotten_once_they_count_towards_nothing(city: City) -> None:
    city.link(ANNA)
    sent_at = EntryLink.objects.get(email=ANNA).sent_at

    kept = operations.forget_links(sent_at + links.WINDOW)
    gone = operations.forget_links(sent_at + links.LIFE + links.WINDOW + timedelta(seconds=1))

    assert (kept, gone) == (0, 1)


def test_going_out_closes_every_page(city: City) -> None:
    anna = city.holder(ANNA)

    anna.post(f"{city.url}leave/")

    for path in ("new/", f"at/{CAFFE}/", f"claim/{NEVE}/", f"at/{CAFFE}/poster.pdf"):
        answer = anna.get(f"{city.url}{path}")
        assert (answer.status_code, answer["Location"]) == (302, city.url), path


def test_nobody_touches_anothers_listing_or_requests(city: City, folder: Path) -> None:
    anna, bruno = city.holder(ANNA), city.partner(BRUNO)
    anna.post(f"{city.url}at/{CAFFE}/", form(note_en="Mine"))
    mine = Proposal.objects.get(kind="change")

    for path in (f"at/{CAFFE}/", f"at/{CAFFE}/poster.pdf"):
        assert bruno.get(f"{city.url}{path}").status_code == 404, path
    assert bruno.post(f"{city.url}at/{CAFFE}/", form(note_en="Yours")).status_code == 404
    photo = {"photo": io.BytesIO(jpeg())}
    assert bruno.post(f"{city.url}at/{CAFFE}/photos/", photo).status_code == 404
    told = bruno.post(f"{city.url}requests/{mine.pk}/withdraw/", follow=True).content.decode()

    mine.refresh_from_db()
    assert "no such request" in told and mine.state == "waiting"
    with pytest.raises(PartnerRefused) as refused:
        operations.propose_photos(
            house_id=city.id,
            account_id=city.account(BRUNO),
            listing=CAFFE,
            photos=[],
            now=datetime.now(UTC),
        )
    assert refused.value.refusal is Refusal.NOT_YOURS


def test_a_refused_claim_takes_its_changes_along_and_gives_no_rights(city: City) -> None:
    anna = city.partner(ANNA)
    anna.post(f"{city.url}claim/{CAFFE}/", WHO)
    anna.post(f"{city.url}at/{CAFFE}/", form(note_en="Too early"))
    asked, change = Proposal.objects.order_by("id")
    staff = city.staff("marketing")

    early = staff.post(f"/desk/guide/requests/{change.pk}/decide/", {"choice": "approve"}, follow=True)
    silent = staff.post(f"/desk/guide/requests/{asked.pk}/decide/", {"choice": "refuse"}, follow=True)
    refused = {"choice": "refuse", "reason": "Nobody answered the telephone."}
    staff.post(f"/desk/guide/requests/{asked.pk}/decide/", refused)

    assert "Answer their claim first" in early.content.decode()
    assert "Say why" in silent.content.decode()
    assert list(Proposal.objects.order_by("id").values_list("state", flat=True)) == ["refused", "refused"]
    assert not Seat.objects.exists()
    assert anna.get(f"{city.url}at/{CAFFE}/").status_code == 404


def test_the_city_ends_that_somebody_speaks_for_a_business(city: City) -> None:
    anna = city.holder(ANNA)
    anna.post(f"{city.url}at/{CAFFE}/", form(note_en="Still asked"))
    seat, staff = Seat.objects.get(), city.staff("marketing")
    address = f"/desk/guide/seats/{seat.pk}/end/"

    silent = staff.post(address, {"reason": " "}, follow=True)
    others = city.staff("finance").post(address, {"reason": "x"})
    ended = staff.post(address, {"reason": "The shop was sold."}, follow=True)

    assert "Say why" in silent.content.decode() and others.status_code == 403
    assert "no longer" in ended.content.decode()
    assert anna.get(f"{city.url}at/{CAFFE}/").status_code == 404
    change = Proposal.objects.get(kind="change")
    assert (change.state, change.reason) == ("refused", "The shop was sold.")
    assert guide.partner(city.id, CAFFE, day=today()) is not None


def test_only_marketing_answers_and_only_its_own_house(city: City) -> None:
    city.partner(ANNA).post(f"{city.url}claim/{CAFFE}/", WHO)
    asked = Proposal.objects.get()
    other_id, _ = make_house(code="altrove")

    finance = city.staff("finance").post(f"/desk/guide/requests/{asked.pk}/decide/", {"choice": "approve"})

    assert finance.status_code == 403
    with pytest.raises(PartnerRefused) as refused:
        operations.decide(
            house_id=other_id, user_id=1, proposal_id=asked.pk, approve=True, now=datetime.now(UTC)
        )
    assert refused.value.refusal is Refusal.NO_SUCH_PROPOSAL
    asked.refresh_from_db()
    assert asked.state == "waiting"


def test_the_reviewer_is_told_when_the_guide_has_changed_since(city: City) -> None:
    anna = city.holder(ANNA)
    anna.post(f"{city.url}at/{CAFFE}/", form(note_en="From us"))
    guide_operations.change_listing(
        house_id=city.id,
        code=CAFFE,
        changes={"note_en": "From the city"},
        confirmed={},
        now=datetime.now(UTC),
    )

    page = city.staff("marketing").get("/desk/guide/requests/").content.decode()

    assert "From the city" in page and "From us" in page
    assert "changed in the guide since they asked" in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "🦐🦐🦐", "not only emoji"),
        ("name", "", "Fill this in"),
        ("note_en", "<script>alert(1)</script>", "no code"),
        ("note_zh", '<a href="https://evil.example">点我</a>', "no code"),
        ("note_it", "[gratis](javascript:alert(1))", "no code"),
        ("note_en", "see www.evil.example", "no links"),
        ("offer0_zh", "转发朋友圈即可领取优惠券", "WeChat forbids"),
        ("position", "0.0, 0.0", "near the city"),
        ("position", "39.9042, 116.4074", "near the city"),
        ("category", "casino", "Choose from the list"),
        ("d0_opens0", "25:99", "cannot be read"),
        ("d0_closes0", "", "cannot be read"),
    ],
)
def test_what_cannot_be_shown_is_said_at_its_field_and_nothing_is_lost(
    city: City, field: str, value: str, words: str
) -> None:
    anna = city.holder(ANNA)

    answer = anna.post(f"{city.url}at/{CAFFE}/", form(note_it="Resta qui") | {field: value})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert words in page and "nothing you wrote is lost" in page
    assert field == "note_it" or "Resta qui" in page
    assert not Proposal.objects.filter(kind="change").exists()


def test_a_place_that_is_never_open_is_refused_with_a_sentence(city: City) -> None:
    anna = city.holder(ANNA)
    closed = {f"d{day}_{edge}0": "" for day in range(7) for edge in ("opens", "closes")}

    answer = anna.post(f"{city.url}at/{CAFFE}/", form(**closed))

    assert answer.status_code == 422 and "never open" in answer.content.decode()


def test_sending_what_the_guide_says_already_asks_for_nothing(city: City) -> None:
    anna = city.holder(ANNA)

    answer = anna.post(f"{city.url}at/{CAFFE}/", form())

    assert answer.status_code == 422 and "Nothing was changed" in answer.content.decode()


def test_the_week_is_shown_while_it_is_typed(city: City) -> None:
    week = {key: value for key, value in form().items() if key.startswith("d")}

    shown = Client().get(f"{city.url}hours/", week).content.decode()
    wrong = Client().get(
        f"{city.url}hours/", week | {"d0_closes0": "07:00"}, headers={"accept-language": "en"}
    )

    assert shown.count("07:30-20:00") == 7
    assert "cannot be read" in wrong.content.decode()


def test_a_photo_loses_where_it_was_taken_and_is_shown_when_the_city_agrees(city: City, folder: Path) -> None:
    anna = city.holder(ANNA)

    upload(anna, city, jpeg(exif=True))
    city.approve_all()

    card = guide.partner(city.id, CAFFE, day=today())
    assert card is not None
    kept = Client().get(f"/places/photos/{card.photos[0]['sha256']}.jpg")
    assert kept["Content-Type"] == "image/jpeg"
    assert dict(Image.open(io.BytesIO(kept.content)).getexif()) == {}
    assert b"PhoneMaker" not in kept.content
    assert 'alt="Il banco"' in Client().get(f"/places/partner:{CAFFE}", {"lang": "it"}).content.decode()
    (photo,) = in_mini_program(city)["photos"]
    assert (photo["src"], photo["alt"]) == (f"/places/photos/{card.photos[0]['sha256']}.jpg", "Il banco")


def test_an_offer_is_in_the_mini_program_with_its_days(city: City) -> None:
    begins, ends = today() - timedelta(days=1), today() + timedelta(days=9)
    anna = city.holder(ANNA)
    anna.post(
        f"{city.url}at/{CAFFE}/",
        form(offer0_it="Cappuccino in omaggio", offer0_from=begins, offer0_until=ends),
    )
    city.approve_all()

    (offer,) = in_mini_program(city)["offers"]

    assert offer == {"text": "Cappuccino in omaggio", "begins": str(begins), "ends": str(ends)}


def in_mini_program(city: City) -> dict[str, Any]:
    """The café's page as an Italian client's mini program reads it."""
    client = recognise(
        house_id=city.id, identities=[IdentityKey("openid", "wx-mini", "o-reader")], now=datetime.now(UTC)
    )
    token = open_session(house_id=city.id, person_id=client, now=datetime.now(UTC))
    said = {"authorization": f"Bearer {token}", "accept-language": "it"}
    answer: dict[str, Any] = Client(headers=said).get(f"/api/mp/v1/guide/places/partner:{CAFFE}").json()
    return answer


def test_a_photo_is_removed_like_any_other_change(city: City, folder: Path) -> None:
    anna = city.holder(ANNA)
    upload(anna, city, jpeg())
    city.approve_all()
    card = guide.partner(city.id, CAFFE, day=today())
    assert card is not None

    anna.post(f"{city.url}at/{CAFFE}/photos/{card.photos[0]['sha256']}/remove/")
    city.approve_all()

    after = guide.partner(city.id, CAFFE, day=today())
    assert after is not None and after.photos == ()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "logo.svg"),
        (b"%PDF-1.7", "menu.jpg"),
        (jpeg(width=200), "small.jpg"),
        (b"", "nothing.jpg"),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(
    city: City, folder: Path, data: bytes, name: str
) -> None:
    anna = city.holder(ANNA)

    told = upload(anna, city, data, name)

    assert "A photo has to be a JPEG, PNG or WebP" in told
    assert not Proposal.objects.filter(kind="change").exists()


def test_a_photo_of_fifty_megabytes_is_refused_before_any_of_it_is_read(city: City) -> None:
    anna = city.holder(ANNA)

    answer = anna.generic(
        "POST",
        f"{city.url}at/{CAFFE}/photos/",
        b"never looked at",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH="50000000",
    )

    assert answer.status_code == 413
    assert "at most 8 MB" in answer.content.decode()


def test_a_photo_without_the_forms_token_is_refused(city: City) -> None:
    anna = city.holder(ANNA)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = anna.cookies

    answer = strict.post(f"{city.url}at/{CAFFE}/photos/", {"photo": io.BytesIO(jpeg())})

    assert answer.status_code == 403


def test_the_poster_is_a_page_of_pdf_that_leads_to_the_business(city: City) -> None:
    anna = city.holder(ANNA)

    made = anna.get(f"{city.url}at/{CAFFE}/poster.pdf")
    again = anna.get(f"{city.url}at/{CAFFE}/poster.pdf")

    assert made["Content-Type"] == "application/pdf" and made.content.startswith(b"%PDF-")
    assert made.content == again.content
    # The print leads there, and the scan is counted for this business alone.
    from_print = f"/places/partner:{CAFFE}?scene=p%3D{CAFFE}"
    assert Client().get(from_print).status_code == 200


def test_a_business_sees_how_often_its_own_poster_was_scanned(city: City) -> None:
    anna = city.holder(ANNA)
    for _ in range(5):
        Client().get(f"/places/partner:{CAFFE}", {"scene": f"p={CAFFE}"})
    for _ in range(9):
        note_scan(house_id=city.id, place=f"partner:{NEVE}", now=datetime.now(UTC))
    Client().get(f"/places/partner:{CAFFE}", {"scene": f"p={NEVE}"})

    page = anna.get(f"{city.url}at/{CAFFE}/").content.decode()
    Client().get(f"/places/partner:{NEVE}", {"scene": f"p={NEVE}"})
    bruno = city.holder(BRUNO, NEVE)
    theirs = bruno.get(f"{city.url}at/{NEVE}/").content.decode()

    assert "<dt>Scans of your poster</dt><dd>5</dd>" in page
    assert "<dt>Scans of your poster</dt><dd>10</dd>" in theirs
    assert "<dd>fewer than 5</dd>" not in page


def test_a_figure_that_could_be_one_guest_is_not_told(city: City) -> None:
    anna = city.holder(ANNA)
    Client().get(f"/places/partner:{CAFFE}", {"scene": f"p={CAFFE}"})

    page = anna.get(f"{city.url}at/{CAFFE}/").content.decode()

    assert "<dt>Scans of your poster</dt><dd>fewer than 5</dd>" in page


def _without_tokens(page: bytes) -> str:
    """A page without the forms' tokens, which differ each time."""
    text = page.decode()
    while "csrfmiddlewaretoken" in text:
        start = text.index('<input type="hidden" name="csrfmiddlewaretoken"')
        text = text[:start] + text[text.index(">", start) + 1 :]
    return text


def test_who_closes_their_account_is_forgotten_and_their_business_stays(city: City) -> None:
    client = city.holder(ANNA)
    account_id = city.account(ANNA)
    other_browser = city.partner(ANNA)
    client.post(f"{city.url}claim/{NEVE}/", WHO)

    ignored = client.post(f"{city.url}close/", follow=True, headers={"accept-language": "en"})
    closed = client.post(f"{city.url}close/", {"sure": "1"}, follow=True, headers={"accept-language": "en"})

    assert ANNA in ignored.content.decode()
    assert "The account is closed." in closed.content.decode() and ANNA not in closed.content.decode()
    assert ANNA not in other_browser.get(city.url).content.decode()
    kept = Proposal.objects.filter(account_id=account_id)
    assert kept.exists() and all(each.claim == {} for each in kept)
    assert not kept.filter(state="waiting").exists()
    assert not Seat.objects.filter(account_id=account_id).exists()
    assert not EntryLink.objects.filter(email=ANNA).exists()
    listed = guide.partners(city.id, day=today(), language="en")
    assert f"partner:{CAFFE}" in {card.code for card in listed}

    city.partner(ANNA)
    assert city.account(ANNA) != account_id
