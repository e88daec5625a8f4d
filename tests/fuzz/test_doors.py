"""Seta's callback doors under ten thousand malformed pushes, with the handlers they have in production."""

import asyncio
import itertools
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps

from seta.callbacks.doors import CallbackDoors
from seta.callbacks.keeper import Keeper
from seta.callbacks.models import Refusal
from seta.site import wiring
from tests.callbacks.world import open_doors
from tests.fuzz.asgi import Call, ask
from tests.fuzz.door_calls import DoorCalls

REQUESTS = 10_000

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Ten thousand refusals need not all be logged."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def rows() -> dict[str, list[Any]]:
    """Every row of every table but the log of refusals."""
    return {
        model._meta.label: sorted(map(repr, model._default_manager.values_list()))
        for model in apps.get_models()
        if model is not Refusal
    }


async def storm(app: CallbackDoors, calls: Iterator[Call]) -> list[str]:
    """The pushes that were answered with 5xx."""
    broken = []
    for call in calls:
        status, body = await ask(app, call)
        if status >= 500 or status == 0:
            broken.append(f"{status} {body[:200]!r} <- {call}")
    return broken


def test_ten_thousand_malformed_pushes_break_nothing_and_are_not_kept() -> None:
    with open_doors() as doors:
        keeper = Keeper(wiring.callback_table())
        keeper.start()
        before = rows()
        calls = itertools.islice(iter(DoorCalls(doors.accounts, seed=1)), REQUESTS)

        broken = asyncio.run(storm(CallbackDoors(keeper), calls))

        keeper.stop()
        after = rows()
    assert broken == []
    assert {label: kept for label, kept in after.items() if kept != before[label]} == {}
    assert Refusal.objects.count() > 0
