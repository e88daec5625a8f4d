"""A notice of the archive that was held back bears the time at which it is sent, so that it is no repeat."""

import re

from tests.sandbox.receiver import Received, opened, receiver
from tests.sandbox_server import RunningSandbox


def created(sandbox: RunningSandbox, received: Received) -> int:
    encrypted = re.search(rb"<Encrypt>(?:<!\[CDATA\[)?([^\]<]+)", received.body)
    assert encrypted is not None
    text, _ = opened(sandbox.config["wecom"]["aes_key"], encrypted[1].decode())
    found = re.search(r"<CreateTime>(?:<!\[CDATA\[)?(\d+)", text)
    assert found is not None
    return int(found[1])


def test_a_notice_that_is_held_back_is_dated_by_when_it_is_sent(sandbox: RunningSandbox) -> None:
    with receiver() as seta:
        sandbox.control("callback", app="wecom", url=seta.url)
        for text in ("one", "two", "three"):
            sandbox.control("wecom_message", content=text)
        sandbox.control("advance", seconds=16)

        first, held_back = [created(sandbox, each) for each in seta.received]

    assert 14 <= held_back - first <= 16
