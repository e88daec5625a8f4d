"""The WeCom client and the archive against the sandbox, over HTTP."""

from dataclasses import replace

import httpx
import pytest

from seta.platforms.core.errors import ErrorKind, PlatformError
from seta.platforms.core.tokens import TokenStore
from seta.platforms.wecom import SandboxArchive, WeCom
from tests.sandbox_server import RunningSandbox


def wecom(sandbox: RunningSandbox, application: str = "contact") -> WeCom:
    config = sandbox.config["wecom"]
    return WeCom(
        corpid=config["corpid"],
        secret=config[f"{application}_secret"],
        base_url=sandbox.base_url,
        pause=lambda _: None,
        tokens=TokenStore(),
    )


@pytest.fixture
def archive(sandbox: RunningSandbox) -> SandboxArchive:
    config = sandbox.config["wecom"]
    return SandboxArchive(
        base_url=sandbox.base_url,
        corpid=config["corpid"],
        secret=config["archive_secret"],
        private_keys={config["archive_publickey_ver"]: config["archive_private_key"]},
        pause=lambda _: None,
    )


def test_contact_code_leads_to_a_customer_with_its_state(sandbox: RunningSandbox) -> None:
    client, config = wecom(sandbox), sandbox.config["wecom"]
    userid, external = config["userid"], config["external_userid"]

    way = client.add_contact_way(users=[userid], state="a=lin;p=brera", remark="till")
    added = sandbox.control("add_contact", external_userid=external, config_id=way.config_id)
    contact = client.externalcontact_get(external)

    assert way.qr_code
    assert client.get_contact_way(way.config_id).users == (userid,)
    assert added["state"] == "a=lin;p=brera"
    assert [(follow.userid, follow.state) for follow in contact.follow_users] == [(userid, "a=lin;p=brera")]
    assert contact.unionid
    client.del_contact_way(way.config_id)
    with pytest.raises(PlatformError):
        client.get_contact_way(way.config_id)


def test_new_contact_is_greeted_once_and_remarked(sandbox: RunningSandbox) -> None:
    client, config = wecom(sandbox), sandbox.config["wecom"]
    external = config["external_userid"]
    code = sandbox.control("add_contact", external_userid=external, userid=config["userid"])["welcome_code"]

    client.send_welcome_msg(welcome_code=code, text="您好，我是林悦")
    client.remark(userid=config["userid"], external_userid=external, remark="陈晓 女士")
    with pytest.raises(PlatformError) as refused:
        client.send_welcome_msg(welcome_code=code, text="您好")

    assert refused.value.kind is ErrorKind.STATE
    assert client.externalcontact_get(external).follow_users[0].remark == "陈晓 女士"


def test_customer_is_tagged_and_an_unknown_tag_is_refused(sandbox: RunningSandbox) -> None:
    client, config = wecom(sandbox), sandbox.config["wecom"]
    pair = {"userid": config["userid"], "external_userid": config["external_userid"]}
    sandbox.control("add_contact", **pair)
    made = httpx.post(
        f"{sandbox.base_url}/cgi-bin/externalcontact/add_corp_tag",
        params={"access_token": client.access_token()},
        json={"group_name": "interest", "tag": [{"name": "silk"}]},
        trust_env=False,
    ).json()
    tag = made["tag_group"]["tag"][0]["id"]

    client.mark_tag(**pair, add=[tag])

    assert client.externalcontact_get(pair["external_userid"]).follow_users[0].tag_ids == (tag,)
    client.mark_tag(**pair, remove=[tag])
    assert client.externalcontact_get(pair["external_userid"]).follow_users[0].tag_ids == ()
    with pytest.raises(PlatformError) as refused:
        client.mark_tag(**pair, add=["et-unknown"])
    assert refused.value.kind is ErrorKind.INVALID


def test_stranger_is_no_contact(sandbox: RunningSandbox) -> None:
    with pytest.raises(PlatformError) as refused:
        wecom(sandbox).externalcontact_get(sandbox.config["wecom"]["external_userid"])

    assert refused.value.code == "84061"
    assert refused.value.kind is ErrorKind.DENIED


def test_member_receives_a_message_of_the_application(sandbox: RunningSandbox) -> None:
    config = sandbox.config["wecom"]

    sent = wecom(sandbox, "agent").message_send(
        users=[config["userid"], "nobody"], agentid=config["agentid"], text="新的预警待处理"
    )

    assert sent.message_id
    assert sent.invalid == ("nobody",)


def test_archived_conversation_is_fetched_and_opened_in_order(
    sandbox: RunningSandbox, archive: SandboxArchive
) -> None:
    config = sandbox.config["wecom"]
    pair = {"userid": config["userid"], "external_userid": config["external_userid"]}
    sandbox.control("add_contact", **pair)
    sandbox.control("consent", **pair)
    for index in range(3):
        sandbox.control("wecom_message", **pair, sender="client", content=f"第{index}句")

    records = archive.get_chat_data(0)
    opened = [archive.open(record) for record in records]
    texts = [message["text"]["content"] for message in opened if message["msgtype"] == "text"]

    assert texts == ["第0句", "第1句", "第2句"]
    assert [record.seq for record in records] == sorted(record.seq for record in records)
    assert archive.get_chat_data(records[-1].seq) == ()
    assert len(archive.get_chat_data(records[0].seq, limit=1)) == 1
    with pytest.raises(PlatformError) as unknown:
        archive.open(replace(records[0], publickey_ver=99))
    assert unknown.value.code == "KEY_VERSION"
    with pytest.raises(PlatformError) as damaged:
        archive.open(replace(records[0], encrypt_chat_msg=records[1].encrypt_chat_msg))
    assert damaged.value.code == "10006"


def test_consent_is_read_for_each_pair(sandbox: RunningSandbox) -> None:
    client, config = wecom(sandbox, "archive"), sandbox.config["wecom"]
    pair = (config["userid"], config["external_userid"])
    sandbox.control("add_contact", userid=pair[0], external_userid=pair[1])
    sandbox.control("consent", userid=pair[0], external_userid=pair[1], agree=False)

    states = client.check_single_agree([pair])

    assert [state.agreed for state in states] == [False]
    assert pair[0] in client.permit_users()
