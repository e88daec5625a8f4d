"""The ledger of merit only grows from here on."""

from django.db import migrations

from seta.loyalty.sealing import backwards, forwards


class Migration(migrations.Migration):

    dependencies = [
        ('loyalty', '0001_first'),
    ]

    operations = [
        migrations.RunPython(forwards, backwards),
    ]
