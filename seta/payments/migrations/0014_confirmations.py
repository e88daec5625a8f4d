import django.db.models.deletion
from django.db import migrations, models

_RUN = """
(SELECT run.id FROM payments_reconrun AS run JOIN payments_bill AS bill ON bill.id = run.bill_id
 WHERE bill.house_id = mine.house_id AND bill.provider = {provider} AND run.ran_at <= mine.reconciled_at
 ORDER BY run.ran_at DESC LIMIT 1)
"""
_PAYMENTS = f"""
INSERT INTO payments_paymentconfirmation (attempt_id, run_id, fee)
SELECT mine.id, {_RUN.format(provider="mine.provider")}, coalesce(mine.provider_fee, 0)
FROM payments_attempt AS mine WHERE mine.reconciled_at IS NOT NULL
"""
_REFUNDS = f"""
INSERT INTO payments_refundconfirmation (refund_id, run_id, fee)
SELECT mine.id, {_RUN.format(provider="intent.provider")}, coalesce(mine.provider_fee, 0)
FROM payments_refund AS mine JOIN payments_intent AS intent ON intent.id = mine.intent_id
WHERE mine.reconciled_at IS NOT NULL
"""


def confirmation(of, model):
    """A table of what bills confirm, keyed by what is confirmed."""
    key = models.OneToOneField(
        db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True,
        related_name="confirmation", serialize=False, to=f"payments.{of}",
    )  # fmt: skip
    run = models.ForeignKey(
        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT,
        related_name="+", to="payments.reconrun",
    )  # fmt: skip
    return migrations.CreateModel(
        name=model,
        fields=[("run", run), ("fee", models.BigIntegerField()), (of, key)],
        options={"abstract": False},
    )


class Migration(migrations.Migration):

    dependencies = [("payments", "0013_one_open_intent")]

    operations = [
        confirmation("attempt", "PaymentConfirmation"),
        confirmation("refund", "RefundConfirmation"),
        migrations.RunSQL(_PAYMENTS, migrations.RunSQL.noop),
        migrations.RunSQL(_REFUNDS, migrations.RunSQL.noop),
        migrations.RemoveField("attempt", "provider_fee"),
        migrations.RemoveField("attempt", "reconciled_at"),
        migrations.RemoveField("refund", "provider_fee"),
        migrations.RemoveField("refund", "reconciled_at"),
    ]
