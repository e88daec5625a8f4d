"""`seta archive`: check a bundle of evidence, ask for one, show the log's signed heads, witness another's log."""

import argparse
from datetime import UTC, datetime

from seta.houses.queries import HouseMissing, house_by_code, members
from seta.oversight.operations import admit_log, exporting, heads
from seta.oversight.operations.witnessing import witness_key
from seta.oversight.queries import evidence
from seta.oversight.rules.retention import EvidenceRefused
from seta.oversight.rules.review import Refused
from seta.site import verifying
from seta.site.commands.command import Command, write_json
from seta.site.trouble import Trouble


def arguments(parser: argparse.ArgumentParser) -> None:
    """`verify BUNDLE`, `export`, `heads` and `admit`."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="verify|export|heads|admit")
    verifying.arguments(verbs.add_parser("verify", help="check a bundle; needs no database and no settings"))
    export = verbs.add_parser("export", help="ask for a bundle, or make one that a colleague approved")
    export.add_argument("--house", required=True, metavar="CODE")
    export.add_argument("--as", dest="member", required=True, metavar="NAME", help="the member who asks")
    export.add_argument("--scope", default="conversation", choices=("conversation", "alert", "person", "log"))
    export.add_argument(
        "--value", default="", help="the conversation's name, the alert's or the person's number"
    )
    export.add_argument("--since", type=_instant, metavar="DAY")
    export.add_argument("--until", type=_instant, metavar="DAY")
    export.add_argument("--purpose", default="legal")
    export.add_argument("--reason", default="")
    export.add_argument(
        "--approve", type=int, metavar="ID", help="approve and make what a colleague asked for"
    )
    export.add_argument("--json", metavar="OUT", default="-")
    shown = verbs.add_parser("heads", help="sign and show the log's head, or check a printed one")
    shown.add_argument("--house", required=True, metavar="CODE")
    shown.add_argument("--check", metavar="TEXT", help="the text of a printed code (SETA1 ...)")
    shown.add_argument("--json", metavar="OUT", default="-")
    admit = verbs.add_parser(
        "admit", help="agree to witness another server's log, and show our own key for it"
    )
    admit.add_argument("origin", metavar="LOG", help="the log's name, as its house's evidence page shows it")
    admit.add_argument(
        "key", metavar="KEY", help="its first public key, got some other way than from the log"
    )
    admit.add_argument("--json", metavar="OUT", default="-")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when a bundle or a printed head does not hold."""
    if args.verb == "verify":
        return verifying.run(args)
    if args.verb == "admit":
        return _admit(args)
    try:
        house_id = house_by_code(args.house).id
    except HouseMissing:
        raise Trouble(f"there is no house {args.house!r}") from None
    return _export(args, house_id) if args.verb == "export" else _heads(args, house_id)


def _export(args: argparse.Namespace, house_id: int) -> int:
    now = datetime.now(UTC)
    user_id = next((each.user_id for each in members(house_id) if each.name == args.member), None)
    if user_id is None:
        raise Trouble(f"nobody called {args.member!r} works for this house")
    try:
        if args.approve is not None:
            exporting.approve_export(house_id=house_id, user_id=user_id, export_id=args.approve, now=now)
            path = exporting.make_bundle(export_id=args.approve, now=now)
            write_json({"export": args.approve, "bundle": str(path)}, args.json)
            return 0
        export_id = exporting.ask_export(
            house_id=house_id,
            user_id=user_id,
            scope=args.scope,
            value=args.value,
            since=args.since,
            until=args.until,
            purpose=args.purpose,
            reason=args.reason,
            now=now,
        )
    except (EvidenceRefused, Refused) as refused:
        raise Trouble(str(refused)) from None
    write_json({"export": export_id, "waits_for": "a colleague: seta archive export --approve"}, args.json)
    return 0


def _admit(args: argparse.Namespace) -> int:
    now = datetime.now(UTC)
    try:
        admit_log(origin=args.origin, public=args.key, now=now)
    except EvidenceRefused as refused:
        raise Trouble(str(refused)) from None
    write_json({"witnesses": args.origin, "own_key": witness_key(now)}, args.json)
    return 0


def _heads(args: argparse.Namespace, house_id: int) -> int:
    if args.check:
        fault = evidence.paper_fault(house_id, args.check)
        write_json({"ok": not fault, "fault": fault}, args.json)
        return 1 if fault else 0
    heads.sign_head(house_id=house_id, now=datetime.now(UTC))
    write_json(evidence.heads_told(house_id), args.json)
    return 0


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError("write a day as 2026-11-22") from None


COMMAND = Command("check, ask for and witness evidence", arguments, run)
