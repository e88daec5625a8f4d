"""`seta loyalty lint`: whether a file of loyalty rules can be read and pays for nothing that WeChat forbids."""

import argparse
from pathlib import Path

from seta.loyalty.rules.bribes import lint
from seta.loyalty.rules.program import LANGUAGES, Unreadable, read
from seta.site.commands.command import Command
from seta.site.trouble import Trouble

BYTES_MAX = 1_000_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """`lint FILE`."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="lint")
    check = verbs.add_parser("lint", help="judge a file of rules; exit code 1 when it may not go live")
    check.add_argument("file", type=Path)
    check.add_argument("--language", choices=LANGUAGES, help="one language instead of all three")


def run(args: argparse.Namespace) -> int:
    """One line a finding with its reason; exit code 0 when the rules may go live."""
    languages = (args.language,) if args.language else LANGUAGES
    said = [f"{args.file}:{line}" for line in _lines(_text(args.file), languages)]
    print("\n".join(said) if said else f"{args.file}: may go live")
    return 1 if said else 0


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(BYTES_MAX).decode("utf-8-sig")
    except OSError as problem:
        raise Trouble(f"cannot read {file}: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise Trouble(f"{file} is not text in UTF-8; save it as UTF-8 and try again") from None


def _lines(text: str, languages: tuple[str, ...]) -> list[str]:
    found = [
        f"{finding.line}: {finding.bribe} “{finding.phrase}”: " + " / ".join(map(finding.reason, languages))
        for finding in lint(text)
    ]
    try:
        read(text)
    except Unreadable as unreadable:
        found += [
            f"{problem.line}: {problem.code}: " + " / ".join(map(problem.text, languages))
            for problem in unreadable.problems
        ]
    return found


COMMAND = Command("judge loyalty rules: nothing for sharing, following, collecting or luck", arguments, run)
