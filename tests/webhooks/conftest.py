"""A house, receivers on this machine, and a courier that brings everything that is due."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.db import transaction
from pytest_django import Settings

from seta.events.operations import publish_many
from seta.houses.operations import found_house
from seta.payments.events import PaymentSucceeded, RefundSucceeded
from seta.site import wiring
from seta.webhooks.courier import Courier
from seta.webhooks.operations import open_endpoint
from seta.webhooks.operations.sending import record, turn
from tests.webhooks.receiver import Receiver

PAID, REFUNDED = "payments.payment.succeeded", "payments.refund.succeeded"


@pytest.fixture(autouse=True)
def table_in_force(settings: Settings) -> None:
    """The server's own table of facts, and private addresses allowed, since receivers are on this machine."""
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    wiring.install()


@pytest.fixture
def house_id(db: None) -> int:
    """A maison."""
    return found_house(code="serica", name="Serica Milano", kind="maison")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A system that takes everything."""
    started = Receiver().start()
    yield started
    started.stop()


Bring = Callable[[datetime], int]


@pytest.fixture
def courier() -> Iterator[Courier]:
    """A courier with little patience."""
    made = Courier(private_allowed=True, timeout_seconds=3)
    yield made
    made.close()


@pytest.fixture
def bring(courier: Courier) -> Bring:
    """Send all that is due at an instant and wait for every answer; returns how many attempts were made."""
    return lambda now: bring_all(courier, now)


def bring_all(courier: Courier, now: datetime) -> int:
    """Send all that is due and wait for every answer."""
    sent = 0
    while True:
        sent += turn(courier, now=now)
        if not courier.someone_is_back(timeout=10):
            record(courier.come_back(), now=now)
            return sent


def hear(house_id: int, receiver: Receiver, now: datetime, *facts: str) -> int:
    """Open the receiver's address for the house's facts; returns the endpoint."""
    made = open_endpoint(house_id=house_id, url=receiver.url, facts=facts or (PAID, REFUNDED), now=now)
    receiver.secret = made.secret
    return made.endpoint_id


def paid(house_id: int, now: datetime, intent_id: int = 1) -> PaymentSucceeded:
    """The fact that a payment succeeded."""
    return PaymentSucceeded(
        house_id=house_id,
        occurred_at=now,
        person_id=7,
        intent_id=intent_id,
        reference=f"S-{intent_id}",
        amount=50_000,
        currency="CNY",
        settle_amount=6_391,
        settle_currency="EUR",
        provider="wechatpay",
        method="wechat_barcode",
    )


def refunded(house_id: int, now: datetime, intent_id: int = 1, refund_id: int = 1) -> RefundSucceeded:
    """The fact that a part went back."""
    return RefundSucceeded(
        house_id=house_id,
        occurred_at=now,
        refund_id=refund_id,
        intent_id=intent_id,
        reference=f"S-{intent_id}",
        amount=10_000,
        currency="CNY",
        settle_amount=1_278,
        settle_currency="EUR",
        provider="wechatpay",
    )


def tell(*facts: PaymentSucceeded | RefundSucceeded) -> None:
    """Tell facts in one transaction."""
    with transaction.atomic():
        publish_many(facts)
