"""What a command of the shell is made of."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Command:
    """A help line, a function that declares arguments, and one that runs and gives the exit code."""

    help: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def write_json(value: Any, where: str | None) -> None:
    """Write one JSON object to a file, or to standard output for `-`."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    if where == "-":
        sys.stdout.write(text + "\n")
    elif where:
        path = Path(where)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
