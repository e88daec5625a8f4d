"""Which provider takes a payment, and what was shown for a client's camera."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("houses", "0002_member_boutique"),
        ("payments", "0005_rates_and_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Route",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("wallet", models.CharField(max_length=12)),
                ("scene", models.CharField(max_length=12)),
                ("settle_currency", models.CharField(blank=True, max_length=3)),
                ("provider", models.CharField(max_length=12)),
                ("changed_at", models.DateTimeField()),
                (
                    "house",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="houses.house"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ShownCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", models.TextField()),
                ("shown_at", models.DateTimeField()),
                (
                    "attempt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shown",
                        to="payments.attempt",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="route",
            constraint=models.UniqueConstraint(
                fields=("house", "wallet", "scene", "settle_currency"), name="payments_route_once"
            ),
        ),
    ]
