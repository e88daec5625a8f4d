"""Documentation fails the build: pages follow the code, links lead somewhere, nothing names one machine."""

import re
import subprocess
from pathlib import Path

import pytest

from seta.site.commands import COMMANDS
from tools import document, licences

ROOT = Path(__file__).resolve().parent.parent
PARTS_OF_A_DECISION = ["Context", "Choice", "Consequences", "Check"]
OWN_SUFFIXES = frozenset(
    {
        ".py",
        ".md",
        ".toml",
        ".txt",
        ".in",
        ".json",
        ".yaml",
        ".sh",
        ".css",
        ".html",
        ".ts",
        ".mjs",
        ".wxml",
        ".svg",
    }
)

# Written in pieces, so that this file does not name what it looks for.
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:work|farm|root)/\w")
REGISTRY = re.compile("|".join(re.escape(".".join(parts)) for parts in (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("registry", "npmjs", "org"),
    ("registry", "yarnpkg", "com"),
    ("deb", "debian", "org"),
)))  # fmt: skip

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```", re.S)
_HEADING = re.compile(r"^#+ (.+)$", re.M)


def own_files() -> list[Path]:
    """Text files that belong to the project: what git knows or would add."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.split("\n")
    if not any(listed):
        listed = [
            str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if not is_made(path.relative_to(ROOT))
        ]
    paths = [ROOT / name for name in listed if name]
    return [
        path for path in paths if path.is_file() and (path.suffix in OWN_SUFFIXES or path.name == "Makefile")
    ]


def is_made(path: Path) -> bool:
    """Whether a file was built, for a checkout without git."""
    return any(part.startswith(".") or part in ("node_modules", "var", "dist") for part in path.parts)


def markdown() -> list[Path]:
    """The project's Markdown files."""
    return [path for path in own_files() if path.suffix == ".md"]


def anchors(path: Path) -> set[str]:
    """The anchors that headings of a Markdown file make."""
    headings = _HEADING.findall(_CODE.sub("", path.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", ["facts.md", "commands.md", "sandbox-coverage.md", "decisions/README.md"])
def test_a_generated_page_says_what_the_code_says(name: str) -> None:
    path = ROOT / "docs" / name

    wanted = document.pages()[path]

    assert path.read_text(encoding="utf-8") == wanted, f"run `python tools/document.py` for docs/{name}"


def test_every_package_has_a_licence_that_somebody_allowed() -> None:
    wanted = licences.page()

    assert licences.PAGE.read_text(encoding="utf-8") == wanted, "run `python tools/licences.py`"


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("GPL-3.0-only OR Apache-2.0", True),
        ("MIT AND GPL-3.0-only", False),
        ("AGPL-3.0-only", False),
        ("LGPL-3.0-only", False),
        ("", False),
    ],
)
def test_a_licence_nobody_allowed_is_refused(licence: str, allowed: bool) -> None:
    package = licences.Package("somebody", "1.0", licence)

    problems = licences.unfit([package])

    assert (problems == []) is allowed


def test_every_environment_variable_stands_in_the_readme() -> None:
    settings = (ROOT / "seta" / "site" / "settings.py").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    read = set(re.findall(r"""environ(?:\.get\(|\[)["'](\w+)""", settings))

    assert read
    assert [name for name in sorted(read) if f"| `{name}` |" not in readme] == []


def test_every_command_stands_on_its_page_and_in_the_readme() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    missing = [name for name in COMMANDS if f"## seta {name}\n" not in page or f"`seta {name}" not in readme]

    assert missing == []


def test_every_fact_says_what_has_happened() -> None:
    facts = document.pages()[ROOT / "docs" / "facts.md"]

    names = re.findall(r"^## (.+)$", facts, re.M)
    silent = re.findall(r"^`(\w+)` in .+\n\n\n", facts, re.M)

    assert len(names) == len(set(names)) > 20
    assert silent == []


def test_every_relative_link_leads_to_a_file_and_a_heading() -> None:
    dead = []
    for path in markdown():
        for target in _LINK.findall(_CODE.sub("", path.read_text(encoding="utf-8"))):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            found = (path.parent / name).resolve() if name else path
            if not found.exists() or (anchor and found.suffix == ".md" and anchor not in anchors(found)):
                dead.append(f"{path.relative_to(ROOT)}: {target}")

    assert dead == []


def test_every_test_that_a_document_names_exists() -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    defined = set(re.findall(r"^(?:async )?def (test_\w+)", written, re.M))

    named = {
        (str(path.relative_to(ROOT)), name)
        for path in markdown()
        for name in re.findall(r"`(test_\w+)`", path.read_text(encoding="utf-8"))
    }

    assert named
    assert sorted(found for found in named if found[1] not in defined) == []


def test_nothing_names_a_folder_of_one_machine_or_a_package_registry() -> None:
    named = []
    for path in own_files():
        text = path.read_text(encoding="utf-8", errors="replace")
        for pattern in (MACHINE_PATH, REGISTRY):
            named += [f"{path.relative_to(ROOT)}: {found.group()}" for found in pattern.finditer(text)]

    assert named == []


def test_every_decision_has_its_four_parts_and_its_number() -> None:
    paths = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))

    odd = []
    for number, path in enumerate(paths, start=1):
        text = path.read_text(encoding="utf-8")
        parts = re.findall(r"^## (.+)$", text, re.M)
        if parts != PARTS_OF_A_DECISION or not text.startswith(f"# {number:04d}. "):
            odd.append(f"{path.name}: {parts}")

    assert len(paths) >= 11
    assert odd == []


def test_every_document_is_linked_from_the_readme_or_a_list_it_links() -> None:
    readme = ROOT / "README.md"
    reached, waiting = set[Path](), [readme]
    while waiting:
        path = waiting.pop()
        if path in reached or path.suffix != ".md" or not path.exists():
            continue
        reached.add(path)
        targets = _LINK.findall(path.read_text(encoding="utf-8"))
        waiting += [
            (path.parent / target.partition("#")[0]).resolve() for target in targets if ":" not in target
        ]

    lost = [path for path in (ROOT / "docs").rglob("*.md") if path not in reached]

    assert [str(path.relative_to(ROOT)) for path in lost] == []


def test_checking_the_generated_pages_changes_nothing_and_succeeds() -> None:
    before = {path: path.stat().st_mtime_ns for path in document.pages()}

    code = document.main(["--check"])

    assert code == 0
    assert {path: path.stat().st_mtime_ns for path in document.pages()} == before
