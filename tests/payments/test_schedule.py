"""The daily round: each step once a day, late bills said aloud, nothing lost by a worker that dies."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from seta.events.models import Event
from seta.houses.operations import connect_account
from seta.houses.rules import SECRETS_NEEDED
from seta.kit.clock import BEIJING, UTC, beijing_day
from seta.ledger import queries as ledger
from seta.payments import operations as pay
from seta.payments import queries
from seta.payments.models import Bill, ScheduleStep, SettlementBatch
from seta.payments.rules import rounds
from tests.payments.bills import antom, line, pay_in
from tests.payments.conftest import LetterBox
from tests.payments.selling import World, make_world, own_keys
from tests.payments.test_collecting import now, paid_by_jsapi
from tests.sandbox_server import RunningSandbox

FRIDAY = date(2026, 11, 20)


def beijing(hour: int, minute: int = 0, day: date = FRIDAY) -> datetime:
    """An instant by the clock of Beijing."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BEIJING).astimezone(UTC)


def step_of(house_id: int, step: str, subject: str, at: datetime) -> Any:
    """One line of what the desk shows of the round."""
    rows = queries.schedule_of(house_id, now=at)
    return next(row for row in rows if (row.step, row.subject) == (step, subject))


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_a_bill_that_comes_is_reconciled_converted_and_settled_once(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    paid_by_jsapi(house_id, sandbox, letters, reference="S-1")
    day = beijing_day(now())
    sandbox.control("make_bill", provider="wechat", date=day.isoformat())
    noon = rounds.bill_ready_at(day) + timedelta(minutes=1)

    for minutes in (0, 1, 30):
        pay.run_schedule(noon + timedelta(minutes=minutes))
    evening = noon + timedelta(days=1)
    before = (Bill.objects.count(), SettlementBatch.objects.count())
    for minutes in (0, 1):
        pay.run_schedule(evening + timedelta(minutes=minutes))

    bill = ScheduleStep.objects.get(house_id=house_id, step="bill", subject="wechatpay", day=day)
    assert (bill.state, bill.attempts, bill.detail) == ("done", 1, "1 rows, 0 breaks")
    conversion = ScheduleStep.objects.get(house_id=house_id, step="conversion", subject="wechatpay", day=day)
    assert (conversion.state, conversion.detail) == ("done", "converted to EUR")
    assert ledger.balance(house_id, "receivable:wechatpay", "CNY") == 0
    assert before[0] == Bill.objects.count() == 2
    assert SettlementBatch.objects.filter(house_id=house_id).count() == 1
    assert ledger.balance(house_id, "merchant:house", "EUR") == 0


def test_before_ten_in_beijing_nothing_is_fetched(world: World) -> None:
    world.sell(100_000, at=beijing(12, day=FRIDAY - timedelta(days=1)))

    pay.run_schedule(beijing(9, 59))

    assert not ScheduleStep.objects.filter(step="bill", day=FRIDAY - timedelta(days=1)).exists()


def test_a_bill_that_is_late_is_retried_and_from_noon_an_alarm_once(world: World) -> None:
    world.sell(100_000, at=beijing(12, day=FRIDAY - timedelta(days=1)))
    for minute in range(0, 121, 5):
        pay.run_schedule(beijing(10) + timedelta(minutes=minute))
    morning = step_of(world.house_id, "bill", "alipay", beijing(11))
    pay.run_schedule(beijing(13))
    pay.run_schedule(beijing(14))

    late = step_of(world.house_id, "bill", "alipay", beijing(14))
    (alarm,) = queries.breaks(world.house_id, now=beijing(14))
    assert morning.state == "failed" and morning.attempts >= 5 and morning.outcome
    assert (late.is_late, late.day, late.next_run_at) == (True, FRIDAY - timedelta(days=1), beijing(14, 30))
    assert (alarm.category, alarm.key) == ("file_error", "B:2026-11-19")
    assert Event.objects.filter(name="payments.bill.late").count() == 1


def test_no_bill_of_a_day_without_payments_is_no_alarm(world: World) -> None:
    pay.run_schedule(beijing(10, 30))
    pay.run_schedule(beijing(12, 30))

    row = step_of(world.house_id, "bill", "alipay", beijing(12, 30))
    assert (row.state, row.is_late) == ("none", False)
    assert row.next_run_at == beijing(10, day=FRIDAY + timedelta(days=1))
    assert queries.breaks(world.house_id, now=beijing(13)) == []


def test_a_file_that_the_provider_hands_to_the_house_alone_is_asked_for_until_it_is_brought(
    world: World,
) -> None:
    day = FRIDAY - timedelta(days=1)
    connect_account(
        house_id=world.house_id,
        family="antom",
        app_id="SANDBOX_1",
        base_url="http://127.0.0.1:9",
        secrets=antom_keys(),
        now=beijing(1),
    )
    pay_in(world.house_id, "antom", "a1", 100_000, at=beijing(12, day=day))

    pay.run_schedule(beijing(10, 1))
    asked = step_of(world.house_id, "bill", "antom", beijing(10, 2))
    pay.run_schedule(beijing(12, 30))
    late = step_of(world.house_id, "bill", "antom", beijing(12, 31))
    content = antom([line("P", "a1", 100_000)])
    pay.reconcile_bill(house_id=world.house_id, provider="antom", day=day, content=content, now=beijing(13))
    pay.run_schedule(beijing(13, 30))

    done = step_of(world.house_id, "bill", "antom", beijing(13, 31))
    assert (asked.state, asked.is_late) == ("failed", False) and "upload" in asked.outcome
    assert late.is_late and Event.objects.filter(name="payments.bill.late").count() == 1
    assert (done.state, done.outcome) == ("done", "1 rows, 0 breaks")
    assert queries.breaks(world.house_id, now=beijing(14)) == []
    conversion = step_of(world.house_id, "conversion", "antom", beijing(13, 31))
    assert conversion.state == "done"


def antom_keys() -> dict[str, str]:
    """Secrets of an account at which nobody answers."""
    keys = dict.fromkeys(SECRETS_NEEDED["antom"], "")
    private = own_keys()["app_private_key"]
    public = own_keys()["alipay_public_key"]
    return {name: public if "public" in name else private for name in keys}


def test_each_payee_is_settled_at_its_own_cut_off(world: World) -> None:
    pay.set_payee(
        house_id=world.house_id,
        code="forno",
        name="Forno Brera",
        currency="EUR",
        schedule="weekly",
        schedule_day=4,
        cutoff_hour=18,
        now=beijing(1),
    )
    noon_in_milan = datetime(2026, 11, 20, 11, tzinfo=UTC)
    world.sell(300_000, payee="forno", at=noon_in_milan)
    world.sell(300_000, at=noon_in_milan)

    pay.run_schedule(datetime(2026, 11, 20, 16, 59, tzinfo=UTC))
    early = SettlementBatch.objects.count()
    for _ in range(2):
        pay.run_schedule(datetime(2026, 11, 20, 17, tzinfo=UTC))
    partner = SettlementBatch.objects.filter(payee__code="forno").count()
    pay.run_schedule(datetime(2026, 11, 20, 23, 0, tzinfo=UTC))

    assert (early, partner) == (0, 1)
    assert SettlementBatch.objects.filter(payee__isnull=True).count() == 1
    row = step_of(world.house_id, "settlement", "forno:EUR", datetime(2026, 11, 21, tzinfo=UTC))
    assert row.outcome.endswith("prepared")
    assert row.next_run_at == datetime(2026, 11, 27, 17, tzinfo=UTC)


def test_a_step_whose_worker_died_is_taken_up_by_the_next_after_its_lease(world: World) -> None:
    world.sell(300_000, at=datetime(2026, 11, 20, 11, tzinfo=UTC))
    at = datetime(2026, 11, 20, 23, 1, tzinfo=UTC)
    ScheduleStep.objects.create(
        house_id=world.house_id,
        step="settlement",
        subject="house:EUR",
        day=FRIDAY,
        state="waiting",
        attempts=1,
        tried_at=at,
        next_at=at + rounds.LEASE,
    )

    pay.run_schedule(at)
    during = SettlementBatch.objects.count()
    pay.run_schedule(at + rounds.LEASE)

    assert (during, SettlementBatch.objects.count()) == (0, 1)


def test_a_batch_made_by_hand_before_the_round_is_not_made_again(world: World) -> None:
    world.sell(300_000, at=datetime(2026, 11, 20, 11, tzinfo=UTC))
    at = datetime(2026, 11, 20, 23, 1, tzinfo=UTC)
    pay.settle(house_id=world.house_id, currency="EUR", day=FRIDAY, now=at)

    pay.run_schedule(at)

    assert SettlementBatch.objects.count() == 1
