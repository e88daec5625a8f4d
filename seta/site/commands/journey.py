"""`seta journey`: one client's whole way, against a running world or one of its own."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from seta.site.commands.command import Command, write_json
from seta.site.demo.world import ROOT, Place, World, end_when_told, free_port
from seta.site.journey.chapters import CHAPTERS
from seta.site.journey.story import travel
from seta.site.journey.traveller import Traveller
from seta.site.trouble import Trouble


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which world; without one a fresh world is made and taken down again."""
    parser.add_argument("--json", metavar="FILE", help="write the steps as JSON (- for standard output)")
    parser.add_argument("--running", metavar="URL", help="address of a running, seeded server")
    parser.add_argument(
        "--sandbox", metavar="CONFIG", help="config.json of the sandbox that the server talks to"
    )


def run(args: argparse.Namespace) -> int:
    """Exit code 0 only when every step held."""
    if bool(args.running) != bool(args.sandbox):
        raise Trouble("--running and --sandbox belong together: give both or neither")
    return _in_running_world(args) if args.running else _in_own_world(args)


def _in_running_world(args: argparse.Namespace) -> int:
    try:
        config = json.loads(Path(args.sandbox).read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise Trouble(f"cannot read the sandbox's configuration {args.sandbox}: {problem}") from None
    traveller = Traveller(args.running.rstrip("/"), config)
    console = None if args.json == "-" else Console(width=max(100, Console().width))
    try:
        told = travel(CHAPTERS, traveller, console=console)
    finally:
        traveller.close()
    write_json(told, args.json)
    if console is not None:
        held = sum(step["ok"] for step in told["steps"])
        console.print(
            f"\n{held} of {len(told['steps'])} steps held, in {told['seconds']:.1f} s", highlight=False
        )
    return 0 if told["ok"] else 1


def _in_own_world(args: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="seta-journey-") as folder:
        place = Place(Path(folder) / "world", free_port(), free_port(), os.environ.get("DATABASE_URL", ""))
        world = World(place)
        end_when_told()
        try:
            world.start()
            command = [sys.executable, "-m", "seta.site.cli", "journey", "--running", place.seta_url]
            command += ["--sandbox", str(place.config_path)]
            if args.json:
                command += ["--json", args.json if args.json == "-" else str(Path(args.json).resolve())]
            code = subprocess.run(command, env=place.environment(), cwd=ROOT, check=False).returncode
            if code:
                print(world.last_words(), file=sys.stderr)
            return code
        finally:
            world.stop()


COMMAND = Command("run the whole journey and show its evidence", arguments, run)
