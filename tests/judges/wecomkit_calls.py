"""wecomkit 0.2.0, unmodified, takes the sandbox for WeCom; its public base_url is turned towards it."""

import asyncio
import json
import pathlib
import sys
import tempfile
from collections.abc import Callable
from typing import Any

from verdict import Verdicts, controller
from wecomkit import AsyncWeComClient, WeComConfig
from wecomkit.exceptions import WeComRateLimitError

GIVEN = json.loads(sys.argv[1])["config"]
CORP, BASE = GIVEN["wecom"], GIVEN["base_url"]
PNG = bytes.fromhex("89504e470d0a1a0a")

verdicts = Verdicts()
control = controller(BASE)
runner = asyncio.Runner()


def wait(call: Callable[[], Any]) -> Callable[[], Any]:
    """A plain function of an asynchronous one."""
    return lambda: runner.run(call())


def client(corpid: str = "", secret: str = "", retries: int = 0) -> AsyncWeComClient:
    return AsyncWeComClient(
        WeComConfig(
            corp_id=corpid or CORP["corpid"], corp_secret=secret or CORP["agent_secret"], base_url=BASE,
            max_retries=retries, retry_backoff=0.0,
        )
    )  # fmt: skip


agent = client()


def credentials() -> None:
    token = verdicts.holds("a token is given", wait(lambda: agent.auth.get_access_token()))
    verdicts.equal(
        "asked again by force, it is the same token",
        token,
        wait(lambda: agent.auth.get_access_token(force_refresh=True)),
    )
    verdicts.holds("a token leaves room for 512 characters", lambda: 64 <= len(token) <= 512)
    other = client(secret=CORP["contact_secret"])
    verdicts.holds(
        "another secret has another token", lambda: wait(lambda: other.get_access_token())() != token
    )
    wrong = client(secret="wrong")
    verdicts.refused("a wrong secret is 40001", 40001, wait(lambda: wrong.get_access_token()))
    stranger = client(corpid="ww0000000000000000")
    verdicts.refused("a wrong corpid is 40013", 40013, wait(lambda: stranger.get_access_token()))


def messages() -> None:
    userid, agentid = CORP["userid"], CORP["agentid"]
    send = agent.messages
    sent = verdicts.holds(
        "a text has a number",
        wait(lambda: send.send_text(agent_id=agentid, content="新预约", to_user=userid)),
    )
    verdicts.holds("its number is there", lambda: sent["msgid"])
    verdicts.equal("nobody was invalid", "", lambda: sent["invaliduser"])
    verdicts.equal(
        "an unknown member is named",
        "nobody",
        lambda: wait(
            lambda: send.send_text(agent_id=agentid, content="x", to_user=f"{userid}|nobody")
        )()["invaliduser"],
    )  # fmt: skip
    verdicts.refused(
        "only unknown members are 81013", 81013,
        wait(lambda: send.send_text(agent_id=agentid, content="x", to_user="nobody")),
    )  # fmt: skip
    verdicts.refused(
        "another agent is 40056", 40056, wait(lambda: send.send_text(agent_id=1, content="x", to_user=userid))
    )
    verdicts.equal(
        "markdown is sent", 0,
        lambda: wait(lambda: send.send_markdown(agent_id=agentid, content="**x**", to_user=userid))()["errcode"],
    )  # fmt: skip
    verdicts.equal(
        "a text card is sent", 0,
        lambda: wait(
            lambda: send.send_textcard(
                agent_id=agentid, title="预约", description="十点", url="https://serica.example/", to_user=userid
            )
        )()["errcode"],
    )  # fmt: skip
    contact = client(secret=CORP["contact_secret"])
    verdicts.refused(
        "the contact secret may not send messages", 48002,
        wait(lambda: contact.messages.send_text(agent_id=agentid, content="x", to_user=userid)),
    )  # fmt: skip


def media() -> None:
    with tempfile.TemporaryDirectory() as folder:
        picture = pathlib.Path(folder, "a.png")
        picture.write_bytes(PNG)
        up = verdicts.holds("a picture is uploaded", wait(lambda: agent.media.upload(str(picture), "image")))
        verdicts.holds("WeCom gives created_at as text", lambda: isinstance(up["created_at"], str))
        verdicts.equal("it tells the kind", "image", lambda: up["type"])
        target = pathlib.Path(folder, "b.png")
        verdicts.equal(
            "what was uploaded comes back", PNG,
            lambda: wait(lambda: agent.media.download(up["media_id"], target))().read_bytes(),
        )  # fmt: skip
        verdicts.holds(
            "a lasting picture has an address",
            lambda: wait(lambda: agent.media.upload_image(str(picture)))()["url"].startswith("http"),
        )
        verdicts.equal(
            "a picture can be sent", 0,
            lambda: wait(
                lambda: agent.messages.send_image(
                    agent_id=CORP["agentid"], media_id=up["media_id"], to_user=CORP["userid"]
                )
            )()["errcode"],
        )  # fmt: skip


def trouble() -> None:
    def send(sender: AsyncWeComClient) -> Callable[[], Any]:
        return wait(
            lambda: sender.messages.send_text(agent_id=CORP["agentid"], content="x", to_user=CORP["userid"])
        )

    control("advance", seconds=7201)
    verdicts.refused("an expired token is 42001, not 40001", 42001, send(agent))
    wait(lambda: agent.get_access_token(force_refresh=True))()
    verdicts.equal("a renewed token works", 0, lambda: send(agent)()["errcode"])
    control("fault", match="message/send", kind="errcode", value=45009)
    try:
        send(agent)()
        found = "nothing"
    except WeComRateLimitError:
        found = "rate limit"
    verdicts.equal("45009 is known as a rate limit", "rate limit", lambda: found)
    control("fault", match="message/send", kind="errcode", value=45009)
    patient = client(retries=2)
    verdicts.equal("a patient client survives it", 0, lambda: send(patient)()["errcode"])
    control("fault", match="message/send", kind="500")
    verdicts.equal("and an outage", 0, lambda: send(patient)()["errcode"])


for name, tell in {
    "credentials": credentials,
    "messages": messages,
    "media": media,
    "trouble": trouble,
}.items():
    verdicts.chapter(name, tell)
runner.close()
verdicts.tell()
