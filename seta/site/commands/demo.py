"""`seta demo`: a fresh sample world, the journey told as a story, then everything served until Ctrl-C."""

import argparse
import subprocess
import sys

from django.conf import settings

from seta.site.commands.command import Command
from seta.site.demo import cast
from seta.site.demo.world import ROOT, Place, World, end_when_told


def arguments(parser: argparse.ArgumentParser) -> None:
    """Ports, and whether to stop after the journey."""
    parser.add_argument("--once", action="store_true", help="stop after the journey")
    parser.add_argument("--port", type=int, default=8800, help="where Seta answers (8800)")
    parser.add_argument(
        "--sandbox-port", type=int, default=8801, help="where the sandbox and the phone answer (8801)"
    )


def run(args: argparse.Namespace) -> int:
    """Exit code 0 only when every step of the journey held."""
    place = Place(settings.VAR_DIR / "demo", args.port, args.sandbox_port)
    world = World(place)
    end_when_told()
    try:
        print("Setting up a sandbox, a database, a maison and a city ...", flush=True)
        world.start()
        code = _journey(place)
        if args.once or code:
            return code
        print(_WELCOME.format(place=place, password=cast.PASSWORD), flush=True)
        world.wait()
        return 1
    finally:
        world.stop()


def _journey(place: Place) -> int:
    command = [
        sys.executable,
        "-m",
        "seta.site.cli",
        "journey",
        "--json",
        str(settings.VAR_DIR / "journey.json"),
    ]
    command += ["--running", place.seta_url, "--sandbox", str(place.config_path)]
    return subprocess.run(command, env=place.environment(), cwd=ROOT, check=False).returncode


_WELCOME = """
The phone     {place.sandbox_url}
The desk      {place.seta_url}/desk/   sign in as admin, supervisor, finance, linyue, marco, marketing or citta
              password {password}
The journey   var/journey.json

Ctrl-C ends everything."""

COMMAND = Command("set up a sample world, run the journey, serve until Ctrl-C", arguments, run)
