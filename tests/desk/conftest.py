"""Two houses with their people, and clients of Django's that are signed in at the desk."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from seta.boutique.operations import import_catalogue, open_sales_point, place_order
from seta.boutique.queries import OrderCard, variant_id
from seta.boutique.rules import Line
from seta.clienteling.models import Associate
from seta.clienteling.operations import approve_product, enrol_associate
from seta.clienteling.operations.book import add_entry
from seta.clienteling.operations.contacting import set_blackout
from seta.clienteling.rules import BlackoutTerms
from seta.conversations.models import Conversation, Message
from seta.drops.operations import plan_drop
from seta.guide.operations import import_milan, import_partners
from seta.houses.operations import hire
from seta.houses.queries import members
from seta.oversight.bodies import keys_for
from seta.oversight.models import Alert, ArchivedMessage, Hit
from seta.people.operations import recognise, record_consent
from seta.people.rules import IdentityKey
from seta.stores.operations import ResourceSpec, open_boutique
from tests.boutique.shop import row
from tests.conversations.world import make_house
from tests.payments.conftest import LetterBox, letters
from tests.sandbox_server import sandbox, sandbox_process

__all__ = ["LetterBox", "letters", "sandbox", "sandbox_process"]

PASSWORD = "silk-road-2026"
ROLES = ("admin", "marketing", "associate", "supervisor", "finance")
SCRIPT = '<script>alert("x")</script>'


@dataclass(frozen=True)
class Home:
    """A house and the ids of what is in it."""

    id: int
    code: str
    account: int
    client: int
    variant: int
    order: OrderCard
    drop: int
    conversation: int
    alert: int
    associates: tuple[int, ...]


@dataclass(frozen=True)
class World:
    """Our house and a neighbour on the same server."""

    ours: Home
    theirs: Home
    sign_in: Callable[[str], Client]

    def user_id(self, name: str) -> int:
        """The user behind a member of our house."""
        return next(member.user_id for member in members(self.ours.id) if member.name == name)


@pytest.fixture(autouse=True)
def nobody_locked_out() -> None:
    """Wrong passwords of one test do not count in the next."""
    cache.clear()


@pytest.fixture
def world(db: None, settings: Settings) -> World:
    """Two houses with one of everything; members are called by their role, `colleague` is a second associate."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    def sign_in(username: str) -> Client:
        client = Client()
        done = client.post("/desk/sign-in/", {"username": username, "password": PASSWORD})
        assert done.status_code == 302, done.content
        client.cookies["django_language"] = "en"
        return client

    ours = furnish("serica")
    for extra, role in (("colleague", "associate"), ("finance2", "finance")):
        hire(house_id=ours.id, username=extra, password=PASSWORD, role=role, name=extra)
    return World(ours, furnish("lucente"), sign_in)


def furnish(code: str) -> Home:
    """A house with one of everything; members of any other house than serica have its code in their names."""
    now = datetime.now(UTC)
    house_id, account_id = make_house(code=code)
    mark = "" if code == "serica" else f"-{code}"
    for role in ROLES:
        hire(house_id=house_id, username=role + mark, password=PASSWORD, role=role, name=role)
    open_sales_point(house_id=house_id, code="monte-napoleone", district="quadrilatero")
    open_store(house_id)
    import_catalogue(house_id=house_id, rows=[row(code="scarf", sku="SCARF-1")], now=now)
    import_milan(house_id=house_id, now=now)
    variant = variant_id(house_id=house_id, sku="SCARF-1")
    assert variant is not None
    client = recognise(
        house_id=house_id,
        identities=[IdentityKey("openid", f"wx-oa-{code}", "o-chen")],
        now=now,
        display_name=f"陈晓 {SCRIPT}",
    )
    associate = enrol(house_id, "associate")
    add_entry(associate, client, external_userid="wm-chen", way=None, now=now)
    approve_product(
        house_id=house_id, product_code="scarf", text="桑蚕丝方巾，手工卷边。", approved_by="Anna", now=now
    )
    order = place_order(house_id=house_id, person_id=client, lines=[Line(variant, 1)], now=now)
    drop = plan_drop(
        house_id=house_id,
        code="carre",
        variant_id=variant,
        pieces=1,
        opens_at=now,
        closes_at=now + timedelta(days=1),
        now=now,
    )
    return Home(
        id=house_id,
        code=code,
        account=account_id,
        client=client,
        variant=variant,
        order=order,
        drop=drop,
        conversation=talk(house_id, account_id, client, f"您好 {SCRIPT}", now),
        alert=alert(house_id, account_id, client, f"您直接微信转账到我个人账户 {SCRIPT}", now),
        associates=(associate.pk,),
    )


def open_store(house_id: int) -> None:
    open_boutique(
        house_id=house_id,
        code="monte-napoleone",
        name="Monte Napoleone",
        name_zh="蒙特拿破仑大街店",
        district="quadrilatero",
        address="Via Monte Napoleone 31",
        lat=45.4689,
        lon=9.1968,
        opening_hours="Mo-Su 10:00-19:30",
        resources=[ResourceSpec(code="salon", name="Salon")],
    )


def enrol(house_id: int, name: str) -> Associate:
    """The member of this name as an associate."""
    user_id = next(member.user_id for member in members(house_id) if member.name == name)
    made = enrol_associate(
        house_id=house_id,
        code=name,
        userid=f"{name}-{house_id}",
        name=name,
        boutique="monte-napoleone",
        user_id=user_id,
        now=datetime.now(UTC),
    )
    return Associate.objects.get(pk=made)


def talk(house_id: int, account_id: int, person_id: int, text: str, now: datetime, **changed: object) -> int:
    """A conversation in which the client wrote once, an answer still owed."""
    conversation = Conversation.objects.create(
        house_id=house_id,
        account_id=account_id,
        person_id=person_id,
        opened_at=now,
        last_at=now,
        unanswered_since=now,
    )
    Message.objects.create(
        house_id=house_id,
        account_id=account_id,
        conversation=conversation,
        direction="in",
        channel="callback",
        kind="text",
        body=text,
        sent_at=now,
        state="received",
        **changed,
    )
    return conversation.pk


def alert(house_id: int, account_id: int, person_id: int, text: str, now: datetime) -> int:
    """An archived message of the associate with an alert on all of its words."""
    key = keys_for(house_id=house_id, person_ids=[person_id], now=now)[person_id]
    message = ArchivedMessage.objects.create(
        house_id=house_id,
        account_id=account_id,
        seq=1,
        msgid="m1",
        conversation="associate:wm-chen",
        userid=f"associate-{house_id}",
        external_userid="wm-chen",
        person_id=person_id,
        sender_role="sa",
        kind="text",
        sealed_body=key.seal(text.encode(), bound_to=f"{account_id}:m1"),
        body_key_id=key.id,
        sent_at=now,
        archived_at=now,
    )
    rule = "pay.personal-transfer"
    Hit.objects.create(
        message=message,
        rule=rule,
        severity="high",
        action="flag",
        tier="plain",
        start=3,
        end=len(text),
        policy_version="1",
    )
    found = Alert.objects.create(
        house_id=house_id,
        message=message,
        rule=rule,
        severity="high",
        opened_at=now,
        due_at=now + timedelta(hours=4),
    )
    return found.pk


def import_some_partners(house_id: int) -> None:
    """Milan's sample businesses."""
    from seta.guide.operations.importing import DATA  # noqa: PLC0415  only the city's tests read them

    text = (DATA / "milan_partners.csv").read_text("utf-8")
    import_partners(house_id=house_id, text=text, now=datetime.now(UTC))


def ready(world: World) -> None:
    """The client agreed to messages, and the house has no quiet hours."""
    now = datetime.now(UTC)
    set_blackout(
        house_id=world.ours.id,
        user_id=world.user_id("supervisor"),
        terms=BlackoutTerms(0, 0, 0, 0, 0),
        now=now,
    )
    record_consent(
        house_id=world.ours.id,
        person_id=world.ours.client,
        purpose="messages",
        granted=True,
        source="store",
        now=now,
    )
