"""`seta person`: a person's own copy of everything, or their erasure, for who asks by letter and not on the phone."""

import argparse
from dataclasses import asdict
from datetime import UTC, datetime

from seta.houses import queries as houses
from seta.people.queries import card, known_as
from seta.privacy.operations import forget
from seta.privacy.queries import OwnCopy, own_copy
from seta.privacy.rules import LANGUAGES, UnfinishedOrders, kept_by_law, unfinished_text
from seta.site.commands.command import Command, write_json
from seta.site.trouble import Trouble


def arguments(parser: argparse.ArgumentParser) -> None:
    """`export` and `erase`, of a house's person."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="export|erase")
    export = verbs.add_parser("export", help="print everything that a house keeps of a person")
    erase = verbs.add_parser("erase", help="forget a person in every part; without --yes only say what stays")
    for each in (export, erase):
        each.add_argument("house", help="the house's code")
        each.add_argument(
            "person",
            help="their number at the desk, or what a platform or they call themselves: openid, phone",
        )
        each.add_argument("--language", choices=LANGUAGES, default="en", help="the language they read")
    export.add_argument("--json", metavar="OUT", help="write it as JSON (- for standard output)")
    erase.add_argument("--yes", action="store_true", help="do it: what is erased does not come back")


def run(args: argparse.Namespace) -> int:
    """Exit code 0; 1 when orders under way stand against an erasure, 3 when a legal hold keeps words for now."""
    try:
        house_id = houses.house_by_code(args.house).id
    except houses.HouseMissing as problem:
        raise Trouble(str(problem)) from None
    found = known_as(house_id=house_id, value=args.person)
    if len(found) != 1:
        told = f"{len(found)} people are known as" if found else "nobody is known as"
        raise Trouble(f"{told} {args.person} at {args.house}; give the number from the address of their page")
    now = datetime.now(UTC)
    if args.verb == "export":
        return _export(args, own_copy(house_id=house_id, person_id=found[0], tag=args.language, now=now))
    return _erase(args, house_id, found[0], now)


def _export(args: argparse.Namespace, copy: OwnCopy) -> int:
    if args.json:
        write_json(asdict(copy), args.json)
    if args.json != "-":
        print(f"{copy.house}, {copy.made_at:%Y-%m-%d %H:%M}")
        for section in copy.sections:
            print(f"\n{section.title}")
            for row in section.rows:
                print("- " + "; ".join(f"{field.label}: {field.value}" for field in row))
    return 0


def _erase(args: argparse.Namespace, house_id: int, person_id: int, now: datetime) -> int:
    if not args.yes:
        print(f"{card(person_id).display_name or person_id}: add --yes to erase. What stays:")
        for kept in kept_by_law(args.language):
            print(f"- {kept.what}: {kept.why}")
        return 0
    try:
        whole = forget(house_id=house_id, person_id=person_id, source="letter", now=now)
    except UnfinishedOrders as problem:
        print(unfinished_text(problem.numbers, args.language))
        return 1
    print(
        "Erased."
        if whole
        else "Erased, but for chats under a legal hold: they go by themselves when it ends."
    )
    return 0 if whole else 3


COMMAND = Command("give a person their own copy of what is kept, or forget them", arguments, run)
