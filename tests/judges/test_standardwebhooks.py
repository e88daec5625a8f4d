"""standardwebhooks 1.1.0 from PyPI verifies what really left, while one secret follows another, and finds forgeries."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seta.webhooks.courier import Courier
from seta.webhooks.operations import rotate_secret
from tests.judges.environment import environment, run
from tests.webhooks.conftest import (
    bring_all,
    courier,
    hear,
    house_id,
    paid,
    receiver,
    refunded,
    table_in_force,
    tell,
)
from tests.webhooks.receiver import Arrived, Receiver

__all__ = ["courier", "house_id", "receiver", "table_in_force"]

SCRIPT = Path(__file__).parent / "standardwebhooks_receiver.py"
PINS = ("standardwebhooks==1.1.0",)

pytestmark = [pytest.mark.judge, pytest.mark.slow]


def told(one: Arrived, secret: str, body: str | None = None) -> dict[str, object]:
    """A message as the judge gets it."""
    return {"secret": secret, "headers": one.headers, "body": one.body.decode() if body is None else body}


def test_the_specifications_library_believes_our_messages_and_no_altered_one(
    house_id: int, receiver: Receiver, courier: Courier
) -> None:
    python = environment("standardwebhooks", PINS)
    now = datetime.now(UTC)
    endpoint_id = hear(house_id, receiver, now)
    old = receiver.secret
    tell(paid(house_id, now))
    bring_all(courier, now + timedelta(seconds=1))
    new = rotate_secret(endpoint_id=endpoint_id, house_id=house_id, now=now).secret
    tell(refunded(house_id, now))
    bring_all(courier, now + timedelta(seconds=2))
    first, second = receiver.arrived

    found = run(
        python,
        SCRIPT,
        {
            "messages": [
                told(first, old),
                told(second, old),
                told(second, new),
                told(first, new),
                told(first, old, first.body.decode().replace("50000", "50001")),
            ]
        },
    )["found"]

    assert [one["said"]["type"] for one in found[:3]] == [
        "payments.payment.succeeded",
        "payments.refund.succeeded",
        "payments.refund.succeeded",
    ]
    assert all("refused" in one for one in found[3:])
