"""Seals journals, postings and pending lines against UPDATE and DELETE."""

from django.db import migrations

from seta.ledger.sealing import backwards, backwards_pending, forwards, forwards_pending


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.RunPython(forwards, backwards),
        migrations.RunPython(forwards_pending, backwards_pending),
    ]
