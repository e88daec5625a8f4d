"""The archive bench's house, its records and policy, and what must be true of everything it kept."""

import cProfile
import pstats
import time
from datetime import UTC, datetime

from seta.site.boot import boot

boot()

from django.core.management import call_command  # noqa: E402  Django is ready only now
from django.db import connection  # noqa: E402

from bench.archive_records import (  # noqa: E402
    PLANTED_EVERY,
    LocalArchive,
    make_records,
    policy_documents,
    private_pem,
    wrapped_keys,
)
from seta.houses.operations import connect_account, found_house  # noqa: E402
from seta.houses.queries import account  # noqa: E402
from seta.oversight import queries  # noqa: E402
from seta.oversight.models import Alert, ArchivedMessage  # noqa: E402
from seta.oversight.opening import Openers  # noqa: E402
from seta.oversight.operations import pull_archive  # noqa: E402
from seta.oversight.operations.archive.alerting import Corp  # noqa: E402
from seta.oversight.operations.archive.pulling import openers_of  # noqa: E402
from seta.oversight.rules import compile_documents  # noqa: E402
from seta.oversight.search.index import TABLE as SEARCH  # noqa: E402
from seta.platforms.wecom import SandboxOpener  # noqa: E402


class World:
    """A house with an archive in memory; `say` adds to it and `pull` takes all of it into the database."""

    def __init__(self) -> None:
        call_command("migrate", verbosity=0)
        self.pem = private_pem()
        self.policy = compile_documents(policy_documents())
        self.source = LocalArchive(SandboxOpener({1: self.pem}))
        self.sent = 0
        now = datetime.now(UTC)
        self.house_id = found_house(code="bench", name="Bench", kind="maison")
        secrets = dict.fromkeys(("agent_secret", "contact_secret", "agentid", "token", "aes_key"), "x")
        secrets |= {
            "archive_secret": "s",
            "archive_private_key": self.pem,
            "archive_publickey_ver": "1",
        }
        connect_account(
            house_id=self.house_id,
            family="wecom",
            app_id="ww1",
            base_url="http://127.0.0.1:9",
            secrets=secrets,
            now=now,
        )

    def openers(self, processes: int) -> Openers:
        """As a large pull uses them."""
        corp = Corp(self.house_id, account(self.house_id, "wecom").id, "ww1")
        return openers_of(corp, self.source, self.policy, processes=processes, pool_from=0)

    def say(self, count: int) -> list[bytes]:
        """Put messages into the archive; returns their wrapped keys."""
        made = list(make_records(self.pem, count, first=self.sent + 1, seed=self.sent))
        self.sent += count
        self.source.records = made
        return wrapped_keys(made)

    def pull(self, count: int, openers: Openers) -> None:
        """Say and pull some, unmeasured."""
        self.say(count)
        self.timed_pull(openers)

    def timed_pull(self, openers: Openers, *, profile: bool = False) -> tuple[float, list[float]]:
        """Pull all that waits; the seconds it took, and those from page to page."""
        pages: list[float] = []
        profiler = cProfile.Profile() if profile else None
        if profiler:
            profiler.enable()
        started = time.perf_counter()
        report = pull_archive(
            house_id=self.house_id,
            now=datetime.now(UTC),
            source=self.source,
            policy=self.policy,
            openers=openers,
            on_page=lambda: pages.append(time.perf_counter()),
        )
        seconds = time.perf_counter() - started
        if profiler:
            profiler.disable()
            pstats.Stats(profiler).sort_stats("tottime").print_stats(45)
        assert report.archived == len(self.source.records)
        return seconds, [after - before for before, after in zip([started, *pages], pages, strict=False)]

    def truth(self) -> dict[str, int]:
        """What must be 0."""
        rows = ArchivedMessage.objects.filter(house_id=self.house_id)
        kept = rows.values("msgid").distinct().count()
        with connection.cursor() as cursor:
            table = f"{SEARCH}_docsize" if connection.vendor == "sqlite" else SEARCH
            cursor.execute(f"SELECT COUNT(*) FROM {table}")
            indexed = cursor.fetchone()[0]
        chain = queries.verify_audit(self.house_id)
        logged = len(queries.audit_log(self.house_id, kind="message.archived", limit=self.sent + 1))
        found = Alert.objects.filter(house_id=self.house_id).values("message_id").distinct().count()
        return {
            "lost": self.sent - kept,
            "doubled": rows.count() - kept,
            "unindexed": self.sent - indexed,
            "unlogged": self.sent - logged,
            "chain_broken": 0 if chain.ok else 1,
            "alerts_missed": abs(self.sent // PLANTED_EVERY - found),
        }
