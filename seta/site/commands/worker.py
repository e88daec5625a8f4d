"""`seta worker`: deliveries, the lake and the schedules, in a process of its own."""

import argparse
import signal

from seta.events.worker import Worker
from seta.site import wiring
from seta.site.commands.command import Command


def arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(args: argparse.Namespace) -> int:
    """Work until told to stop."""
    worker = Worker(wiring.sweeps())
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    signal.signal(signal.SIGINT, lambda *_: worker.stop())
    worker.run()
    return 0


COMMAND = Command("work off deliveries, the lake and the schedules", arguments, run)
