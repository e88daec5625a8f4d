"""Payees with their bank accounts, who released a batch, what a bank reported, and the steps of each day."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def name_refunds(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Lines were told apart by what they point to; now they say it."""
    apps.get_model("payments", "SettlementLine").objects.filter(refund__isnull=False).update(kind="refund")


class Migration(migrations.Migration):
    dependencies = [
        ("houses", "0002_member_boutique"),
        ("payments", "0007_refund_day_gain"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("outcome", models.JSONField()),
                ("received_by", models.BigIntegerField(null=True)),
                ("received_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Payee",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=24)),
                ("name", models.CharField(max_length=70)),
                ("currency", models.CharField(max_length=3)),
                ("timezone", models.CharField(max_length=40)),
                ("cutoff_hour", models.PositiveSmallIntegerField(default=24)),
                ("schedule", models.CharField(default="daily", max_length=8)),
                ("schedule_day", models.PositiveSmallIntegerField(default=0)),
                ("minimum", models.BigIntegerField()),
                ("second_person_above", models.BigIntegerField()),
                ("fee_bps", models.PositiveIntegerField()),
                ("commission_bps", models.PositiveIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PayeeAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holder", models.CharField(max_length=70)),
                ("iban", models.CharField(max_length=34)),
                ("bic", models.CharField(blank=True, max_length=11)),
                ("reason", models.CharField(max_length=200)),
                ("state", models.CharField(max_length=8)),
                ("proposed_by", models.BigIntegerField()),
                ("proposed_at", models.DateTimeField()),
                ("decided_by", models.BigIntegerField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ScheduleStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.CharField(max_length=12)),
                ("subject", models.CharField(max_length=48)),
                ("day", models.DateField()),
                ("state", models.CharField(max_length=8)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("detail", models.CharField(blank=True, max_length=200)),
                ("tried_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("is_late", models.BooleanField(default=False)),
            ],
        ),
        migrations.AddField(
            model_name="intent",
            name="commission",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="refund",
            name="commission",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="settlementbatch",
            name="commissions",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="settlementbatch",
            name="cutoff_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="settlementbatch",
            name="released_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="settlementbatch",
            name="released_by",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="settlementbatch",
            name="return_reason",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="settlementbatch",
            name="returned_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="settlementbatch",
            name="second_by",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="settlementbatch",
            name="sent_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="settlementline",
            name="commission",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="settlementline",
            name="is_returned",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="settlementline",
            name="kind",
            field=models.CharField(default="payment", max_length=20),
        ),
        migrations.AlterField(
            model_name="settlementline",
            name="intent",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="settlement_lines",
                to="payments.intent",
            ),
        ),
        migrations.AlterField(
            model_name="settlementline",
            name="refund",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="settlement_lines",
                to="payments.refund",
            ),
        ),
        migrations.AddConstraint(
            model_name="settlementline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_returned", False)),
                fields=("intent", "kind"),
                name="payments_line_intent_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="settlementline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_returned", False)),
                fields=("refund", "kind"),
                name="payments_line_refund_once",
            ),
        ),
        migrations.AddField(
            model_name="bankreport",
            name="house",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="houses.house"
            ),
        ),
        migrations.AddField(
            model_name="payee",
            name="house",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="houses.house"
            ),
        ),
        migrations.AddField(
            model_name="intent",
            name="payee",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.payee"
            ),
        ),
        migrations.AddField(
            model_name="settlementbatch",
            name="payee",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.payee"
            ),
        ),
        migrations.AddConstraint(
            model_name="settlementbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("second_by__isnull", True),
                    models.Q(("second_by", models.F("released_by")), _negated=True),
                    _connector="OR",
                ),
                name="payments_batch_by_two",
            ),
        ),
        migrations.AddField(
            model_name="payeeaccount",
            name="payee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="accounts", to="payments.payee"
            ),
        ),
        migrations.AddField(
            model_name="schedulestep",
            name="house",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="houses.house"
            ),
        ),
        migrations.AddConstraint(
            model_name="bankreport",
            constraint=models.UniqueConstraint(fields=("house", "digest"), name="payments_bank_report_once"),
        ),
        migrations.AddConstraint(
            model_name="payee",
            constraint=models.UniqueConstraint(fields=("house", "code"), name="payments_payee_once"),
        ),
        migrations.AddConstraint(
            model_name="payee",
            constraint=models.CheckConstraint(
                condition=models.Q(("fee_bps__lt", 10000), ("commission_bps__lt", 10000)),
                name="payments_payee_bps",
            ),
        ),
        migrations.AddConstraint(
            model_name="payee",
            constraint=models.CheckConstraint(
                condition=models.Q(("cutoff_hour__gte", 1), ("cutoff_hour__lte", 24)),
                name="payments_payee_hour",
            ),
        ),
        migrations.AddConstraint(
            model_name="payee",
            constraint=models.CheckConstraint(
                condition=models.Q(("minimum__gte", 0), ("second_person_above__gte", 0)),
                name="payments_payee_limits",
            ),
        ),
        migrations.AddIndex(
            model_name="payeeaccount",
            index=models.Index(fields=["payee", "state", "decided_at"], name="payments_account_state"),
        ),
        migrations.AddConstraint(
            model_name="payeeaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_by__isnull", True), ("state", "waiting")),
                    models.Q(("state__in", ["approved", "declined"]), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="payments_account_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="payeeaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", models.F("proposed_by")), ("state", "approved"), _negated=True
                ),
                name="payments_account_by_two",
            ),
        ),
        migrations.AddIndex(
            model_name="schedulestep",
            index=models.Index(fields=["house", "day"], name="payments_schedule_day"),
        ),
        migrations.AddConstraint(
            model_name="schedulestep",
            constraint=models.UniqueConstraint(
                fields=("house", "step", "subject", "day"), name="payments_schedule_once_a_day"
            ),
        ),
        migrations.RunPython(name_refunds, migrations.RunPython.noop),
    ]
