"""Give every sale that was credited before there were splits its one part and its statement lines."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def write_entries(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """One part of 10,000 for the associate who was credited, what it earned, and what returns took of it."""
    credits = apps.get_model("clienteling", "SaleCredit")
    shares = apps.get_model("clienteling", "CommissionShare")
    entries = apps.get_model("clienteling", "CommissionEntry")
    returns = apps.get_model("clienteling", "SaleReturn")
    for sale in credits.objects.order_by("id").iterator():
        shares.objects.create(credit=sale, associate_id=sale.associate_id, position=0, bps=10_000)
        last = returns.objects.filter(order_id=sale.order_id).order_by("-returned_at").first()
        lines = [("earned", sale.commission, sale.credited_at)]
        lines.append(("returned", -sale.clawed_back, last.returned_at if last else sale.credited_at))
        entries.objects.bulk_create(
            entries(
                house_id=sale.house_id,
                credit=sale,
                associate_id=sale.associate_id,
                kind=kind,
                amount=amount,
                currency=sale.settle_currency,
                at=at,
            )
            for kind, amount, at in lines
            if amount
        )


class Migration(migrations.Migration):
    dependencies = [("clienteling", "0002_book_tasks_split_handover")]

    operations = [migrations.RunPython(write_entries, migrations.RunPython.noop)]
