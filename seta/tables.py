"""Makes a part's tables in one step, so that a first migration takes seconds.

Between two operations of a migration Django renders every model that is related to the one it changed. Nearly all of
ours lead to a house: tables made one by one would render all the others each time.
"""

from collections.abc import Iterable, Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class CreateModels(Operation):
    """Several models made in their order, with the state rendered once for all of them."""

    reversible = True

    def __init__(self, made: Sequence[CreateModel]) -> None:
        self.made = made

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add every model to the state."""
        # `apps` is what Django keeps rendered; without it nothing is rendered until somebody asks.
        state.__dict__.pop("apps", None)
        for each in self.made:
            each.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make every table."""
        for each in self.made:
            each.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Remove the tables, the last one first."""
        for each in reversed(self.made):
            each.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """The models' names."""
        return f"Create models {', '.join(each.name for each in self.made)}"


def together(operations: Iterable[Operation]) -> list[Operation]:
    """The same operations, with each run of new models as one."""
    found: list[Operation] = []
    for each in operations:
        if not isinstance(each, CreateModel):
            found.append(each)
        elif found and isinstance(found[-1], CreateModels):
            found[-1] = CreateModels([*found[-1].made, each])
        else:
            found.append(CreateModels([each]))
    return found
