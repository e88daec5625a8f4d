"""Migrations: they say what the models say, and a first one makes each table whole."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel, RunSQL
from django.db.migrations.state import ProjectState

from seta.tables import CreateModels, together

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
    assert not any(isinstance(each, CreateModel) for each in operations), "see seta/tables.py"
    made = {one.name.lower() for each in operations if isinstance(each, CreateModels) for one in each.made}
    later = [each for each in operations if isinstance(each, AddField | AddConstraint | AddIndex)]
    assert made and [each for each in later if each.model_name.lower() in made] == []


def test_new_models_are_made_together_in_their_order_and_other_steps_stay_where_they_are() -> None:
    first, second, third = (CreateModel(name, []) for name in ("First", "Second", "Third"))
    between = RunSQL("SELECT 1")

    found = together([first, second, between, third])

    assert [each.describe() for each in found] == [
        "Create models First, Second",
        between.describe(),
        "Create models Third",
    ]


@pytest.mark.django_db(transaction=True)
def test_tables_made_together_go_together() -> None:
    made = together(
        [
            CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))]),
            CreateModel(
                "Book",
                [
                    ("id", models.BigAutoField(primary_key=True)),
                    ("shelf", models.ForeignKey("stand.Shelf", models.CASCADE)),
                ],
            ),
        ]
    )
    migration = Migration("only", "stand")
    migration.operations = made
    both = {"stand_shelf", "stand_book"}

    with connection.schema_editor() as editor:
        migration.apply(ProjectState(), editor)
    assert both <= set(connection.introspection.table_names())

    with connection.schema_editor() as editor:
        migration.unapply(ProjectState(), editor)
    assert not both & set(connection.introspection.table_names())
