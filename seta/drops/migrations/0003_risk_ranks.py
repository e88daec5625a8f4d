import django.db.models.deletion
from django.db import migrations, models

_STATES = ("clear", "unknown", "let_in", "waiting", "refused", "turned_away")


class Migration(migrations.Migration):
    dependencies = [("drops", "0002_lean_places"), ("people", "0001_initial")]

    operations = [
        migrations.AddField("drop", "check_rank", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("drop", "refuse_rank", models.PositiveSmallIntegerField(null=True)),
        migrations.CreateModel(
            name="Screening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField(null=True)),
                ("state", models.CharField(choices=[(state, state) for state in _STATES], max_length=12)),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("user_id", models.BigIntegerField(null=True)),
                (
                    "drop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="screenings",
                        to="drops.drop",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("drop", "person"), name="screening_once_a_person")
                ]
            },
        ),
    ]
