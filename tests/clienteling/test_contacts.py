"""A client scans an associate's code; WeCom's own answers, over the wire, make them known, greeted and archived."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from seta.callbacks.rules import Inbound
from seta.clienteling import operations, queries
from seta.clienteling.events import ContactAdded
from seta.clienteling.models import ClientBookEntry
from seta.clienteling.rules import Refusal, Refused, welcome_text
from seta.events.models import Event
from seta.houses.operations import connect_account
from seta.houses.queries import account
from seta.oversight import operations as oversight
from seta.oversight import queries as archive
from seta.oversight.rules import Action
from seta.people import queries as people
from seta.people.models import Identity
from seta.people.operations import recognise
from seta.people.rules import IdentityKey
from tests.clienteling.conftest import Floor
from tests.sandbox_server import RunningSandbox

KIND = "event.change_external_contact."


def now() -> datetime:
    return datetime.now(UTC)


def connect(floor: Floor, sandbox: RunningSandbox) -> None:
    config = sandbox.config["wecom"]
    secrets = {key: str(value) for key, value in config.items() if key != "corpid"}
    connect_account(
        house_id=floor.house,
        family="wecom",
        app_id=config["corpid"],
        base_url=sandbox.base_url,
        secrets=secrets,
        now=now(),
    )


def inbound(floor: Floor, change: str, answer: dict[str, Any]) -> Inbound:
    """The event that the sandbox's answer stands for, as callbacks hand it over."""
    found = account(floor.house, "wecom")
    fields = {
        "ChangeType": change,
        "UserID": answer["userid"],
        "ExternalUserID": answer["external_userid"],
        "State": answer.get("state", ""),
        "WelcomeCode": answer.get("welcome_code", ""),
        "CreateTime": str(int(now().timestamp())),
    }
    return Inbound(1, floor.house, found.id, found.app_id, "wecom", "x", KIND + change, fields, now())


def scan(floor: Floor, sandbox: RunningSandbox) -> ContactAdded:
    """The client scans a code of ss27 and the callback is handled."""
    way = operations.create_contact_way(
        house_id=floor.house, associate_id=floor.yue, campaign="ss27", boutique="monte-napoleone", now=now()
    )
    answer = sandbox.control(
        "add_contact", config_id=way.config_id, external_userid=sandbox.config["wecom"]["external_userid"]
    )
    with transaction.atomic():
        operations.on_contact_added(inbound(floor, "add_external_contact", answer), now())
    body = Event.objects.get(name="clienteling.contact.added").body
    return ContactAdded(**{**body, "occurred_at": now()})


def test_a_code_is_made_once_and_carries_a_short_state(floor: Floor, sandbox: RunningSandbox) -> None:
    connect(floor, sandbox)
    asked: dict[str, Any] = {
        "house_id": floor.house,
        "associate_id": floor.yue,
        "campaign": "ss27",
        "boutique": "brera",
    }

    first = operations.create_contact_way(now=now(), **asked)
    second = operations.create_contact_way(now=now(), **asked)

    assert first == second
    assert first.qr_url and len(first.state) <= 30
    assert len(queries.contact_ways(floor.house)) == 1


def test_an_unknown_associate_has_no_code(floor: Floor) -> None:
    with pytest.raises(Refused) as refused:
        operations.create_contact_way(
            house_id=floor.house, associate_id=99_999, campaign="", boutique="", now=now()
        )

    assert refused.value.refusal is Refusal.UNKNOWN


def test_a_scan_makes_the_client_known_with_their_campaign(floor: Floor, sandbox: RunningSandbox) -> None:
    connect(floor, sandbox)

    fact = scan(floor, sandbox)

    assert (fact.campaign, fact.associate_id, fact.boutique) == ("ss27", floor.yue, "monte-napoleone")
    assert archive.coverage(floor.house, now=now()).unasked == 1
    assert queries.contact_ways(floor.house)[0].clients == 1


def test_the_welcome_is_sent_once(floor: Floor, sandbox: RunningSandbox) -> None:
    connect(floor, sandbox)
    fact = scan(floor, sandbox)

    operations.greet_contact(fact, now())
    operations.greet_contact(fact, now())

    entry = ClientBookEntry.objects.get(pk=fact.entry_id)
    assert (entry.welcome_state, entry.welcome_code) == ("sent", "")
    calls = [each for each in sandbox.journal() if "send_welcome_msg" in str(each.get("path"))]
    assert len(calls) == 1


def test_a_welcome_that_comes_too_late_is_not_tried_again(floor: Floor, sandbox: RunningSandbox) -> None:
    connect(floor, sandbox)
    fact = scan(floor, sandbox)
    sandbox.control("advance", seconds=30)

    operations.greet_contact(fact, now())

    assert ClientBookEntry.objects.get(pk=fact.entry_id).welcome_state == "too late"


def test_a_unionid_makes_the_contact_one_with_the_mini_programs_person(
    floor: Floor, sandbox: RunningSandbox
) -> None:
    connect(floor, sandbox)
    fact = scan(floor, sandbox)
    contact_id = fact.person_id
    operations.enrich_contact(fact, now())
    assert contact_id is not None
    unionid = _unionid(contact_id)
    keys = [IdentityKey("openid", "wxmp", "o-chen"), IdentityKey("unionid", "", unionid)]

    person_id = recognise(house_id=floor.house, identities=keys, now=now())

    assert people.current_id(contact_id) == people.current_id(person_id)
    assert people.card(person_id).display_name


def _unionid(person_id: int) -> str:
    return Identity.objects.get(person_id=person_id, kind="unionid").value


def test_from_scan_to_reviewed_breach(floor: Floor, sandbox: RunningSandbox) -> None:
    connect(floor, sandbox)
    fact = scan(floor, sandbox)
    pair = {
        "userid": fact.userid,
        "external_userid": ClientBookEntry.objects.get(pk=fact.entry_id).external_userid,
    }
    agreed = sandbox.control("consent", **pair)
    with transaction.atomic():
        operations.on_agreement(inbound(floor, "msg_audit_approved", agreed), now())
    for sender, content in (
        ("sa", "陈女士您好"),
        ("client", "丝巾还有吗？"),
        ("sa", "有的，为您留着"),
        ("sa", "这里不方便，加我私人微信吧"),
    ):
        assert sandbox.control("wecom_message", sender=sender, content=content, **pair)["archived"]

    report = oversight.pull_archive(house_id=floor.house, now=now())

    assert (report.archived, report.dead, report.alerts) == (5, 0, 1)
    alerts = archive.alerts(floor.house, now=now())
    assert [(alert.rule, alert.person_id) for alert in alerts] == [("contact.off-platform", fact.person_id)]
    assert fact.person_id is not None and people.has_agreed(fact.person_id, "archive")
    assert archive.coverage(floor.house, now=now()).share == 1.0
    assert oversight.refresh_agreements(house_id=floor.house, now=now()) == 0
    assert archive.verify_audit(floor.house).ok


def test_a_stranger_associate_is_ignored(floor: Floor, sandbox: RunningSandbox) -> None:
    connect(floor, sandbox)
    answer = {"userid": "nobody", "external_userid": "wm" + "z" * 30}

    with transaction.atomic():
        operations.on_contact_added(inbound(floor, "add_external_contact", answer), now())
        operations.on_agreement(inbound(floor, "msg_audit_approved", answer), now())

    assert not Event.objects.filter(name="clienteling.contact.added").exists()


def test_a_client_who_leaves_ends_the_pair_and_may_come_back(floor: Floor, sandbox: RunningSandbox) -> None:
    connect(floor, sandbox)
    fact = scan(floor, sandbox)
    entry = ClientBookEntry.objects.get(pk=fact.entry_id)
    pair = {"userid": fact.userid, "external_userid": entry.external_userid}

    with transaction.atomic():
        operations.on_contact_lost(inbound(floor, "del_follow_user", pair), now())
    ended = ClientBookEntry.objects.get(pk=entry.pk).ended_at
    with transaction.atomic():
        operations.on_contact_added(inbound(floor, "add_external_contact", pair), now())

    assert ended is not None
    assert ClientBookEntry.objects.get(pk=entry.pk).ended_at is None


def test_what_the_machine_says_first_passes_its_own_policy(floor: Floor) -> None:
    text = welcome_text(house="Serica Milano", associate="林悦")

    verdict = oversight.clear_to_send(house_id=floor.house, channel="welcome", text=text, now=now())

    assert verdict.action is Action.ALLOW
