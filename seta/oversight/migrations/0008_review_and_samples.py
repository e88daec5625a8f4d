"""Tables of review, samples and trials; an alert knows its last word and the round it is in."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def tell_verdicts(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give each closed alert the verdict that stood on its one review until now."""
    review = apps.get_model("oversight", "Review")
    for alert_id, verdict in review.objects.values_list("alert_id", "verdict"):
        apps.get_model("oversight", "Alert").objects.filter(pk=alert_id).update(verdict=verdict)


class Migration(migrations.Migration):
    dependencies = [
        ("houses", "0003_account_settings"),
        ("oversight", "0007_archive_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BulkClosing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=80)),
                ("verdict", models.CharField(max_length=16)),
                ("reason", models.CharField(max_length=500)),
                ("alerts", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Coaching",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=80)),
                ("userid", models.CharField(max_length=128)),
                ("text", models.CharField(max_length=500)),
                ("sent_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ModeChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=80)),
                ("mode", models.CharField(max_length=8)),
                ("reason", models.CharField(max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                            ("automatic", "Automatic"),
                        ],
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="QueuePlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("queue", models.CharField(max_length=80)),
                (
                    "assignment",
                    models.CharField(
                        choices=[
                            ("manual", "Manual"),
                            ("round_robin", "Round Robin"),
                            ("workload", "Workload"),
                        ],
                        default="manual",
                        max_length=12,
                    ),
                ),
                ("last_turn", models.BigIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("conversation_digest", models.CharField(max_length=32)),
                ("purpose", models.CharField(max_length=20)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("messages", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Reveal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="RuleTrial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=80)),
                ("policy_version", models.CharField(max_length=64)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("messages", models.PositiveIntegerField()),
                ("unreadable", models.PositiveIntegerField()),
                ("alerts", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SampleDraw",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("messages", "Messages"), ("readings", "Readings")], max_length=8
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("minimum", models.PositiveIntegerField()),
                ("share_bps", models.PositiveIntegerField()),
                ("population", models.PositiveIntegerField()),
                ("population_sha256", models.CharField(max_length=64)),
                ("audit_seq", models.BigIntegerField()),
                ("seed", models.CharField(max_length=64)),
                ("drawn_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SampleItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stratum", models.CharField(max_length=128)),
                ("key", models.CharField(max_length=64)),
                (
                    "finding",
                    models.CharField(
                        blank=True,
                        choices=[("fine", "Fine"), ("breach", "Breach"), ("unclear", "Unclear")],
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("found_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ShadowHit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=80)),
                ("tier", models.CharField(max_length=12)),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("policy_version", models.CharField(max_length=64)),
                ("found_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="TrialHit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("verdict", models.CharField(blank=True, max_length=16)),
                ("judged_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="alert",
            name="breached_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="alert",
            name="escalated_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="alert",
            name="escalation",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="alert",
            name="round",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="alert",
            name="verdict",
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddField(
            model_name="review",
            name="round",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="review",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="review",
            name="alert",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="oversight.alert"
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["house", "rule", "opened_at"], name="alert_by_rule"),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(("round__gte", 1), ("round__lte", 3)), name="alert_three_rounds"
            ),
        ),
        migrations.AddField(
            model_name="bulkclosing",
            name="house",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="houses.house"),
        ),
        migrations.AddField(
            model_name="bulkclosing",
            name="reviewer",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="bulk",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="reviews",
                to="oversight.bulkclosing",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("alert", "round"),
                name="review_once_a_round",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("alert", "reviewer"),
                name="review_once_a_person",
            ),
        ),
        migrations.AddField(
            model_name="coaching",
            name="alert",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, to="oversight.alert"
            ),
        ),
        migrations.AddField(
            model_name="coaching",
            name="author",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="coaching",
            name="house",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="houses.house"),
        ),
        migrations.AddField(
            model_name="modechange",
            name="asked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="modechange",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="modechange",
            name="house",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="houses.house"),
        ),
        migrations.AddField(
            model_name="modechange",
            name="owner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="queueplan",
            name="house",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="houses.house"),
        ),
        migrations.AddField(
            model_name="queueplan",
            name="owner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reading",
            name="alert",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, to="oversight.alert"
            ),
        ),
        migrations.AddField(
            model_name="reading",
            name="house",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="houses.house"),
        ),
        migrations.AddField(
            model_name="reading",
            name="user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reveal",
            name="alert",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="oversight.alert"),
        ),
        migrations.AddField(
            model_name="reveal",
            name="house",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="houses.house"),
        ),
        migrations.AddField(
            model_name="reveal",
            name="user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="ruletrial",
            name="asked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ruletrial",
            name="house",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="houses.house"),
        ),
        migrations.AddField(
            model_name="sampledraw",
            name="house",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="houses.house"),
        ),
        migrations.AddField(
            model_name="sampleitem",
            name="draw",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="items", to="oversight.sampledraw"
            ),
        ),
        migrations.AddField(
            model_name="sampleitem",
            name="message",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="oversight.archivedmessage",
            ),
        ),
        migrations.AddField(
            model_name="sampleitem",
            name="reading",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="oversight.reading",
            ),
        ),
        migrations.AddField(
            model_name="sampleitem",
            name="reviewer",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="shadowhit",
            name="message",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="shadow_hits",
                to="oversight.archivedmessage",
            ),
        ),
        migrations.AddField(
            model_name="trialhit",
            name="message",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="oversight.archivedmessage"
            ),
        ),
        migrations.AddField(
            model_name="trialhit",
            name="reviewer",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="trialhit",
            name="trial",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="samples", to="oversight.ruletrial"
            ),
        ),
        migrations.AddIndex(
            model_name="coaching",
            index=models.Index(fields=["house", "userid", "sent_at"], name="coaching_of_associate"),
        ),
        migrations.AddConstraint(
            model_name="modechange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("house", "rule"),
                name="mode_change_one_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="modechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="mode_change_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="queueplan",
            constraint=models.UniqueConstraint(fields=("house", "queue"), name="queue_plan_once"),
        ),
        migrations.AddIndex(
            model_name="reading",
            index=models.Index(fields=["house", "at"], name="reading_by_time"),
        ),
        migrations.AddConstraint(
            model_name="reveal",
            constraint=models.UniqueConstraint(fields=("alert", "user"), name="reveal_once"),
        ),
        migrations.AddConstraint(
            model_name="sampledraw",
            constraint=models.UniqueConstraint(fields=("house", "kind", "until"), name="sample_draw_once"),
        ),
        migrations.AddConstraint(
            model_name="sampledraw",
            constraint=models.CheckConstraint(
                condition=models.Q(("since__lt", models.F("until"))), name="sample_draw_has_a_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="sampleitem",
            constraint=models.UniqueConstraint(fields=("draw", "key"), name="sample_item_once"),
        ),
        migrations.AddConstraint(
            model_name="sampleitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("message__isnull", True), ("reading__isnull", True), _connector="OR"),
                name="sample_item_one_thing",
            ),
        ),
        migrations.AddIndex(
            model_name="shadowhit",
            index=models.Index(fields=["rule", "found_at"], name="shadow_hit_by_rule"),
        ),
        migrations.AddConstraint(
            model_name="trialhit",
            constraint=models.UniqueConstraint(fields=("trial", "message"), name="trial_hit_once"),
        ),
        migrations.RunPython(tell_verdicts, migrations.RunPython.noop),
    ]
