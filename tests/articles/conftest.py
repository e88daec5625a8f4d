"""Houses with an editor and a reviewer, and an article that is whole in Chinese and English."""

from dataclasses import dataclass

import pytest

from seta.articles import operations
from seta.articles.rules.content import Block, Content
from seta.boutique.operations import import_catalogue, open_sales_point
from seta.guide.operations import import_milan
from seta.houses.operations import hire
from seta.houses.queries import members
from tests.articles.drawing import picture_of
from tests.boutique.shop import row
from tests.conversations.world import NOON, make_house
from tests.sandbox_server import RunningSandbox, sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]

CODES = iter(range(1, 1000))


@dataclass(frozen=True)
class Office:
    """A house, who writes and who approves."""

    house_id: int
    code: str
    account_id: int
    editor: int
    reviewer: int
    picture: int


def open_office(sandbox: RunningSandbox | None = None) -> Office:
    """A house of its own; its accounts are the sandbox's when one is given."""
    code = f"maison-{next(CODES)}"
    where = {"base_url": sandbox.base_url, "config": sandbox.config} if sandbox else {}
    house_id, account_id = make_house(code=code, **where)  # type: ignore[arg-type]
    for name, role in (("editor", "marketing"), ("reviewer", "supervisor")):
        hire(house_id=house_id, username=f"{name}-{code}", password="silk-road-2026", role=role, name=name)
    people = {member.name: member.user_id for member in members(house_id)}
    open_sales_point(house_id=house_id, code="monte-napoleone", district="quadrilatero")
    pieces = import_catalogue(house_id=house_id, rows=[row(code="scarf", sku="SCARF-1")], now=NOON)
    assert not pieces.problems, pieces.problems
    import_milan(house_id=house_id, now=NOON)
    picture = operations.keep_picture(
        house_id=house_id,
        image=picture_of("#9b2c2c"),
        credit="Comune di Milano",
        alt={"zh": "米兰大教堂", "en": "The cathedral"},
        user_id=people["editor"],
        now=NOON,
    )
    return Office(house_id, code, account_id, people["editor"], people["reviewer"], picture)


def written(office: Office, **changed: object) -> Content:
    """An article that nothing keeps from leaving."""
    text = {
        "zh": "## 清晨\n从[大教堂](place:duomo)出发，**慢慢走**。\n\n- 带上[丝巾](product:scarf)\n\n[官网](https://www.duomomilano.it/)",
        "en": "## Morning\nStart at the [cathedral](place:duomo).",
    }
    given: dict[str, object] = {
        "title": {"zh": "米兰的一天", "en": "A day in Milan"},
        "summary": {"zh": "从大教堂到丝绸。", "en": "From the cathedral to silk."},
        "author": "林悦",
        "cover": office.picture,
        "blocks": (
            Block("text", text),
            Block("picture", {"zh": "屋顶"}, office.picture),
            Block("place", code="duomo"),
            Block("product", code="scarf"),
        ),
        **changed,
    }
    return Content(**given)  # type: ignore[arg-type]


def start(office: Office, content: Content | None = None, *, code: str = "one-day") -> int:
    """An article with its content, by the editor."""
    article_id = operations.start_article(
        house_id=office.house_id, code=code, user_id=office.editor, now=NOON
    )
    operations.save_article(
        house_id=office.house_id,
        article_id=article_id,
        revision=0,
        content=content or written(office),
        user_id=office.editor,
        now=NOON,
    )
    return article_id


def approve(office: Office, article_id: int) -> None:
    """Submitted by the editor, approved by the reviewer."""
    given = {"house_id": office.house_id, "article_id": article_id, "now": NOON}
    operations.submit_article(**given, user_id=office.editor)  # type: ignore[arg-type]
    operations.approve_version(**given, user_id=office.reviewer)  # type: ignore[arg-type]


@pytest.fixture
def office(db: None) -> Office:
    """A house whose accounts nobody answers for."""
    return open_office()


@pytest.fixture
def connected(db: None, sandbox: RunningSandbox) -> Office:
    """A house whose accounts are the sandbox's."""
    return open_office(sandbox)
