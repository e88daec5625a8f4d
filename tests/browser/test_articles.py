"""An editor's way in Debian's Chromium: write, look at the preview, submit, be approved, publish, read on the phone.

Pictures go to var/screenshots as article-<what>-<width>-<language>.png; SETA_SCREENSHOTS=docs/screenshots keeps them.
"""

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.articles.drawing import picture_of
from tests.browser.desk_page import at_the_desk, leave_pictures
from tests.browser.phone_page import NARROW, leave_screenshot, phone
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "从桑叶到方巾：科莫湖的一天"
WORDS = """## 清晨的湖
米兰往北四十分钟，便是丝绸的故乡。从[米兰大教堂](place:duomo)出发，**慢慢走**，不必赶路。

- 上午：参观织造工坊
- 下午：在湖边试一条方巾

更多信息见[大教堂官网](https://www.duomomilano.it/)。"""


def test_an_editor_publishes_an_article_to_the_account(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "marketing") as page:
        begin(page, seta)
        write(page)
        expect(page.locator(".handset h1")).to_have_text(TITLE)
        expect(page.locator(".handset .glass")).to_contain_text("图片 © Serica Milano")
        leave_pictures(page, "article-writing", languages=("en", "zh-hans"))
        page.get_by_role("button", name="Submit for approval").click()
        expect(page.locator(".notice.ok")).to_contain_text("A second person can approve the article now.")
        assert page.get_by_role("button", name="Approve").count() == 0
        address = page.url
    with at_the_desk(browser, seta, "supervisor") as page:
        page.goto(f"{seta.base_url}/desk/articles/")
        leave_pictures(page, "article-list", languages=("en", "zh-hans"))
        page.get_by_role("link", name="Silk of Como").click()
        leave_pictures(page, "article-waiting", languages=("en",))
        page.get_by_role("button", name="Approve").click()
        expect(page.locator(".notice.ok")).to_contain_text("The article is approved and may be published.")
    with at_the_desk(browser, seta, "marketing") as page:
        page.goto(address)
        page.locator("#publish button.primary").click()
        expect(page.locator(".notice.ok")).to_contain_text("The article is on its way")
        until_published(page)
        leave_pictures(page, "article-published", languages=("en", "zh-hans"))
        page.goto(f"{seta.base_url}/articles/serica/como-silk?lang=zh")
        expect(page.locator("h1")).to_have_text(TITLE)
        leave_screenshot(page, "article-open-page")
    with phone(browser, f"{seta.sandbox_url}/?who=chenxiao", size=NARROW) as page:
        read_on_the_phone(page)


def begin(page: Page, seta: RunningSeta) -> None:
    page.goto(f"{seta.base_url}/desk/content/")
    page.get_by_role("link", name="Articles").click()
    page.locator("[name=code]").fill("como-silk")
    page.get_by_role("button", name="Begin").click()
    page.locator("[name=picture]").set_input_files(
        FilePayload(name="lake.jpg", mimeType="image/jpeg", buffer=picture_of("#2f6b4f"))
    )
    page.locator("[name=credit]").fill("Serica Milano")
    page.locator("[name=alt_zh]").fill("湖边的山")
    page.get_by_role("button", name="Add the picture").click()
    expect(page.locator(".notice.ok")).to_contain_text("The picture can be chosen now.")


def write(page: Page) -> None:
    page.locator("[name=title_zh]").fill(TITLE)
    page.locator("[name=title_en]").fill("Silk of Como")
    page.locator("[name=summary_zh]").fill("四十分钟车程，一片湖，一条手工卷边的方巾。")
    page.locator("[name=author]").fill("林悦")
    page.locator("[name=cover]").select_option(index=1)
    page.wait_for_load_state()
    for kind in ("Text", "Picture", "Place", "Piece"):
        page.get_by_role("button", name=f"+ {kind}", exact=True).click()
    page.locator("[name=text_1_zh]").fill(WORDS)
    page.locator("[name=picture_2]").select_option(index=1)
    page.locator("[name=code_3]").select_option("duomo")
    page.locator("[name=code_4]").select_option(index=1)
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator(".notice.ok")).to_contain_text("The article is kept.")


def until_published(page: Page) -> None:
    """The page says so by itself, once the worker has done its part and WeChat has agreed."""
    expect(page.locator("#publications .tag.ok")).to_have_text("Published", timeout=30_000)
    expect(page.locator("#publications[hx-get]")).to_have_count(0)


def read_on_the_phone(page: Page) -> None:
    page.locator("nav.tabs button").nth(1).click()
    page.get_by_role("button", name=TITLE).click()
    expect(page.locator(".articles .card-title").first).to_have_text(TITLE)
    leave_screenshot(page, "article-of-the-account")
    page.locator(".articles .card").first.click()
    article = page.frame_locator("iframe.article-frame")
    expect(article.locator("h1")).to_have_text(TITLE)
    expect(article.locator("img")).to_be_visible()
    leave_screenshot(page, "article")
    article.locator("[data-miniprogram-path^='pages/place']").first.click()
    expect(page.locator("iframe.program-frame")).to_be_visible()
