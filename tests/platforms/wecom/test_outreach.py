"""The WeCom client's mass messages, Moments, intercept rules, hand-overs and chats against the sandbox."""

from dataclasses import replace

import pytest

from seta.platforms.core.errors import PlatformError
from seta.platforms.wecom import InterceptRule
from tests.platforms.wecom.test_clients import wecom
from tests.sandbox_server import RunningSandbox


def test_a_mass_message_is_prepared_confirmed_and_counted(sandbox: RunningSandbox) -> None:
    client, config = wecom(sandbox), sandbox.config["wecom"]
    pair = {"userid": config["userid"], "external_userid": config["external_userid"]}
    sandbox.control("add_contact", **pair)

    prepared = client.add_msg_template(
        sender=config["userid"], text="新品预览", customers=[config["external_userid"], "wm-unknown"]
    )
    waiting = client.groupmsg_tasks(prepared.msgid)
    client.remind_groupmsg_send(prepared.msgid)
    sandbox.control("confirm_mass", msgid=prepared.msgid)

    assert prepared.unreachable == ("wm-unknown",)
    assert [(task.userid, task.sent_at) for task in waiting] == [(config["userid"], None)]
    (result,) = client.groupmsg_results(prepared.msgid, config["userid"])
    assert (result.target, result.status, result.sent_at is not None) == (
        config["external_userid"],
        "sent",
        True,
    )
    client.cancel_groupmsg_send(prepared.msgid)
    with pytest.raises(PlatformError) as nobody:
        client.add_msg_template(sender=config["userids"][1], text="新品预览")
    assert nobody.value.code == "41048"


def test_a_moment_is_prepared_published_and_liked(sandbox: RunningSandbox) -> None:
    client, config = wecom(sandbox), sandbox.config["wecom"]
    pair = {"userid": config["userid"], "external_userid": config["external_userid"]}
    sandbox.control("add_contact", **pair)

    job = client.moment_task_result(
        client.add_moment_task(text="今日米兰", users=[config["userid"], "nobody"])
    )
    before = client.moment_publishers(job.moment_id)
    sandbox.control("moment_publish", userid=config["userid"], moment_id=job.moment_id)
    sandbox.control("moment_react", **pair, moment_id=job.moment_id, kind="like")

    assert (job.done, job.invalid_users) == (True, ("nobody",))
    assert (before, client.moment_publishers(job.moment_id)) == (
        {config["userid"]: False},
        {config["userid"]: True},
    )
    reactions = client.moment_comments(job.moment_id, config["userid"])
    assert (reactions.comments, reactions.likes) == ((), (config["external_userid"],))
    client.cancel_moment_task(job.moment_id)


def test_intercept_rules_are_compared_and_changed_by_difference(sandbox: RunningSandbox) -> None:
    client, (lin, marco) = wecom(sandbox), sandbox.config["wecom"]["userids"]
    rule = InterceptRule("contacts", frozenset({"微信号"}), frozenset({lin}), semantics=frozenset({"phone"}))
    wanted = replace(rule, users=frozenset({marco}), blocks=False, words=frozenset({"支付宝", "转账"}))

    rule_id = client.add_intercept_rule(rule)
    made = client.intercept_rules()
    client.update_intercept_rule(rule_id, before=rule, after=wanted)

    assert made == {rule_id: rule}
    assert client.intercept_rule(rule_id) == wanted
    client.del_intercept_rule(rule_id)
    assert client.intercept_rules() == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 21},
        {"words": frozenset()},
        {"words": frozenset({"w" * 33})},
        {"words": frozenset(map(str, range(301)))},
        {"users": frozenset()},
        {"semantics": frozenset({"poem"})},
    ],
)
def test_a_rule_that_wecom_would_refuse_is_refused_before_it_is_sent(wrong: dict[str, str]) -> None:
    fields = {"name": "n", "words": frozenset({"w"}), "users": frozenset({"u"}), **wrong}

    with pytest.raises(ValueError, match=r"rule|semantics"):
        InterceptRule(**fields)  # type: ignore[arg-type]


def test_a_customer_is_handed_over(sandbox: RunningSandbox) -> None:
    client, config = wecom(sandbox), sandbox.config["wecom"]
    lin, marco = config["userids"]
    external = config["external_userid"]
    sandbox.control("add_contact", userid=lin, external_userid=external)

    asked = client.transfer_customers(handover=lin, takeover=marco, customers=[external, "wm0"])
    (waiting,) = client.transfer_states(handover=lin, takeover=marco)
    sandbox.control("answer_transfer", external_userid=external)
    (done,) = client.transfer_states(handover=lin, takeover=marco)
    sandbox.control("resign", userid=marco)

    assert asked == {external: 0, "wm0": 40096}
    assert (waiting.status, done.status) == ("waiting", "taken_over")
    assert client.unassigned_customers() == ((marco, external),)


def test_chats_and_figures_are_read(sandbox: RunningSandbox) -> None:
    client, config = wecom(sandbox), sandbox.config["wecom"]
    lin, external = config["userid"], config["external_userid"]
    now = int(sandbox.control("settle")["now"])
    sandbox.control("add_contact", userid=lin, external_userid=external)
    sandbox.control("wecom_message", userid=lin, external_userid=external, sender="sa", content="您好")
    chat = sandbox.control("create_group_chat", owner=lin, members=[external], name="春夏")["chat_id"]

    (figures,) = client.behaviour([lin], start=now, end=now)

    assert client.group_chats([lin]) == (chat,)
    assert client.group_chat(chat).members == (lin, external)
    assert (figures.messages, figures.chats, figures.new_contacts) == (1, 1, 1)
    archive = wecom(sandbox, "archive")
    assert archive.permit_users(1) == ()
    assert archive.room_agreements(chat) == {external: "Default_Agree"}
