"""Shared texts and pictures are the approved ones, changed ones, ones out of force, or none."""

import io
import random
import struct
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from seta.content.rules.images import ALIKE_BITS_MAX, BYTES_MAX, SAME_BITS_MAX, ImageRefused, Print, print_of
from seta.content.rules.matching import Entry, Outcome, Shelf, is_content
from seta.content.rules.texts import distance, figures, normalise, shingles, simhash

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SILK = "全新真丝方巾，意大利科莫手工卷边，90×90厘米，米兰旗舰店售价1200欧元，欢迎预约鉴赏。"
COAT = "Double-faced cashmere coat, woven in Biella and cut by hand; see it in Via Monte Napoleone by appointment."


def entry(version_id: int, text: str = "", picture: Print | None = None, **period: datetime | None) -> Entry:
    return Entry(version_id, normalise(text), picture, period.get("since") or NOON, period.get("until"))


SHELF = Shelf([entry(1, SILK), entry(2, COAT)])


@pytest.mark.parametrize(
    ("text", "outcome", "version"),
    [
        (SILK, Outcome.APPROVED, 1),
        (SILK.replace("，", " ").replace("欧", "歐"), Outcome.APPROVED, 1),
        (f"陈女士您好！{SILK} 明天下午三点可以吗？", Outcome.APPROVED, 1),
        (COAT.upper(), Outcome.APPROVED, 2),
        (SILK.replace("1200", "900"), Outcome.ALTERED, 1),
        (SILK.replace("手工卷边", "机器锁边"), Outcome.ALTERED, 1),
        (f"{SILK[:-1]}5折", Outcome.ALTERED, 1),
        (
            "我们店里新到了一批好看的包，颜色很多，喜欢的话私信我，我给您拍视频看看细节",
            Outcome.UNAPPROVED,
            None,
        ),
        ("", Outcome.UNAPPROVED, None),
    ],
)
def test_a_text_is_matched_with_its_version(text: str, outcome: Outcome, version: int | None) -> None:
    if "5折" in text:
        text = SILK.replace("手工卷边，90×90厘米，", "")
    match = SHELF.match_text(text, at=NOON)
    assert (match.outcome, match.version_id) == (outcome, version)


def test_a_version_out_of_force_is_told_apart_and_one_in_force_is_preferred() -> None:
    ended = entry(1, SILK, since=NOON - timedelta(days=9), until=NOON)
    assert Shelf([ended]).match_text(SILK, at=NOON).outcome is Outcome.OUT_OF_FORCE
    assert Shelf([ended]).match_text(SILK, at=NOON - timedelta(days=1)).outcome is Outcome.APPROVED
    renewed = Shelf([ended, entry(2, SILK)])
    assert renewed.match_text(SILK, at=NOON).version_id == 2


def test_short_talk_is_not_content() -> None:
    assert not is_content("好的，明天见！")
    assert is_content(SILK)


@given(st.text(max_size=200))
def test_any_text_can_be_matched_and_folds_once(text: str) -> None:
    folded = normalise(text)
    assert SHELF.match_text(text, at=NOON).similarity <= 1000
    assert figures(folded) == figures(folded) and (bool(shingles(folded)) == bool(folded))


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_a_text_is_always_found_in_what_was_written_around_it(before: str, after: str) -> None:
    match = SHELF.match_text(f"{before} | {COAT} | {after}", at=NOON)
    assert match.version_id == 2 and match.outcome is Outcome.APPROVED


def test_simhashes_of_nearly_the_same_text_are_near() -> None:
    one, other = simhash(normalise(SILK)), simhash(normalise(SILK + "！！"))
    assert one == other
    assert distance(one, simhash(normalise(SILK.replace("90×90", "70×70")))) < 20
    assert distance(one, simhash(normalise(COAT))) > 20


def drawn(seed: int, size: tuple[int, int] = (900, 600)) -> Image.Image:
    """A picture of coloured shapes."""
    draw = random.Random(seed)
    image = Image.new("RGB", size, tuple(draw.randrange(256) for _ in range(3)))
    pen = ImageDraw.Draw(image)
    for _ in range(14):
        x, y = draw.randrange(size[0]), draw.randrange(size[1])
        box = (x, y, x + draw.randrange(60, 400), y + draw.randrange(60, 300))
        pen.ellipse(box, fill=tuple(draw.randrange(256) for _ in range(3)))
    return image


def written(image: Image.Image, kind: str = "PNG", **how: int) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


@pytest.mark.parametrize("seed", range(6))
def test_a_copy_made_smaller_pressed_harder_or_brighter_is_the_same_picture(seed: int) -> None:
    original = drawn(seed)
    shelf = Shelf([entry(1, picture=print_of(written(original)))])
    copies = [
        written(original.resize((300, 200))),
        written(original, "JPEG", quality=30),
        written(original.resize((450, 300)), "WEBP", quality=50),
        written(original.convert("RGBA")),
        written(original.point(lambda value: min(255, value + 12))),
    ]
    for copy in copies:
        match = shelf.match_picture(print_of(copy), at=NOON)
        assert match.outcome is Outcome.APPROVED and match.similarity >= 1000 * (64 - SAME_BITS_MAX) // 64


def test_other_pictures_are_not_taken_for_it() -> None:
    prints = [print_of(written(drawn(seed))) for seed in range(30)]
    nearest = min(one.difference(other) for at, one in enumerate(prints) for other in prints[:at])
    assert nearest > ALIKE_BITS_MAX
    assert Shelf([entry(1, picture=prints[0])]).match_picture(prints[1], at=NOON).version_id is None


def test_a_print_is_written_and_read_back() -> None:
    found = print_of(written(drawn(3)))
    assert len(found.text) == 32 and Print.read(found.text) == found


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it is 60,000 by 60,000."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_image"),
        (b"PK\x03\x04" + b"\0" * 100, "not_image"),
        (b"<svg onload=alert(1)>", "not_image"),
        (written(drawn(1))[:500], "not_image"),
        (written(Image.new("RGB", (200, 200), "white")), "plain"),
        (bomb(), "many_pixels"),
        (b"\xff" * (BYTES_MAX + 1), "large"),
    ],
    ids=["nothing", "zip", "svg", "cut off", "plain", "bomb", "large"],
)
def test_what_is_no_picture_to_compare_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(ImageRefused) as refused:
        print_of(data)
    assert refused.value.code == code


@given(st.binary(max_size=300))
def test_any_bytes_are_a_picture_or_refused(data: bytes) -> None:
    with pytest.raises(ImageRefused):
        print_of(data)
