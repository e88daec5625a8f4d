"""The policy that ships with Seta: read from its folder once, compiled once, the same for every house."""

from functools import cache
from pathlib import Path

from seta.oversight.rules import Policy, compile_documents

FOLDER = Path(__file__).parent / "policies"


@cache
def shipped() -> Policy:
    """The compiled policy of this process; raises PolicyError when a file of the folder may not be used."""
    return load(FOLDER)


def load(folder: Path) -> Policy:
    """The compiled policy of a folder of YAML files; raises PolicyError."""
    return compile_documents({path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.yaml"))})
