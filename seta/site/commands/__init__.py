"""The commands of `seta`, each a module with its help, its arguments and what it runs."""

from seta.site.commands import (
    archive,
    bench,
    demo,
    doctor,
    drops,
    guide,
    init,
    insights,
    journey,
    keys,
    loyalty,
    migrate,
    payments,
    person,
    policy,
    seed,
    serve,
    worker,
)
from seta.site.commands.command import Command

COMMANDS: dict[str, Command] = {
    "serve": serve.COMMAND,
    "worker": worker.COMMAND,
    "migrate": migrate.COMMAND,
    "init": init.COMMAND,
    "demo": demo.COMMAND,
    "seed": seed.COMMAND,
    "doctor": doctor.COMMAND,
    "journey": journey.COMMAND,
    "keys": keys.COMMAND,
    "bench": bench.COMMAND,
    "policy": policy.COMMAND,
    "archive": archive.COMMAND,
    "drops": drops.COMMAND,
    "payments": payments.COMMAND,
    "insights": insights.COMMAND,
    "guide": guide.COMMAND,
    "loyalty": loyalty.COMMAND,
    "person": person.COMMAND,
}
