"""Moments that associates write by themselves are found at WeCom and measured against the approved shelf."""

from datetime import UTC, datetime, timedelta

import pytest

from seta.clienteling.operations.showing import check_moments, sweep_moments
from seta.content import queries
from seta.content.operations import adopt_text
from seta.houses.operations import connect_account, found_house
from tests.sandbox_server import RunningSandbox, sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]

SILK = "全新真丝方巾，意大利科莫手工卷边，90×90厘米，米兰旗舰店售价1200欧元，欢迎预约鉴赏。"
OWN = "姐妹们我手里有一批折扣特别好的包，数量不多，想要的直接私信我，先到先得哦"


@pytest.mark.django_db
def test_unapproved_moments_are_found_and_each_is_counted_once(sandbox: RunningSandbox) -> None:
    now = datetime.now(UTC)
    house = found_house(code="serica", name="Serica Milano", kind="maison")
    wecom = sandbox.config["wecom"]
    connect_account(
        house_id=house,
        family="wecom",
        app_id=wecom["corpid"],
        base_url=sandbox.base_url,
        secrets={name: str(value) for name, value in wecom.items() if name != "corpid"},
        now=now,
    )
    adopt_text(
        house_id=house, code="silk", title="Silk", text=SILK, product_code="", now=now - timedelta(days=1)
    )
    userid = wecom["userid"]
    for text in (SILK, OWN, SILK.replace("1200", "500"), "早安"):
        sandbox.control("moment_publish", userid=userid, text=text)

    assert check_moments(house_id=house, now=now + timedelta(minutes=5)) == 3
    assert sweep_moments(now + timedelta(minutes=6)) == 0

    figures = queries.share_figures(house, since=now - timedelta(days=1), until=now + timedelta(days=1))
    assert (figures.approved, figures.altered, figures.unapproved) == (1, 1, 1)
    assert {row.outcome for row in queries.not_approved(house, source="moment")} == {"altered", "unapproved"}
    assert {row.userid for row in queries.not_approved(house)} == {userid}
