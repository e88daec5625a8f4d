"""A policy is tried on history: what it would have raised a day, by rule, with the same sample each time."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from seta.houses.operations import found_house
from seta.oversight.models import Alert, BodyKey, Hit
from seta.oversight.operations.rescanning import RescanReport, rescan
from seta.oversight.policy import shipped
from seta.oversight.rules import compile_documents, judge
from seta.oversight.rules.alerting import by_category, leading
from seta.oversight.rules.rescanning import CHANNEL, NONCE_BYTES, Judging, Kept
from seta.people.models import Person
from tests.oversight.archived import Said, keep

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BREACH = "您直接微信转账到我私人账户就行，别走公司"


@pytest.fixture
def house(db: None) -> int:
    return found_house(code="serica", name="Serica Milano", kind="maison")


def scanned(house: int, since: datetime = NOON - timedelta(days=1), **how: int) -> RescanReport:
    return rescan(house_id=house, policy=shipped(), since=since, now=NOON + timedelta(days=9), **how)


def alerts_in(text: str) -> list[str]:
    """The rules that name the alerts which the archive would open for a text."""
    verdict = judge(text, channel=CHANNEL, sender="sa", policy=shipped())
    hits = (*verdict.hits, *verdict.supporting, *verdict.shadow)
    return [leading(each, shipped()).rule for each in by_category(hits, shipped())]


def test_what_would_have_been_raised_is_counted_by_day_and_rule(house: int) -> None:
    talk = ["您好，欢迎光临", BREACH, Said(BREACH, after=timedelta(days=3))]
    _, first, second = keep(house, talk, at=NOON)
    expected = alerts_in(BREACH)
    report = scanned(house)
    assert expected and dict(report.by_rule) == dict.fromkeys(expected, 2)
    assert (report.messages, report.unreadable, report.alerts) == (3, 0, 2 * len(expected))
    assert [day.isoformat() for day, _ in report.by_day] == ["2026-11-22", "2026-11-25"]
    assert {finding.message_id for finding in report.sample} == {first, second}
    assert report.alerts_a_day == report.alerts / 10
    assert not Hit.objects.exists() and not Alert.objects.exists()


def test_only_the_period_and_the_house_are_judged(house: int) -> None:
    other = found_house(code="altra", name="Altra", kind="maison")
    keep(other, [BREACH], at=NOON)
    keep(house, [BREACH], at=NOON - timedelta(days=30))
    assert scanned(house).messages == 0
    assert scanned(house, since=NOON - timedelta(days=40)).messages == 1


def test_what_is_said_again_is_found_again_in_its_own_message(house: int) -> None:
    again = Said(BREACH, after=timedelta(days=1))
    kept = keep(house, [BREACH, BREACH, "您好", again, "您好"], at=NOON)
    report = scanned(house)
    assert (report.messages, report.alerts) == (5, 3 * len(alerts_in(BREACH)))
    assert {finding.message_id for finding in report.sample} == {kept[0], kept[1], kept[3]}
    assert [count for _, count in report.by_day] == [2 * len(alerts_in(BREACH)), len(alerts_in(BREACH))]


def test_a_text_is_judged_for_each_side_by_itself() -> None:
    policy = compile_documents(
        {
            "one.yaml": """rules:
  - id: only.staff
    category: contact
    severity: high
    applies: {sender: [sa]}
    match: {any: [{terms: {words: [暗号], tiers: [exact]}}]}
    actions: {default: hold, archive: flag}
    review: {sla_hours: 4}
    message_to_sa: {zh: 请勿, en: Do not, it: Evitare}
    tests: {hit: [暗号, 请暗号, "暗号。"], miss: [您好, 新款, 谢谢]}
"""
        }
    )
    judging, secret = Judging(policy), bytes(32)

    def kept(number: int, sender: str) -> Kept:
        sealed = bytes(NONCE_BYTES) + AESGCM(secret).encrypt(bytes(NONCE_BYTES), "暗号".encode(), b"1:m")
        return Kept(number, 1, sender, "1:m", secret, sealed)

    judged = judging.chunk([kept(1, "client"), kept(2, "sa"), kept(3, "client"), kept(4, "sa")])

    assert [finding.message_id for finding in judged.findings] == [2, 4]
    assert (judged.messages, judged.unreadable) == (4, 0)


def test_erased_words_are_counted_as_unreadable(house: int) -> None:
    person = Person.objects.create(house_id=house, created_at=NOON)
    keep(house, [Said(BREACH, person_id=person.pk), "您好"], at=NOON)
    BodyKey.objects.filter(person=person).update(sealed=None, destroyed_at=NOON)
    report = scanned(house)
    assert (report.messages, report.unreadable, report.alerts) == (1, 1, 0)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_processes_find_what_one_process_finds() -> None:
    house = found_house(code="serica", name="Serica Milano", kind="maison")
    keep(
        house, [BREACH if number % 50 == 0 else f"第{number}位客人，您好" for number in range(2_500)], at=NOON
    )
    alone, together = scanned(house, processes=1), scanned(house, processes=2)
    assert together.processes == 2 and together.messages == 2_500
    assert (together.by_rule, together.by_day, together.sample) == (
        alone.by_rule,
        alone.by_day,
        alone.sample,
    )
