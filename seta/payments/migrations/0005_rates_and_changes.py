"""A rate a day and source, who changed what with whom, and what a payment carries beyond its quote."""

import django.db.models.deletion
from django.db import migrations, models

from seta.payments.sealing import backwards, forwards


class Migration(migrations.Migration):
    dependencies = [
        ("houses", "0002_member_boutique"),
        ("payments", "0004_static_code"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("subject", models.CharField(blank=True, max_length=40)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField()),
                ("reason", models.CharField(max_length=200)),
                ("proposed_by", models.BigIntegerField()),
                ("proposed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ChangeDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("outcome", models.CharField(max_length=8)),
                ("decided_by", models.BigIntegerField()),
                ("decided_at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="rate",
            name="payments_rate_once_a_day",
        ),
        migrations.AddField(
            model_name="intent",
            name="rate_gain",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="refund",
            name="rate_gain",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="refund",
            name="rate_policy",
            field=models.CharField(default="original", max_length=12),
        ),
        migrations.AddField(
            model_name="terms",
            name="rate_sources",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="terms",
            name="refund_policy",
            field=models.CharField(default="original", max_length=12),
        ),
        migrations.AddField(
            model_name="terms",
            name="routes",
            field=models.JSONField(default=dict),
        ),
        migrations.AddConstraint(
            model_name="rate",
            constraint=models.UniqueConstraint(
                fields=("house", "source", "base", "counter", "valid_on"), name="payments_rate_once_a_day"
            ),
        ),
        migrations.AddField(
            model_name="change",
            name="house",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="houses.house"
            ),
        ),
        migrations.AddField(
            model_name="changedecision",
            name="change",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="payments.change"
            ),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["house", "proposed_at"], name="payments_change_house"),
        ),
        migrations.AddConstraint(
            model_name="changedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["approved", "declined"])), name="payments_change_outcome"
            ),
        ),
        migrations.RunPython(forwards, backwards),
    ]
