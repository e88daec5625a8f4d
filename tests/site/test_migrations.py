"""Migrations: they say what the models say, and a first one makes each table whole."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel

FIRST = [
    (label, migration)
    for (label, name), migration in MigrationLoader(connection=None).disk_migrations.items()
    if name == "0001_initial" and apps.get_app_config(label).name.startswith("seta.")
]


@pytest.mark.django_db
def test_the_models_need_no_further_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_part_with_tables_has_a_first_migration() -> None:
    with_tables = {config.label for config in apps.get_app_configs() if config.name.startswith("seta.")}
    assert {label for label, _ in FIRST} == {
        label for label in with_tables if list(apps.get_app_config(label).get_models())
    }


@pytest.mark.parametrize("label, migration", FIRST, ids=[label for label, _ in FIRST])
def test_a_first_migration_makes_its_tables_whole(label: str, migration: object) -> None:
    operations = migration.operations  # type: ignore[attr-defined]
    made = {each.name.lower() for each in operations if isinstance(each, CreateModel)}
    later = [each for each in operations if isinstance(each, AddField | AddConstraint | AddIndex)]
    assert made and [each for each in later if each.model_name.lower() in made] == []
