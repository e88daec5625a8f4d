"""The shape of the tree: layers, privacy of models, size of files and functions, hidden imports."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PUBLIC = {"operations", "queries", "rules", "events", "access", "auth"}
"""Modules of a part that other parts may import; `access` and `auth` guard views and APIs (decision 0003)."""

OPEN_PARTS = {"kit", "platforms", "events", "callbacks"}
"""Parts without models of their own to hide, or whose machinery the composition root starts."""

COMPOSERS = {"site"}
FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
HIDDEN_IMPORTS_MAX = 5


def sources(*folders: str) -> Iterator[tuple[Path, ast.Module, str]]:
    """Python files of the product with their trees; migrations are generated and left out."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                text = path.read_text(encoding="utf-8")
                yield path.relative_to(ROOT), ast.parse(text), text


def test_imports_go_down_the_layers_only() -> None:
    command = Path(sys.executable).parent / "lint-imports"

    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_part_shows_others_only_its_operations_queries_rules_and_events() -> None:
    graph = grimp.build_graph("seta", cache_dir=None)
    trespasses = []
    for importer in graph.modules:
        part = importer.split(".")[1] if "." in importer else ""
        if part in COMPOSERS or not part:
            continue
        for imported in graph.find_modules_directly_imported_by(importer):
            names = imported.split(".")
            if len(names) < 3 or names[1] in (part, *OPEN_PARTS):
                continue
            if names[2] not in PUBLIC:
                trespasses.append(f"{importer} imports {imported}")

    assert not trespasses, "\n".join(trespasses)


def test_no_import_cycle_hides_in_a_part() -> None:
    graph = grimp.build_graph("seta", "seta_sandbox", cache_dir=None)
    cyclic = [
        module
        for module in graph.modules
        if module in graph.find_upstream_modules(module) and not graph.find_children(module)
    ]

    assert not cyclic, cyclic


def test_files_and_functions_stay_small() -> None:
    too_long = []
    for path, tree, text in sources("seta", "seta_sandbox", "bench", "tools", "tests"):
        lines = text.count("\n")
        if lines > FILE_LINES_MAX:
            too_long.append(f"{path}: {lines} lines")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > FUNCTION_LINES_MAX:
                    too_long.append(f"{path}:{node.lineno} {node.name}: {length} lines")

    assert not too_long, "\n".join(too_long)


def test_every_module_opens_with_a_sentence() -> None:
    silent = [
        str(path)
        for path, tree, text in sources("seta", "seta_sandbox", "bench", "tools")
        if text.strip() and not ast.get_docstring(tree)
    ]

    assert not silent, silent


def test_imports_stand_at_the_top_but_for_a_few() -> None:
    hidden = []
    for path, tree, _ in sources("seta", "seta_sandbox"):
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for node in ast.walk(function):
                name = node.module if isinstance(node, ast.ImportFrom) else ""
                if name and name.split(".")[0] in ("seta", "seta_sandbox"):
                    hidden.append(f"{path}:{node.lineno}")

    assert len(hidden) <= HIDDEN_IMPORTS_MAX, hidden


def test_no_edge_hides_from_the_checks() -> None:
    hiding = [
        f"{path}: {name}"
        for path, _, text in sources("seta")
        for name in ("import_string", "get_model(", "importlib")
        if name in text
    ]

    assert not hiding, hiding


def test_mocks_stay_rare() -> None:
    tests, mocked = 0, 0
    for _, tree, text in sources("tests"):
        names = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        ]
        tests += len(names)
        if re.search(r"unittest[.]mock|\bmonkeypatch[.]setattr", text):
            mocked += len(names)

    assert mocked <= tests * 0.02, f"{mocked} of {tests} tests stand in files that patch"
