"""A city with places and businesses, its staff, and browsers for those who come by a letter."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from seta.events.operations import deliver_due
from seta.guide.operations import import_milan, import_partners
from seta.guide.operations.importing import DATA
from seta.houses.models import House
from seta.houses.operations import hire
from seta.kit.clock import rome_day
from seta.partners.models import Account
from tests.conversations.world import make_house

CAFFE, NEVE = "caffe-lanterna", "gelateria-neve"
PASSWORD = "silk-road-2026"
WHO = {"who_name": "Anna Rossi", "who_role": "titolare", "who_phone": "+39 02 123456"}
_LINK = re.compile(r"http://[^/]+(/partners/\S+/enter/\S+/)")


@dataclass(frozen=True)
class City:
    """A destination's id and code, and how its staff and its businesses come in."""

    id: int
    code: str
    staff: Callable[[str], Client]

    @property
    def url(self) -> str:
        """Where businesses come in."""
        return f"/partners/{self.code}/"

    def link(self, email: str, client: Client | None = None) -> str:
        """Ask for a link and take it out of the letter; empty when no letter came."""
        before = len(mail.outbox)
        answer = (client or Client()).post(f"{self.url}link/", {"email": email})
        assert answer.status_code == 200, answer.content.decode()
        if len(mail.outbox) == before:
            return ""
        found = _LINK.search(str(mail.outbox[-1].body))
        assert found is not None, mail.outbox[-1].body
        return found.group(1)

    def partner(self, email: str) -> Client:
        """A browser that has come in as this address, reading English."""
        client = Client()
        client.cookies["django_language"] = "en"
        entered = client.post(self.link(email, client))
        assert (entered.status_code, entered["Location"]) == (302, self.url)
        return client

    def account(self, email: str) -> int:
        """The account of an address."""
        return Account.objects.get(house_id=self.id, email=email).pk

    def holder(self, email: str, code: str = CAFFE) -> Client:
        """A browser whose claim of a business the city has approved."""
        client = self.partner(email)
        assert client.post(f"{self.url}claim/{code}/", WHO).status_code == 302
        self.approve_all()
        return client

    def approve_all(self) -> None:
        """The city says yes to everything that waits, the oldest first."""
        staff = self.staff("marketing")
        page = staff.get("/desk/guide/requests/").content.decode()
        for number in re.findall(r"/desk/guide/requests/(\d+)/decide/", page):
            done = staff.post(f"/desk/guide/requests/{number}/decide/", {"choice": "approve"})
            assert done.status_code == 302


def today() -> date:
    """The city's day."""
    return rome_day(datetime.now(UTC))


def form(**changed: Any) -> dict[str, Any]:
    """The form of the Caffè della Lanterna as the guide has it, with something changed."""
    week = {f"d{day}_opens0": "07:30" for day in range(7)} | {f"d{day}_closes0": "20:00" for day in range(7)}
    return {
        "name": "Caffè della Lanterna",
        "name_zh": "灯笼咖啡馆",
        "name_en": "Caffè della Lanterna",
        "category": "food",
        "address": "Via Torino 18",
        "position": "45.4624, 9.1872",
        "hours_by": "week",
        **week,
        "languages": ["zh", "en", "it"],
        "payment": ["wechatpay", "alipay", "card"],
        "menu_zh": "yes",
        "hot_water": "yes",
        "wifi": "yes",
        "note_zh": "可免费续热水",
        **changed,
    }


def deliver() -> None:
    """Hand over what was published to those who hear it."""
    while deliver_due(now=datetime.now(UTC)):
        pass


@pytest.fixture(autouse=True)
def nobody_locked_out() -> None:
    """Wrong passwords of one test do not count in the next."""
    cache.clear()


@pytest.fixture
def city(db: None, settings: Settings) -> City:
    """A destination with Milan's places and businesses; its staff are called by their roles."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    house_id, _ = make_house(code="accoglie")
    House.objects.filter(pk=house_id).update(kind="destination")
    now = datetime.now(UTC)
    import_milan(house_id=house_id, now=now)
    import_partners(house_id=house_id, text=(DATA / "milan_partners.csv").read_text("utf-8"), now=now)
    for role in ("admin", "marketing", "finance", "associate"):
        hire(house_id=house_id, username=f"city-{role}", password=PASSWORD, role=role, name=role)

    def staff(role: str) -> Client:
        client = Client()
        signed = client.post("/desk/sign-in/", {"username": f"city-{role}", "password": PASSWORD})
        assert signed.status_code == 302
        client.cookies["django_language"] = "en"
        return client

    return City(house_id, "accoglie", staff)
