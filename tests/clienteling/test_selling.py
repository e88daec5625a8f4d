"""An associate shares what is approved with their own client, and the sale that follows is theirs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client

from seta.boutique.events import OrderPaid, OrderRefunded
from seta.clienteling import operations, queries
from seta.clienteling.events import ProductShared, SaleCredited
from seta.clienteling.models import Associate, ClientBookEntry
from seta.clienteling.operations.book import add_entry
from seta.clienteling.rules import Refusal, Refused
from seta.events.models import Event
from seta.houses.operations import found_house, hire
from seta.oversight import queries as oversight
from seta.people.events import PersonsMerged
from seta.people.operations import open_session, record_consent
from tests.clienteling.conftest import NOON, Floor, make_person, user_of

HOUR = timedelta(hours=1)


@pytest.fixture
def floor(floor: Floor) -> Floor:
    """The floor, and a client who agreed to be written to."""
    agree(floor, granted=True, now=NOON - HOUR)
    return floor


def agree(floor: Floor, *, granted: bool, now: datetime) -> None:
    record_consent(
        house_id=floor.house,
        person_id=floor.client,
        purpose="messages",
        granted=granted,
        source="boutique",
        now=now,
    )


def paid(
    floor: Floor, *, order_id: int = 1, source: str = "", person_id: int | None = None, **more: object
) -> OrderPaid:
    values: dict[str, object] = {
        "house_id": floor.house,
        "occurred_at": NOON + HOUR,
        "person_id": person_id,
        "order_id": order_id,
        "number": f"S{order_id}",
        "amount": 888_800,
        "currency": "CNY",
        "settle_amount": 113_606,
        "settle_currency": "EUR",
        "channel": "mini_program",
        "source": source,
        **more,
    }
    return OrderPaid(**values)  # type: ignore[arg-type]


def refunded(floor: Floor, *, refund_id: int, settle_amount: int, is_whole: bool = False) -> OrderRefunded:
    return OrderRefunded(
        house_id=floor.house,
        occurred_at=NOON + 2 * HOUR,
        order_id=1,
        number="S1",
        refund_id=refund_id,
        amount=100_000,
        currency="CNY",
        settle_amount=settle_amount,
        settle_currency="EUR",
        is_whole=is_whole,
        channel="mini_program",
    )


def share(floor: Floor, **changed: object) -> operations.ShareCard:
    asked = {
        "house_id": floor.house,
        "associate_id": floor.yue,
        "person_id": floor.client,
        "product_code": "scarf",
        "note": "您上次看的颜色到了",
        "now": NOON,
        **changed,
    }
    return operations.share_product(**asked)  # type: ignore[arg-type]


def test_a_share_carries_a_token_to_the_product(floor: Floor) -> None:
    card = share(floor)

    assert card.path == f"pages/product/product?code=scarf&s={card.token}"
    assert card.text == "桑蚕丝方巾，手工卷边。"
    assert Event.objects.get(name="clienteling.product.shared").body["associate_id"] == floor.yue
    assert oversight.audit_log(floor.house, kind="product.shared")


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"note": "加我私人微信详聊"}, Refusal.POLICY),
        ({"note": "好" * 501}, Refusal.TOO_LONG),
        ({"product_code": "unknown"}, Refusal.NOT_APPROVED),
        ({"associate_id": 99_999}, Refusal.UNKNOWN),
    ],
)
def test_a_share_that_may_not_go_is_refused_and_nothing_is_kept(
    floor: Floor, changed: dict[str, object], refusal: Refusal
) -> None:
    with pytest.raises(Refused) as refused:
        share(floor, **changed)

    assert refused.value.refusal is refusal
    assert queries.shares(floor.house) == []
    if refusal is Refusal.POLICY:
        assert refused.value.advice == ("请在企业微信内沟通，不要让客户添加私人账号。",)


def test_nothing_is_shared_with_a_client_who_agreed_to_no_messages(floor: Floor) -> None:
    agree(floor, granted=False, now=NOON)

    with pytest.raises(Refused) as refused:
        share(floor, now=NOON + HOUR)

    assert refused.value.refusal is Refusal.NO_CONSENT
    assert queries.shares(floor.house) == []


def test_nothing_is_shared_so_soon_after_a_colleague_wrote(floor: Floor) -> None:
    operations.note_contact(
        house_id=floor.house,
        person_id=floor.client,
        associate_id=floor.marco,
        channel="moments",
        now=NOON - HOUR,
    )

    with pytest.raises(Refused) as refused:
        share(floor)

    assert refused.value.refusal is Refusal.BLACKOUT
    assert queries.shares(floor.house) == []


def test_another_associates_client_is_refused_and_logged(floor: Floor) -> None:
    with pytest.raises(Refused) as shared:
        share(floor, associate_id=floor.marco)
    with pytest.raises(Refused) as opened:
        operations.open_client(
            house_id=floor.house, user_id=user_of(floor.house, "Marco"), person_id=floor.client, now=NOON
        )

    assert {shared.value.refusal, opened.value.refusal} == {Refusal.NOT_YOURS}
    assert len(oversight.audit_log(floor.house, kind="client.refused")) == 2


def test_expired_content_is_not_shared(floor: Floor) -> None:
    operations.approve_product(
        house_id=floor.house,
        product_code="scarf",
        text="限时陈列",
        approved_by="Anna",
        valid_until=NOON + HOUR,
        now=NOON,
    )

    assert share(floor).text == "限时陈列"
    assert share(floor, now=NOON + 2 * HOUR).text == "桑蚕丝方巾，手工卷边。"


def test_content_that_breaks_advertising_law_is_not_approved(floor: Floor) -> None:
    with pytest.raises(Refused) as refused:
        operations.approve_product(
            house_id=floor.house, product_code="scarf", text="世界第一的丝巾", approved_by="Anna", now=NOON
        )

    assert refused.value.rules == ("ad.absolutes",)


def test_an_order_by_a_share_is_credited_once_with_campaign_and_commission(floor: Floor) -> None:
    ClientBookEntry.objects.update(campaign="ss27")
    token = share(floor).token
    fact = paid(floor, source=token, person_id=floor.client)

    operations.credit_sale(fact, NOON)
    operations.credit_sale(fact, NOON)

    sale = queries.sale_of_order(1)
    assert sale is not None
    assert (sale.associate_id, sale.campaign, sale.reason, sale.commission) == (
        floor.yue,
        "ss27",
        "share",
        3_408,
    )
    event = Event.objects.get(name="clienteling.sale.credited")
    assert (event.body["associate_id"], event.body["campaign"]) == (floor.yue, "ss27")
    assert queries.shares(floor.house)[0].is_sold
    row = next(each for each in queries.associates(floor.house) if each.associate.id == floor.yue)
    assert (row.sales, row.sold, row.commission) == (1, {"EUR": 113_606}, {"EUR": 3_408})


def test_a_scene_a_name_and_a_touch_credit_too(floor: Floor) -> None:
    share(floor)

    operations.credit_sale(paid(floor, order_id=1, source="c=ss27;a=marco.bassi"), NOON)
    operations.credit_sale(paid(floor, order_id=2, associate_id=floor.marco), NOON)
    operations.credit_sale(paid(floor, order_id=3, person_id=floor.client), NOON)
    operations.credit_sale(paid(floor, order_id=4), NOON)

    found = {sale.order_id: (sale.associate_id, sale.reason) for sale in queries.sales(floor.house)}
    assert found == {1: (floor.marco, "scene"), 2: (floor.marco, "named"), 3: (floor.yue, "touch")}


def test_a_share_of_another_house_credits_nobody(floor: Floor) -> None:
    token = share(floor).token
    other = found_house(code="milano", name="Milano", kind="destination")

    operations.credit_sale(paid(floor, source=token, house_id=other), NOON)

    assert queries.sale_of_order(1) is None


@pytest.mark.parametrize("refund_first", [False, True])
def test_returns_take_commission_back_whatever_comes_first(floor: Floor, refund_first: bool) -> None:
    fact = paid(floor, associate_id=floor.yue)
    part = refunded(floor, refund_id=1, settle_amount=56_803)
    steps: list[Callable[[], None]] = [
        lambda: operations.credit_sale(fact, NOON),
        lambda: operations.credit_refund(part, NOON),
    ]

    for step in reversed(steps) if refund_first else steps:
        step()
    operations.credit_refund(part, NOON)

    sale = queries.sale_of_order(1)
    assert sale is not None and (sale.clawed_back, sale.commission_kept) == (1_704, 1_704)
    operations.credit_refund(refunded(floor, refund_id=2, settle_amount=56_803, is_whole=True), NOON)
    sale = queries.sale_of_order(1)
    assert sale is not None and sale.commission_kept == 0


def test_a_client_on_one_page(floor: Floor) -> None:
    share(floor)
    with transaction.atomic():
        operations.credit_sale(paid(floor, person_id=floor.client), NOON)
    credited = Event.objects.get(name="clienteling.sale.credited")
    for kind in (ProductShared, SaleCredited):
        body = Event.objects.get(name=kind.name).body | {"occurred_at": NOON}
        operations.note_fact(kind(**body), NOON)
        operations.note_fact(kind(**body), NOON)
    operations.add_follow_up(
        house_id=floor.house,
        associate_id=floor.yue,
        person_id=floor.client,
        kind="birthday",
        title="生日",
        due_at=NOON,
        now=NOON,
    )

    seen = operations.open_client(
        house_id=floor.house, user_id=user_of(floor.house, "林悦"), person_id=floor.client, now=NOON
    )

    assert seen.is_own and seen.card.person.display_name == "陈晓"
    assert [place.role for place in seen.card.places] == ["primary"]
    assert sorted(item.kind for item in seen.card.timeline) == ["clienteling.product.shared", credited.name]
    assert [task.kind for task in seen.card.follow_ups] == ["birthday"]


def test_a_supervisor_opens_any_client_and_that_is_logged(floor: Floor) -> None:
    seen = operations.open_client(
        house_id=floor.house, user_id=user_of(floor.house, "Sup"), person_id=floor.client, now=NOON
    )

    assert not seen.is_own
    assert len(oversight.audit_log(floor.house, kind="client.opened")) == 1


def test_the_book_is_searched_by_name_pinyin_and_phone(floor: Floor) -> None:
    add_entry(
        Associate.objects.get(pk=floor.marco),
        make_person(floor.house, "王芳"),
        external_userid="x",
        way=None,
        now=NOON,
    )
    operations.update_client(
        house_id=floor.house,
        associate_id=floor.yue,
        person_id=floor.client,
        remark="vip",
        phone_tail="0018",
        now=NOON,
    )

    assert len(queries.client_book(floor.house)) == 2
    for search in ("chenxiao", "cx", "陈", "0018", "vip"):
        assert [row.name for row in queries.client_book(floor.house, search=search)] == ["陈晓"]
    assert [row.name for row in queries.client_book(floor.house, associate_id=floor.marco)] == ["王芳"]


def test_only_one_associate_is_primary_and_a_supervisor_may_change_that(floor: Floor) -> None:
    sup = user_of(floor.house, "Sup")

    operations.assign_client(
        house_id=floor.house,
        associate_id=floor.marco,
        person_id=floor.client,
        is_primary=True,
        user_id=sup,
        now=NOON,
    )
    with pytest.raises(Refused):
        operations.assign_client(
            house_id=floor.house,
            associate_id=floor.yue,
            person_id=floor.client,
            is_primary=True,
            user_id=user_of(floor.house, "林悦"),
            now=NOON,
        )

    roles = {row.associate_id: row.role for row in queries.client_book(floor.house)}
    assert roles == {floor.marco: "primary", floor.yue: "secondary"}


def test_two_people_who_are_one_become_one_entry(floor: Floor) -> None:
    absorbed = make_person(floor.house, "xiao")
    for associate_id in (floor.yue, floor.marco):
        associate = Associate.objects.get(pk=associate_id)
        add_entry(associate, absorbed, external_userid="wm-x", way=None, now=NOON)
    fact = PersonsMerged(house_id=floor.house, occurred_at=NOON, kept_id=floor.client, absorbed_id=absorbed)

    operations.repoint_person(fact, NOON)
    operations.repoint_person(fact, NOON)

    entries = ClientBookEntry.objects.filter(person_id=floor.client)
    assert sorted(entries.values_list("associate_id", "role")) == [
        (floor.yue, "primary"),
        (floor.marco, "secondary"),
    ]
    assert not ClientBookEntry.objects.filter(person_id=absorbed).exists()


def test_an_associate_signs_in_for_their_own_house_only(floor: Floor) -> None:
    other = found_house(code="milano", name="Milano", kind="destination")
    hire(house_id=other, username="eva", password="x" * 12, role="associate", name="Eva")

    with pytest.raises(Refused):
        operations.enrol_associate(
            house_id=floor.house,
            code="eva",
            userid="eva",
            name="Eva",
            user_id=user_of(other, "Eva"),
            now=NOON,
        )


def test_thanks_are_planned_once_and_ticked_off(floor: Floor) -> None:
    operations.credit_sale(paid(floor, person_id=floor.client), NOON)
    fact = SaleCredited(
        **{
            key: value
            for key, value in Event.objects.get(name="clienteling.sale.credited").body.items()
            if key != "occurred_at"
        },
        occurred_at=NOON,
    )

    operations.plan_thanks(fact, NOON)
    operations.plan_thanks(fact, NOON)
    planned = queries.follow_ups(floor.house, is_open=True)
    for task in planned:
        operations.finish_follow_up(
            house_id=floor.house, associate_id=floor.yue, follow_up_id=task.id, now=NOON
        )

    assert [(task.due_at - NOON).days for task in planned] == [1, 13, 89]
    assert len(queries.follow_ups(floor.house)) == 3
    assert queries.follow_ups(floor.house, is_open=True) == []


def test_the_mini_program_learns_who_recommends(floor: Floor) -> None:
    token = share(floor).token

    origin = queries.share_origin(house_id=floor.house, token=token)

    assert origin is not None and origin.associate_name == "林悦"
    assert queries.share_origin(house_id=floor.house + 1, token=token) is None


@pytest.mark.urls("tests.clienteling.urls")
@pytest.mark.parametrize(("language", "word"), [("zh-hans", "失效"), ("en", "Open"), ("it", "Apri")])
def test_a_dead_share_link_is_explained_in_the_clients_language(
    floor: Floor, client: Client, language: str, word: str
) -> None:
    token = share(floor).token
    session = open_session(house_id=floor.house, person_id=floor.client, now=datetime.now(UTC))
    headers = {"Authorization": f"Bearer {session}", "Accept-Language": language}

    found = client.get(f"/api/shares/{token}", headers=headers)
    missing = client.get("/api/shares/shr_none", headers=headers)
    stranger = client.get(f"/api/shares/{token}")

    assert found.json()["associate_name"] == "林悦"
    assert missing.status_code == 404 and word in missing.json()["detail"]
    assert stranger.status_code == 401
