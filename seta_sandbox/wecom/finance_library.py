"""Builds the sandbox's own library with the exported names of Tencent's Finance SDK; see `finance_sdk.c`.

Run as `python -m seta_sandbox.wecom.finance_library FOLDER`, it prints the path of the built library.
"""

import argparse
import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("finance_sdk.c")
LIBRARY = "libseta_finance_sandbox.so"
COMPILERS = ("cc", "gcc", "clang")


def compiler() -> str | None:
    """The path of a C compiler, or None when this machine has none."""
    return next((path for name in COMPILERS if (path := shutil.which(name))), None)


def build(folder: Path) -> Path:
    """Compile the library into `folder` and return its path; raises RuntimeError when that cannot be done."""
    found = compiler()
    if found is None:
        raise RuntimeError("no C compiler: install gcc or clang to build the Finance SDK's stand-in")
    folder.mkdir(parents=True, exist_ok=True)
    library = folder / LIBRARY
    command = [found, "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
    done = subprocess.run([*command, "-o", str(library), str(SOURCE)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"the Finance SDK's stand-in does not compile:\n{done.stderr}")
    return library


def main() -> None:
    """Build into the folder given on the command line."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    print(build(parser.parse_args().folder))


if __name__ == "__main__":
    main()
