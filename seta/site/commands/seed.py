"""`seta seed`: fill a database with the sample maison and city, and connect them to a sandbox."""

import argparse
import json
from pathlib import Path

from seta.site.commands.command import Command
from seta.site.demo.connect import connect
from seta.site.demo.seed import seed
from seta.site.trouble import Trouble


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which sandbox, and the server's address once it runs."""
    parser.add_argument(
        "--sandbox", required=True, metavar="CONFIG", help="the sandbox's exported config.json"
    )
    parser.add_argument(
        "--connect", metavar="URL", help="tell the sandbox and the accounts about the server at URL"
    )


def run(args: argparse.Namespace) -> int:
    """Seed, or connect when the server's address is given."""
    try:
        config = json.loads(Path(args.sandbox).read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise Trouble(f"cannot read the sandbox's configuration {args.sandbox}: {problem}") from None
    if args.connect:
        connect(config, base_url=args.connect.rstrip("/"))
    else:
        seed(config)
    return 0


COMMAND = Command("fill the database with the sample maison and city", arguments, run)
