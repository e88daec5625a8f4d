"""The city's list of businesses comes in from a file, and every row is told."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile

from seta.guide import queries as guide
from tests.partners.conftest import CAFFE, City, form, today

HEADING = (
    "code,name,name_zh,category,address,lat,lon,opening_hours,languages,payment,payment_confirmed_on,"
    "menu_zh,hot_water,wifi,tax_free,note_zh"
)


def row(n: int, **changed: str) -> str:
    cells = {
        "code": f"shop-{n}",
        "name": f"Bottega {n}",
        "name_zh": f"小店{n}",
        "category": "shopping",
        "address": f"Via Larga {n}",
        "lat": "45.4610",
        "lon": "9.1920",
        "opening_hours": "Mo-Sa 10:00-19:00",
        "languages": "it;en",
        "payment": "card",
        "payment_confirmed_on": "2026-11-01",
        **dict.fromkeys(("menu_zh", "hot_water", "wifi", "tax_free"), "no"),
        "note_zh": "",
        **changed,
    }
    return ",".join(cells.values())


def send(city: City, text: str, choice: str = "keep") -> str:
    file = SimpleUploadedFile("list.csv", text.encode("utf-8"), content_type="text/csv")
    answer = city.staff("marketing").post("/desk/guide/partners/import/", {"file": file, "choice": choice})
    return answer.content.decode()


def test_a_hundred_businesses_come_in_and_each_row_is_told(city: City) -> None:
    before = len(guide.partners(city.id, day=today()))
    text = "\n".join([HEADING, *(row(n) for n in range(100))])

    tried = send(city, text, "try")
    after_trying = len(guide.partners(city.id, day=today()))
    kept = send(city, text)
    again = send(city, text, "try")

    assert tried.count('<span class="tag ok">new</span>') == 100 and "nothing is kept yet" in tried
    assert after_trying == before
    assert "Imported." in kept and len(guide.partners(city.id, day=today())) == before + 100
    assert again.count('<span class="tag">as before</span>') == 100


def test_a_mistake_is_told_with_its_row_and_nothing_is_kept(city: City) -> None:
    before = len(guide.partners(city.id, day=today()))

    told = send(city, "\n".join([HEADING, row(1), row(2, opening_hours="always"), row(3, lat="north")]))

    assert "correct these rows" in told
    assert '<td class="num">3</td><td>opening_hours</td>' in told
    assert '<td class="num">4</td><td>lat</td>' in told
    assert len(guide.partners(city.id, day=today())) == before


def test_the_file_says_what_it_overrules_and_leaves_what_it_has_no_column_for(city: City) -> None:
    anna = city.holder("anna@lanterna.example")
    anna.post(f"{city.url}at/{CAFFE}/", form(note_en="Kept", halal="yes"))
    city.approve_all()

    told = send(city, "\n".join([HEADING, row(1, code=CAFFE)]))

    assert "The business keeps this listing itself" in told
    card = guide.partner(city.id, CAFFE, day=today())
    assert card is not None and (card.name_it, card.note_en, card.halal) == ("Bottega 1", "Kept", True)


def test_what_is_no_such_file_is_said(city: City) -> None:
    staff = city.staff("marketing")
    picture = io.BytesIO(b"\xff\xd8\xff\xe0")

    answer = staff.post("/desk/guide/partners/import/", {"file": picture, "choice": "keep"})
    empty = staff.post("/desk/guide/partners/import/", {"choice": "keep"})

    assert answer.status_code == empty.status_code == 422
    assert "Choose a CSV file in UTF-8" in answer.content.decode()
