"""`seta keys`: make, rotate and look after the keys that seal the platforms' secrets, webhooks' and the log's own."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from cryptography.fernet import InvalidToken
from django.conf import settings

from seta.houses.vault import KEYS_MAX, VaultTrouble, new_line, read_lines, write_keys
from seta.site.commands.command import Command
from seta.site.trouble import Trouble
from seta.site.wiring import SEALED


def arguments(parser: argparse.ArgumentParser) -> None:
    """`new` makes the first key of the file; `rotate` puts a new one on top and seals everything anew."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="new|rotate")
    verbs.add_parser("new", help="make the key file that SETA_KEY_FILE names, with one key")
    rotate = verbs.add_parser(
        "rotate", help="put a new key on top and seal everything anew, while all runs on"
    )
    rotate.add_argument(
        "--reseal-only", action="store_true", help="make no key: seal under the newest there is"
    )
    rotate.add_argument(
        "--forget", action="store_true", help="then take the keys that open nothing out of the file"
    )


def run(args: argparse.Namespace) -> int:
    """Exit code 0 when everything is sealed under the newest key; prints no key, ever."""
    try:
        return _new() if args.verb == "new" else _rotate(args)
    except VaultTrouble as problem:
        raise Trouble(str(problem)) from None
    except InvalidToken:
        raise Trouble(
            "something kept sealed opens with none of the keys held: put the key that sealed it back into the file "
            "(what was sealed anew before it stays so), then run this again"
        ) from None


def _new() -> int:
    path = _file()
    if path.exists():
        raise Trouble(f"{path} is there already; `seta keys rotate` puts a new key on top of it")
    write_keys(path, [new_line()])
    print(f"{path} holds one key. Keep a copy of it apart from the database, then run `seta keys rotate`.")
    return 0


def _rotate(args: argparse.Namespace) -> int:
    if not args.reseal_only:
        path = _file()
        held = read_lines(path)
        if len(held) >= KEYS_MAX:
            raise Trouble(f"{path} holds {KEYS_MAX} keys: run this with --reseal-only --forget first")
        # The key is in the file before anything is sealed under it: servers that run read it when they need it.
        write_keys(path, [new_line(), *held])
    for what, reseal in SEALED.items():
        done = reseal(now=datetime.now(UTC))
        print(f"{done.resealed} {what} sealed anew, {done.current} were so already")
    if args.forget:
        path = _file()
        held = read_lines(path)
        write_keys(path, held[:1])
        print(
            f"{len(held) - 1} former keys taken out of {path}; copies of the database before today need them"
        )
    return 0


def _file() -> Path:
    if not settings.KEY_FILE:
        raise Trouble(
            "set SETA_KEY_FILE to where the keys are to lie, for example /etc/seta/keys, and try again"
        )
    return Path(settings.KEY_FILE)


COMMAND = Command("make and rotate the keys that seal the platforms' secrets", arguments, run)
