"""A message opens one alert a category: the gravest rule leads, the others stay on it as evidence."""

from collections import Counter
from datetime import timedelta

from seta.events.models import Event
from seta.oversight import queries
from seta.oversight.models import Alert, Hit
from seta.oversight.operations import PullReport, pull_archive
from seta.oversight.operations.rescanning import rescan
from seta.oversight.rules import Policy, compile_documents
from tests.oversight.archive_server import Archive
from tests.oversight.evidence_world import NOON, OTHER, message

RULE = """  - id: {id}
    category: {category}
    severity: {severity}
    applies: {{sender: [sa]}}
    match: {{any: [{{terms: {{words: [{term}], tiers: [exact, normalised]}}}}]}}
    actions: {{default: hold, archive: flag}}
    review: {{sla_hours: {hours}}}
    threshold: {{dedupe_hours: {dedupe}}}
    message_to_sa: {{zh: 请勿, en: Do not, it: No}}
    tests: {{hit: [{term}, 请{term}, "{term}。"], miss: [您好, 新款, 谢谢]}}
"""
RULES = (
    ("pay.mild", "payment", "low", "鼍齉", 2),
    ("pay.grave", "payment", "critical", "龘麤", 24),
    ("pay.overlapping", "payment", "medium", "龘麤灪", 8),
    ("tone.other", "rude", "medium", "爨驫", 8),
)


def policy(dedupe: int = 0) -> Policy:
    names = ("id", "category", "severity", "term", "hours")
    written = [RULE.format(**dict(zip(names, rule, strict=True)), dedupe=dedupe) for rule in RULES]
    return compile_documents({"test.yaml": "rules:\n" + "".join(written)})


def pull(house: int, archive: Archive, *said: str, first: int = 1, dedupe: int = 0) -> PullReport:
    for place, text in enumerate(said, start=first):
        archive.say(place, message(place, text, OTHER, NOON + timedelta(minutes=place)))
    return pull_archive(house_id=house, now=NOON, policy=policy(dedupe))


def opened() -> list[tuple[int, str, str]]:
    return list(Alert.objects.order_by("pk").values_list("message__seq", "rule", "severity"))


def test_hits_of_one_category_apart_in_a_message_open_one_alert_by_the_gravest(
    connected: int, archive: Archive
) -> None:
    report = pull(connected, archive, "鼍齉，您好，龘麤，您好，鼍齉")

    assert (report.alerts, opened()) == (1, [(1, "pay.grave", "critical")])
    assert Event.objects.filter(name="oversight.alert.opened").count() == 1
    assert queries.verify_audit(connected).ok


def test_the_most_urgent_rule_sets_the_deadline(connected: int, archive: Archive) -> None:
    pull(connected, archive, "鼍齉，您好，龘麤")

    assert Alert.objects.get().due_at == NOON + timedelta(hours=2)


def test_every_hit_stays_as_evidence_also_one_that_a_graver_one_covers(
    connected: int, archive: Archive
) -> None:
    pull(connected, archive, "鼍齉，您好，龘麤灪")

    assert set(Hit.objects.values_list("rule", flat=True)) == {"pay.mild", "pay.grave", "pay.overlapping"}
    view = queries.conversation_view(house_id=connected, conversation=f"linyue:{OTHER}")
    assert view is not None
    assert "".join(piece.text for piece in view.messages[0].pieces if piece.rules) == "鼍齉龘麤灪"


def test_two_categories_open_two_alerts_and_two_messages_as_well(connected: int, archive: Archive) -> None:
    pull(connected, archive, "鼍齉，爨驫", "您好，鼍齉")

    assert opened() == [(1, "pay.mild", "low"), (1, "tone.other", "medium"), (2, "pay.mild", "low")]


def test_a_repeat_of_what_only_stood_beside_the_alert_is_merged_too(connected: int, archive: Archive) -> None:
    pull(connected, archive, "鼍齉，您好，龘麤", "鼍齉", dedupe=24)
    pull(connected, archive, "您好，鼍齉", first=3, dedupe=24)

    assert opened() == [(1, "pay.grave", "critical")]


def test_a_graver_rule_beside_a_repeat_opens_an_alert_of_its_own(connected: int, archive: Archive) -> None:
    pull(connected, archive, "鼍齉", dedupe=24)
    pull(connected, archive, "鼍齉，您好，龘麤", first=2, dedupe=24)

    assert opened() == [(1, "pay.mild", "low"), (2, "pay.grave", "critical")]


def test_once_the_alert_is_closed_a_repeat_opens_another(connected: int, archive: Archive) -> None:
    pull(connected, archive, "鼍齉，您好，龘麤", dedupe=24)
    Alert.objects.update(state=Alert.State.CLOSED, closed_at=NOON)

    pull(connected, archive, "鼍齉", first=2, dedupe=24)

    assert opened() == [(1, "pay.grave", "critical"), (2, "pay.mild", "low")]


def test_history_judged_anew_opens_the_alerts_that_the_archive_has_opened(
    connected: int, archive: Archive
) -> None:
    pull(connected, archive, "鼍齉，您好，龘麤灪", "爨驫，鼍齉", "您好", "鼍齉，鼍齉")

    report = rescan(
        house_id=connected, policy=policy(), since=NOON - timedelta(days=1), now=NOON + timedelta(days=1)
    )

    opened_by_rule = Counter(Alert.objects.values_list("rule", flat=True))
    assert dict(report.by_rule) == opened_by_rule
    assert report.alerts == Alert.objects.count() == 4
