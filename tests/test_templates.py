"""Templates are named by what they are made of, and copies of one share nothing."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from tests import templates


def tree(folder: Path) -> Path:
    """A part with a migration that imports a module, which imports another."""
    part = folder / "seta" / "shelf"
    (part / "migrations").mkdir(parents=True)
    (folder / "requirements").mkdir()
    (folder / "requirements" / "test.txt").write_text("django\n")
    (part / "migrations" / "0001_initial.py").write_text("from seta.shelf.sealing import forwards\n")
    (part / "sealing.py").write_text("from seta.shelf import words\n")
    (part / "words.py").write_text("WORD = 1\n")
    (part / "views.py").write_text("PAGE = 1\n")
    return folder


def test_tables_are_named_by_the_migrations_and_all_that_they_import(tmp_path: Path) -> None:
    root = tree(tmp_path)
    before = templates.digest_of_tables(root)

    (root / "seta" / "shelf" / "views.py").write_text("PAGE = 2\n")
    after_a_view = templates.digest_of_tables(root)
    (root / "seta" / "shelf" / "words.py").write_text("WORD = 2\n")
    after_an_import = templates.digest_of_tables(root)
    (root / "seta" / "shelf" / "migrations" / "0002_more.py").write_text("")
    after_a_migration = templates.digest_of_tables(root)

    assert before == after_a_view
    assert len({before, after_an_import, after_a_migration}) == 3


def test_a_world_is_named_by_all_of_the_code_and_data_and_by_its_day(tmp_path: Path) -> None:
    root = tree(tmp_path)
    day = date(2026, 11, 30)
    (root / "seta_sandbox").mkdir()
    before = templates.digest_of_everything(root, day)

    (root / "seta" / "shelf" / "views.py").write_text("PAGE = 2\n")
    after_a_view = templates.digest_of_everything(root, day)
    (root / "seta_sandbox" / "people.json").write_text("[]")

    after_a_person = templates.digest_of_everything(root, day)
    a_day_later = templates.digest_of_everything(root, day + timedelta(days=1))

    assert len({before, after_a_view, after_a_person, a_day_later}) == 4


def test_two_copies_of_the_tables_share_nothing(tmp_path: Path) -> None:
    first, second = tmp_path / "first.sqlite3", tmp_path / "second.sqlite3"
    templates.copy_tables(first)
    templates.copy_tables(second)

    with closing(sqlite3.connect(first)) as one, one:
        one.execute("INSERT INTO auth_group (name) VALUES ('here')")
    with closing(sqlite3.connect(second)) as other:
        (found,) = other.execute("SELECT COUNT(*) FROM auth_group").fetchone()

    assert found == 0
