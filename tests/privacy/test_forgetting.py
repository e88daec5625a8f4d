"""A person is forgotten in every part at once: what goes, what stays and why, and what waits for the law."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.db.models import ForeignKey, Model

from seta.boutique.models import Fitting, Order, PreparedBag
from seta.boutique.operations import hold_fitting, open_sales_point
from seta.boutique.queries import stock_left
from seta.callbacks.models import Callback
from seta.clienteling.models import Associate, ClientNote, TimelineEntry
from seta.conversations.models import Message
from seta.conversations.operations import receive_media
from seta.houses.models import House
from seta.oversight.models import BodyKey, LegalHold
from seta.oversight.queries import verify_audit
from seta.people import queries as people
from seta.people.auth import ClientAuth
from seta.people.models import Identity, Person
from seta.people.operations import open_session, recognise, record_consent
from seta.people.rules import IdentityKey
from seta.privacy.models import Erasure
from seta.privacy.operations import LATE, finish_erasures, forget
from seta.privacy.queries import own_copy
from seta.privacy.rules import UnfinishedOrders
from tests.boutique.aftermath import SHOP, delivered, paid
from tests.boutique.shop import NOON, make_variant
from tests.conversations.world import make_house, make_inbound
from tests.oversight.archived import Said, keep

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)
_numbers = count(1)

GOES = {
    "people.identity",
    "conversations.follow",
    "conversations.conversation",
    "guide.plan",
    "stores.appointment",
    "stores.visit",
    "consultations.consultation",
    "consultations.quarter",
    "drops.registration",
    "drops.credential",
    "drops.ticketcount",
    "drops.invitation",
    "clienteling.clientbookentry",
    "clienteling.handoverclient",
    "clienteling.productshare",
    "clienteling.messagedraft",
    "clienteling.clientprofile",
    "clienteling.wardrobeitem",
    "clienteling.clientsize",
    "clienteling.preference",
    "clienteling.importantdate",
    "clienteling.wishlistitem",
    "clienteling.clientnote",
    "clienteling.timelineentry",
    "clienteling.followup",
    "clienteling.contactmade",
}
LOSES_ITS_PERSON = {
    "boutique.preparedbag",
    "drops.screening",
    "popups.popupvisit",
    "popups.popuporder",
    "broadcasts.recipient",
    "loyalty.merit",
    "clienteling.salecredit",
    "clienteling.outreachresult",
}
STAYS_UNDER_A_NUMBER = {
    "people.person": "who became whom",
    "people.merge": "who became whom",
    "people.consent": "proof of having asked",
    "boutique.order": "kept by law",
    "boutique.fitting": "a movement of stock",
    "payments.intent": "kept by law",
    "drops.reservation": "proof of fairness",
    "drops.entry": "proof of fairness",
    "oversight.bodykey": "destroyed, so that nothing opens any more",
    "oversight.archivedmessage": "sealed with a destroyed key; the log still verifies",
    "oversight.legalhold": "an order of the law",
    "privacy.erasure": "that it was done",
}


def rows_of(label: str, person_id: int) -> int:
    model, names = FIELDS[label]
    return sum(model._default_manager.filter(**{name: person_id}).count() for name in names)


def _fields() -> dict[str, tuple[type[Model], list[str]]]:
    found: dict[str, tuple[type[Model], list[str]]] = {}
    for field in Person._meta.get_fields(include_hidden=True):
        if field.auto_created and not field.concrete:
            pointing = field.field  # type: ignore[union-attr]
            assert isinstance(pointing, ForeignKey)
            found.setdefault(pointing.model._meta.label_lower, (pointing.model, []))[1].append(pointing.name)
    return found


FIELDS = _fields()


@pytest.fixture
def account() -> tuple[int, int]:
    code = f"quiet-{next(_numbers)}"
    made = make_house(code=code)
    open_sales_point(house_id=made[0], code="monte-napoleone", district="quadrilatero")
    return made


@pytest.fixture
def house(account: tuple[int, int]) -> int:
    return account[0]


def meet(house_id: int, openid: str = "o-chen") -> int:
    code = House.objects.get(pk=house_id).code
    names = [IdentityKey("openid", f"wx-oa-{code}", openid), IdentityKey("openid", f"wx-mp-{code}", openid)]
    return recognise(house_id=house_id, identities=names, display_name="陈晓", now=NOW)


def forget_now(house_id: int, person_id: int, *, at: datetime = NOW) -> bool:
    return forget(house_id=house_id, person_id=person_id, source="mini_program", now=at)


def note_on(house_id: int, person_id: int, text: str) -> None:
    author = Associate.objects.create(house_id=house_id, code="lin", name="林悦", userid="linyue")
    ClientNote.objects.create(
        house_id=house_id, person_id=person_id, author=author, visibility="private", text=text, written_at=NOW
    )


def test_every_row_that_names_a_person_is_known_to_go_to_lose_them_or_to_stay() -> None:
    told = [GOES, LOSES_ITS_PERSON, set(STAYS_UNDER_A_NUMBER)]

    assert set().union(*told) == set(FIELDS)
    assert sum(map(len, told)) == len(FIELDS)


def test_a_person_is_forgotten_in_every_part_and_another_is_not(account: tuple[int, int]) -> None:
    house = account[0]
    code = House.objects.get(pk=house).code
    gone, other = meet(house), meet(house, "o-wang")
    for openid in ("o-chen", "o-wang"):
        push = make_inbound(
            account, kind="image", openid=openid, app_id=f"wx-oa-{code}", MediaId="m", PicUrl="u"
        )
        Callback.objects.create(
            source="wechat", account_id=account[1], external_id=push.external_id, house_id=house, kind="image",
            body=b"<xml/>", received_at=NOW,
        )  # fmt: skip
        receive_media([push], NOW)
    note_on(house, gone, "喜欢蓝色")
    keep(house, [Said("您好", person_id=gone), Said("再见", client="wm2", person_id=other)], at=NOW)
    record_consent(house_id=house, person_id=gone, purpose="profile", granted=True, source="t", now=NOW)

    assert forget_now(house, gone) is True

    for label in GOES | LOSES_ITS_PERSON:
        assert rows_of(label, gone) == 0, label
    row = Person.objects.get(pk=gone)
    assert (row.display_name, row.city, row.erased_at) == ("", "", NOW)
    assert rows_of("people.consent", gone) == 1
    assert not BodyKey.objects.filter(person_id=gone, destroyed_at=None).exists()
    assert verify_audit(house).ok
    assert sorted(bytes(kept.body) for kept in Callback.objects.filter(house_id=house)) == [b"", b"<xml/>"]
    assert (rows_of("conversations.conversation", other), rows_of("people.identity", other)) == (1, 2)
    assert BodyKey.objects.filter(person_id=other, destroyed_at=None).exists()
    assert set(
        Message.objects.filter(conversation__house_id=house).values_list("conversation__person", flat=True)
    ) == {other}


def test_twice_is_the_same_as_once_and_whoever_comes_back_is_new(house: int) -> None:
    gone = meet(house)
    forget_now(house, gone)

    assert forget_now(house, gone, at=NOW + timedelta(days=1)) is True

    assert Erasure.objects.get(person_id=gone).asked_at == NOW
    assert meet(house) != gone


def test_a_session_ends_with_its_person(house: int, rf: object) -> None:
    gone = meet(house)
    token = open_session(house_id=house, person_id=gone, now=NOW)
    assert ClientAuth().authenticate(rf.get("/"), token).person_id == gone  # type: ignore[attr-defined]

    forget_now(house, gone)

    assert ClientAuth().authenticate(rf.get("/"), token) is None  # type: ignore[attr-defined]


def test_who_became_another_is_forgotten_with_them(house: int) -> None:
    first, second = meet(house), meet(house, "o-wang")
    code = House.objects.get(pk=house).code
    both = [IdentityKey("openid", f"wx-oa-{code}", name) for name in ("o-chen", "o-wang")]
    kept = recognise(house_id=house, identities=both, now=NOW)

    forget_now(house, second)

    assert kept == first
    assert people.living_id(first) is None
    assert people.living_id(second) is None
    assert not Identity.objects.filter(house_id=house).exists()


@pytest.mark.parametrize("state", ["placed", "paid"])
def test_an_order_under_way_is_named_and_nothing_is_forgotten(house: int, state: str) -> None:
    person, variant = meet(house), make_variant(house)
    order = paid(house, person, variant)
    if state == "placed":
        Order.objects.filter(pk=order.pk).update(state="placed", expires_at=NOW + timedelta(minutes=5))

    with pytest.raises(UnfinishedOrders, match=order.number):
        forget_now(house, person)

    assert Identity.objects.filter(person_id=person).exists()
    assert not Erasure.objects.filter(person_id=person).exists()


def test_a_delivered_order_stays_under_a_number_and_held_pieces_go_back(house: int) -> None:
    person, variant = meet(house), make_variant(house)
    order = delivered(house, person, variant)
    lay = stock_left(variant_id=variant, location=SHOP)
    hold_fitting(house_id=house, person_id=person, variant_id=variant, boutique=SHOP, key="f", now=NOON)
    assert stock_left(variant_id=variant, location=SHOP) == lay - 1
    PreparedBag.objects.create(
        house_id=house, token="t" * 26, key="k", person_id=person, note="给陈女士", prepared_by=1,
        prepared_at=NOW, expires_at=NOW + timedelta(days=1),
    )  # fmt: skip

    assert forget_now(house, person) is True

    assert Order.objects.get(pk=order.pk).person_id == person
    bag = PreparedBag.objects.get(house_id=house)
    assert (bag.person_id, bag.note, bag.state) == (None, "", "withdrawn")
    assert Fitting.objects.get(house_id=house).state == "cancelled"
    assert stock_left(variant_id=variant, location=SHOP) == lay


def test_what_a_legal_hold_keeps_is_destroyed_once_it_is_released(house: int) -> None:
    person = meet(house)
    keep(house, [Said("证据", person_id=person)], at=NOW)
    hold = LegalHold.objects.create(
        house_id=house, name="案件", reason="court", person_id=person, placed_by_id=1, placed_at=NOW
    )

    assert forget_now(house, person) is False
    later = NOW + timedelta(days=30)
    assert finish_erasures(later) == 0
    assert BodyKey.objects.filter(person_id=person, destroyed_at=None).exists()
    LegalHold.objects.filter(pk=hold.pk).update(released_at=later)

    assert finish_erasures(later) == 1
    assert Erasure.objects.get(person_id=person).done_at == later
    assert not BodyKey.objects.filter(person_id=person, destroyed_at=None).exists()
    assert finish_erasures(later) == 0


def test_a_line_written_by_a_late_fact_goes_too(house: int) -> None:
    person = meet(house)
    forget_now(house, person)
    TimelineEntry.objects.create(
        house_id=house, person_id=person, at=NOW, kind="people.consent.given", key="1", body={}
    )

    finish_erasures(NOW + LATE / 2)

    assert rows_of("clienteling.timelineentry", person) == 0


def test_ones_own_copy_holds_what_was_said_noted_and_bought_in_the_readers_words(
    account: tuple[int, int],
) -> None:
    house = account[0]
    code = House.objects.get(pk=house).code
    person, variant = meet(house), make_variant(house)
    order = delivered(house, person, variant)
    push = make_inbound(account, kind="image", app_id=f"wx-oa-{code}", MediaId="m", PicUrl="https://p/1")
    receive_media([push], NOW)
    note_on(house, person, "喜欢蓝色")
    record_consent(house_id=house, person_id=person, purpose="profile", granted=True, source="t", now=NOW)
    stranger = meet(house, "o-wang")

    copy = own_copy(house_id=house, person_id=person, tag="zh-hans", now=NOW)

    text = "\n".join(f"{one.label}{one.value}" for part in copy.sections for row in part.rows for one in row)
    for wanted in ("陈晓", "o-chen", order.number, "喜欢蓝色", "同意"):
        assert wanted in text, wanted
    assert {part.code for part in copy.sections} == {"person", "answers", "orders", "book", "messages"}
    assert "Orders" in {
        part.title for part in own_copy(house_id=house, person_id=person, tag="en", now=NOW).sections
    }
    other = own_copy(house_id=house, person_id=stranger, tag="it", now=NOW)
    assert [part.title for part in other.sections] == ["Lei"]
