"""Keeps who searched the archive, for what and why."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("houses", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("oversight", "0006_evidence"),
    ]
    operations = [
        migrations.CreateModel(
            name="ArchiveSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(max_length=24)),
                ("key", models.CharField(max_length=40, unique=True)),
                ("sealed_query", models.BinaryField()),
                ("filters", models.JSONField(default=dict)),
                ("found", models.PositiveIntegerField()),
                ("asked_at", models.DateTimeField()),
                (
                    "body_key",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="oversight.bodykey"),
                ),
                (
                    "house",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="houses.house"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["house", "-asked_at"], name="archive_search_newest")],
            },
        ),
    ]
