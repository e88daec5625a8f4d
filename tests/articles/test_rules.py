"""Words become a page in which nothing of them can run, and what keeps an article from leaving is told whole."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.articles.rules.checks import Problem, Why, passages, problems_of
from seta.articles.rules.content import LANGUAGES, Block, Content, arrange, read, read_code, read_form
from seta.articles.rules.markup import is_address, is_inside, parts, targets
from seta.articles.rules.page import Card, Shape, Shown, render

ELEMENTS = {"section", "p", "h2", "strong", "a", "br", "sup", "figure", "img", "figcaption"}
HOSTILE = [
    '<script>alert("x")</script>',
    "[x](javascript:alert(1))",
    '[x](https://a.it/"onmouseover="alert(1))',
    "**<img src=x onerror=alert(1)>**",
    "## <iframe src=https://evil.example></iframe>",
    "[<b>x</b>](https://good.example/)",
]
WORDS = st.text(
    st.sampled_from("ab 中*[]()#-\n:/<>\"'&. hts") | st.characters(codec="utf-8"), max_size=200
) | st.lists(st.sampled_from([*HOSTILE, "[x](place:duomo)", "**b**", "\n", "- "]), max_size=6).map("".join)


class Elements(HTMLParser):
    """Every element with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def shape(*, tells_links: bool = True) -> Shape:
    lead = {"place:duomo": 'data-miniprogram-path="pages/place/place?code=duomo" href=""'}
    shown = Shown("https://pictures.example/1.jpg", {"zh": "屋顶"}, "Comune <di> Milano")
    return Shape(
        {1: shown}, {"place:duomo": Card("大教堂 <b>", "今天 9–19")}, lambda to: lead.get(to, ""), tells_links
    )


def page_of(text: str) -> str:
    blocks = (Block("text", {"zh": text}), Block("picture", {"zh": text}, 1), Block("place", code="duomo"))
    return render(Content(blocks=blocks), "zh", shape())


@given(WORDS)
def test_no_words_make_an_element_or_a_way_that_was_not_meant(text: str) -> None:
    reader = Elements()
    reader.feed(page_of(text))

    for tag, attributes in reader.found:
        assert tag in ELEMENTS
        assert not [name for name in attributes if name.startswith("on")]
        assert set(attributes) <= {"style", "href", "src", "alt", "data-miniprogram-path"}
        assert attributes.get("href") in (None, "")
        assert attributes.get("src") in (None, "https://pictures.example/1.jpg")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words(text: str) -> None:
    assert "<script" not in page_of(text) and "<iframe" not in page_of(text) and "<b>" not in page_of(text)


@given(WORDS)
def test_the_letters_of_words_are_never_lost(text: str) -> None:
    told = "".join(span.words for part in parts(text) for span in part.spans)
    letters = re.sub(r"\W", "", re.sub(r"\]\([^\s()]*\)", "", text))
    assert set(re.sub(r"\W", "", told)) <= set(re.sub(r"\W", "", text))
    assert letters == "" or told != ""


def test_marks_become_headings_items_and_strong_words() -> None:
    html = page_of("## 清晨\n慢慢**走**\n第二行\n\n- 丝巾\n[大教堂](place:duomo)")

    assert ">清晨</h2>" in html and "<strong>走</strong><br>第二行</p>" in html and ">· 丝巾</p>" in html
    assert 'data-miniprogram-path="pages/place/place?code=duomo" href="" style=' in html


def test_addresses_elsewhere_are_told_once_at_the_end() -> None:
    html = page_of("[一](https://www.duomomilano.it/)和[二](https://www.duomomilano.it/)")

    assert "一<sup>[1]</sup>和二<sup>[1]</sup>" in html
    assert html.count("<br>[1] https://www.duomomilano.it/</p>") == 1


def test_a_card_that_cannot_be_shown_is_left_out() -> None:
    gone = render(Content(blocks=(Block("product", code="sold"), Block("picture", picture=9))), "zh", shape())

    assert gone == "<section></section>"


@pytest.mark.parametrize(
    "target", ["https://www.duomomilano.it/", "https://a.example/x?y=1#z", "https://a.it:443/"]
)
def test_https_addresses_with_a_name_lead_somewhere(target: str) -> None:
    assert is_address(target)


@pytest.mark.parametrize(
    "target",
    [
        *(
            "http://a.it/",
            "javascript:alert(1)",
            "data:text/html,x",
            "//a.it",
            "https://",
            "https://localhost/",
        ),
        *("https://127.0.0.1/", "https://u:p@a.it/", "https://a.it:8443/", "https://a.it:x/", "https://[::1"),
        *('https://a.it/"x', "https://аpple.com/", "place:duomo", "ftp://a.it"),
    ],
)
def test_other_addresses_do_not(target: str) -> None:
    assert not is_address(target)


def test_places_and_pieces_of_ours_are_known_by_their_shape() -> None:
    assert is_inside("place:duomo") and is_inside("place:partner:da-nino") and is_inside("product:SCARF-1")
    assert not is_inside("page:duomo") and not is_inside("place:") and not is_inside("place:a b")
    assert targets("[a](place:duomo) [b](https://a.it/) [c](place:duomo)") == ["place:duomo", "https://a.it/"]


def test_everything_to_mend_is_told_at_once() -> None:
    content = Content(
        title={"en": "Only English"},
        blocks=(
            Block("text", {"zh": "[x](place:gone) [y](javascript:alert(1)"}),
            Block("text", {"en": "no Chinese"}),
            Block("picture"),
            Block("product", code="sold"),
            Block("place"),
        ),
    )

    assert problems_of(content, there=set(), pictures=set()) == [
        Problem(Why.NO_TITLE),
        Problem(Why.NO_COVER),
        Problem(Why.NO_WORDS, 2),
        Problem(Why.NO_PICTURE, 3),
        Problem(Why.GONE, 5),
        Problem(Why.GONE, 1, "gone"),
        Problem(Why.GONE, 4, "sold"),
    ]
    assert problems_of(Content(), there=set(), pictures=set())[-1] == Problem(Why.EMPTY)


def test_an_address_that_leads_nowhere_is_told_with_its_block() -> None:
    content = Content(
        title={"zh": "题"},
        summary={"zh": "要"},
        cover=1,
        blocks=(Block("text", {"zh": "[x](http://a.it/)"}),),
    )

    (problem,) = problems_of(content, there=set(), pictures={1})
    assert problem == Problem(Why.ADDRESS, 1, "http://a.it/")
    assert problem.text("zh-hans").startswith("第1段：“http://a.it/”")
    assert problem.text("en").startswith("Block 1: ") and problem.text("it").startswith("Blocco 1: ")


@pytest.mark.parametrize("why", list(Why))
@pytest.mark.parametrize("language", ["zh-hans", "en", "it"])
def test_every_refusal_has_words_in_every_language(why: Why, language: str) -> None:
    assert Problem(why, 2, "x").text(language).strip()


FORMS = st.dictionaries(
    st.sampled_from(
        [f"{name}_{number}{tail}" for name in ("kind", "text", "picture", "code") for number in (1, 2, 61)
         for tail in ("", "_zh", "_xx")] + ["title_zh", "cover", "author"]
    ),
    st.sampled_from(["text", "picture", "place", "product", "7", "٣", "9" * 40, "duomo", "a\x00b\ud800", "x" * 6000]),
)  # fmt: skip


@given(
    FORMS,
    st.sampled_from(["save", "add:text", "add:script", "up:1", "up:2", "down:1", "remove:1", "remove:9"]),
)
def test_any_form_gives_content_that_a_row_can_keep(form: dict[str, str], step: str) -> None:
    content = arrange(read_form(form), step)

    assert read(content.as_json()) == content
    assert all(
        "\x00" not in text and "\ud800" not in text
        for block in content.blocks
        for text in block.text.values()
    )
    assert content.whole_in() in [(), *[tuple(each for each in LANGUAGES if each in content.whole_in())]]


def test_blocks_are_moved_and_removed_by_their_numbers() -> None:
    content = Content(blocks=(Block("text"), Block("picture"), Block("place")))

    assert [each.kind for each in arrange(content, "up:3").blocks] == ["text", "place", "picture"]
    assert [each.kind for each in arrange(content, "down:1").blocks] == ["picture", "text", "place"]
    assert [each.kind for each in arrange(content, "remove:2").blocks] == ["text", "place"]
    assert arrange(content, "up:1") == arrange(content, "down:3") == content


def test_codes_are_read_as_people_write_them() -> None:
    assert read_code(" Como-Silk ") == "como-silk"
    assert [read_code(each) for each in ("", "a", "1day", "a b", "x" * 41, "丝")] == [None] * 6


def test_passages_are_no_longer_than_the_check_takes() -> None:
    content = Content(
        title={"zh": "题"}, summary={"zh": "要"}, blocks=(Block("text", {"zh": "丝" * 5}), Block("place"))
    )

    assert passages(content, "zh", chars_max=3) == [(0, "题\n要"), (1, "丝丝丝"), (1, "丝丝")]
