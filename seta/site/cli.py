"""The console command `seta`: one line says what is wrong and what to do, never a stack trace."""

import argparse
import sys

from seta.site import redoing, verifying
from seta.site.boot import boot
from seta.site.trouble import Trouble


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = sys.argv[1:] if argv is None else argv
    if given[:2] == ["archive", "verify"]:
        return verifying.main(given[2:])
    if given[:2] == ["drops", "redo"]:
        return redoing.main(given[2:])
    try:
        boot()
    except OSError as problem:
        print(
            f"seta: cannot write to {problem.filename}: {problem.strerror}; set SETA_VAR to a folder of yours",
            file=sys.stderr,
        )
        return 1
    from seta.site.commands import COMMANDS  # noqa: PLC0415  the parts' models need Django to be ready

    parser = argparse.ArgumentParser(
        prog="seta", description="Social retail and destination software on WeChat."
    )
    choices = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        sub = choices.add_parser(name, help=command.help, description=command.help)
        command.arguments(sub)
        sub.set_defaults(run=command.run)
    args = parser.parse_args(argv)
    try:
        code: int = args.run(args)
    except Trouble as trouble:
        print(f"seta {args.command}: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


if __name__ == "__main__":
    sys.exit(main())
