"""The database side of the callback bench, run in a process that is booted for the bench's own database."""

import json
import sys
import time
from datetime import UTC, datetime

from seta.site.boot import boot

boot()

from django.db.models import Count  # noqa: E402  Django is ready only now

from bench import callback  # noqa: E402
from seta.callbacks.models import Callback  # noqa: E402
from seta.callbacks.operations import Arrival, keep  # noqa: E402
from seta.callbacks.rules import Verified  # noqa: E402
from seta.guide.operations import import_milan  # noqa: E402
from seta.houses.operations import connect_account, found_house  # noqa: E402
from seta.houses.queries import account_by_id  # noqa: E402
from seta.kit.limits import CALLBACK_BATCH_MAX  # noqa: E402
from seta.platforms.core.msgcrypt import MessageCrypt, encrypted_envelope  # noqa: E402
from seta.platforms.core.xml import parse_xml, to_xml  # noqa: E402
from seta.platforms.wechat.messages import parse_push, read_message  # noqa: E402
from seta.site import wiring  # noqa: E402
from seta.site.preparing import prepare as migrate  # noqa: E402


def prepare() -> int:
    """Make the tables, a house with the guide, and an Official Account; returns its account id."""
    migrate()
    now = datetime.now(UTC)
    house_id = found_house(code="bench", name="Bench", kind="maison")
    import_milan(house_id=house_id, now=now)
    secrets = {
        "secret": "s",
        "token": callback.TOKEN,
        "aes_key": callback.AES_KEY,
        "original_id": callback.ORIGINAL_ID,
    }
    return connect_account(
        house_id=house_id,
        family="official_account",
        app_id=callback.APPID,
        base_url="http://127.0.0.1:9",
        secrets=secrets,
        now=now,
    )


def count() -> dict[str, int]:
    """What landed: rows, rows under one external id more than once, rows without their reply."""
    rows = Callback.objects.filter(source="wechat")
    doubled = rows.values("external_id").annotate(n=Count("pk")).filter(n__gt=1).count()
    return {"kept": rows.count(), "doubled": doubled, "without_reply": rows.filter(answer="").count()}


def inprocess(account_id: int, number: int) -> float:
    """Callbacks a second with no HTTP: open, parse, keep in full batches, seal the reply."""
    account = account_by_id(account_id)
    assert account is not None
    crypt = MessageCrypt(callback.TOKEN, callback.AES_KEY, callback.APPID)
    table = wiring.callback_table()
    first = 5_000_000
    sealed = [
        to_xml({"Encrypt": crypt.encrypt(callback.message(first + one))}).encode() for one in range(number)
    ]
    started = time.perf_counter()
    for start in range(0, number, CALLBACK_BATCH_MAX):
        now = datetime.now(UTC)
        arrivals = []
        for body in sealed[start : start + CALLBACK_BATCH_MAX]:
            plain = crypt.decrypt(parse_xml(body)["Encrypt"])
            read = read_message(parse_push(plain))
            verified = Verified("wechat", read.external_id, read.kind, read.fields, plain)
            arrivals.append(Arrival(account, verified, now))
        for kept in keep(arrivals=arrivals, table=table, now=now):
            assert kept.answer
            encrypted_envelope(crypt, kept.answer, "1", "n")
    return number / (time.perf_counter() - started)


def main() -> None:
    """One verb; its answer is the last line printed."""
    verb, *rest = sys.argv[1:]
    if verb == "prepare":
        print(prepare())
    elif verb == "count":
        print(json.dumps(count()))
    else:
        assert verb == "inprocess"
        print(inprocess(int(rest[0]), int(rest[1])))


if __name__ == "__main__":
    main()
