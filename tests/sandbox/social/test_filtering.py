"""The draft box keeps of an article's HTML what WeChat keeps, letter for letter, and drops the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta_sandbox.official_account.filtering import filtered

BASE = "http://127.0.0.1:8801"


@pytest.mark.parametrize(
    "html",
    [
        "<p>您好 &amp; 再见</p>",
        '<section><p style="margin:0">一<br>二</p></section>',
        f'<img src="{BASE}/_media/abc" alt="x" style="width:100%">',
        f'<img src="{BASE}/_material/wx/abc">',
        '<a data-miniprogram-appid="wx1" data-miniprogram-path="pages/place/place?code=duomo" href="">看</a>',
        '<a href="https://mp.weixin.qq.com/s/x">另一篇</a>',
        "没有标签的文字",
    ],
)
def test_what_is_allowed_stays_letter_for_letter(html: str) -> None:
    assert filtered(html, base_url=BASE) == html


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>a</p><script>alert(1)</script><p>b</p>", "<p>a</p><p>b</p>"),
        ("<style>p{}</style><iframe src=x>y</iframe>z", "z"),
        ('<p onclick="x()" class="c">a</p>', '<p class="c">a</p>'),
        ('<img src="https://elsewhere.example/x.jpg"><img src="/relative.jpg">', ""),
        ('<a href="https://elsewhere.example/">a</a>', "<a>a</a>"),
        ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
        ('<video src="https://x.example/v.mp4"></video>', "<video></video>"),
        ("<scr<script>ipt>alert(1)</script>", "ipt>alert(1)"),
        ("<!-- hidden -->a", "a"),
    ],
)
def test_the_rest_is_dropped(html: str, kept: str) -> None:
    assert filtered(html, base_url=BASE) == kept


@given(
    st.lists(
        st.sampled_from(["<script>", "</script>", "<p>", "<p onx=1>", "<img src=x>", "a", "<", ">", '"']),
        max_size=12,
    )
)
def test_nothing_that_runs_is_ever_left(parts: list[str]) -> None:
    left = filtered("".join(parts), base_url=BASE)

    assert "<script" not in left and "onx" not in left and "<img" not in left
