"""A business of the city in Debian's Chromium: it claims its listing, changes it, the city agrees, the guide shows it.

The pictures go to var/screenshots as partners-<page>-<width>-<language>.png; SETA_SCREENSHOTS keeps them elsewhere.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk_page import at_the_desk, leave_picture, leave_pictures, wider_than_the_window
from tests.browser.phone_page import NARROW, WAIT_MS, WIDE
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EMAIL = "neve@gelateria.example"
LISTING = "gelateria-neve"
_LINK = re.compile(rb"http://[^/\s]+/partners/milano/enter/\S+")


@contextmanager
def visitor(browser: Browser, seta: RunningSeta) -> Iterator[Page]:
    """Somebody without an account, reading English; a script error fails the test at the end."""
    context = browser.new_context(viewport={"width": WIDE[0], "height": WIDE[1]})
    context.set_default_timeout(WAIT_MS)
    context.add_cookies([{"name": "django_language", "value": "en", "url": seta.base_url}])
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    try:
        yield page
        assert troubles == []
    finally:
        context.close()


def letter(seta: RunningSeta) -> str:
    """The link of the newest letter in the outbox."""
    found = [link for file in sorted(outbox(seta)) for link in _LINK.findall(file.read_bytes())]
    assert found, "no letter with a link"
    return str(found[-1].decode())


def outbox(seta: RunningSeta) -> list[Path]:
    return list((seta.world.place.folder / "outbox").glob("*.log"))


def come_in(page: Page, seta: RunningSeta) -> None:
    """Ask for a link, open it out of the letter, press its button."""
    page.goto(f"{seta.base_url}/partners/milano/")
    page.fill("#email", EMAIL)
    page.click("button.primary")
    expect(page.locator("h1")).to_have_text("Look in your mail")
    page.goto(letter(seta))
    page.click("button.primary")
    expect(page.locator("h1")).to_have_text("Your businesses")


def test_a_business_claims_edits_and_is_seen_in_the_guide_once_the_city_agrees(
    browser: Browser, seta: RunningSeta, tmp_path: Path
) -> None:
    with visitor(browser, seta) as page:
        page.goto(f"{seta.base_url}/partners/milano/")
        leave_pictures(page, "partners-door")
        come_in(page, seta)
        page.fill("[name=q]", "neve")
        page.click("[role=search] button")
        page.get_by_role("link", name="Claim Gelateria Neve Lenta").click()
        leave_pictures(page, "partners-claim")
        page.fill("[name=who_name]", "Bruno Neve")
        page.fill("[name=who_role]", "gelataio")
        page.fill("[name=who_phone]", "+39 02 5550 199")
        page.click("button.primary")
        expect(page.locator(".notice.ok")).to_contain_text("The city will check")

        page.wait_for_load_state()  # the week beside the form follows it from then on
        page.fill("[name=d0_closes0]", "01:00")
        expect(page.locator("#week tr").filter(has_text="Mon")).to_contain_text("11:00-01:00")
        page.check("[name=wifi]")
        page.check("[name=accessible]")
        page.fill("[name=note_en]", "Two flavours without sugar")
        page.check("[name=vouches]")
        page.get_by_role("button", name="Send to the city").click()
        expect(page.locator(".notice.ok")).to_contain_text("Once the city agrees")
        add_photo(page, tmp_path)
        leave_pictures(page, "partners-listing")

    with at_the_desk(browser, seta, "citta") as desk:
        desk.goto(f"{seta.base_url}/desk/guide/requests/")
        leave_pictures(desk, "partners-requests")
        for _ in range(2):
            row = desk.locator("article").filter(has_text="Gelateria Neve Lenta")
            row.get_by_role("button", name="Approve").first.click()
            expect(desk.locator(".notice.ok").first).to_be_visible()
        expect(desk.locator("article").filter(has_text="Gelateria Neve Lenta")).to_have_count(0)
        leave_pictures(desk, "partners-answered")
        desk.goto(f"{seta.base_url}/desk/guide/partners/import/")
        leave_pictures(desk, "partners-import")

    with visitor(browser, seta) as page:
        page.goto(f"{seta.base_url}/places/partner:{LISTING}?lang=en")
        expect(page.locator(".facts")).to_contain_text("Step-free access")
        expect(page.locator(".today .note")).to_have_text("Two flavours without sugar")
        expect(page.locator(".photos img")).to_have_attribute("alt", "The counter")
        for size in (NARROW, WIDE):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            leave_picture(page, f"partners-guide-{size[0]}-en", whole=True)
            assert wider_than_the_window(page) <= 0, size
        come_in(page, seta)
        expect(page.locator(".tag.ok").first).to_have_text("yours")
        leave_pictures(page, "partners-home")
        page.get_by_role("link", name="Change Gelateria Neve Lenta").click()
        leave_pictures(page, "partners-own")


def test_fifty_megabytes_are_refused_by_their_length_alone(seta: RunningSeta) -> None:
    answer = seta.client.post(
        f"{seta.base_url}/partners/milano/at/{LISTING}/photos/",
        content=bytes(50_000_000),
        headers={"content-type": "multipart/form-data; boundary=x", "accept-language": "en"},
    )

    assert answer.status_code == 413
    assert "at most 8 MB" in answer.text


def add_photo(page: Page, folder: Path) -> None:
    """Send a picture; one that is too big is told before it leaves."""
    big = folder / "big.jpg"
    big.write_bytes(b"\xff\xd8" + bytes(8_000_001))
    page.wait_for_load_state()
    page.set_input_files("[name=photo]", big)
    assert "at most 8 MB" in page.locator("[name=photo]").evaluate("(one) => one.validationMessage")
    picture = folder / "counter.jpg"
    Image.linear_gradient("L").resize((900, 600)).convert("RGB").save(picture)
    page.set_input_files("[name=photo]", picture)
    page.fill("[name=alt]", "The counter")
    page.get_by_role("button", name="Add the photo").click()
    expect(page.locator(".photos img")).to_have_count(1)
