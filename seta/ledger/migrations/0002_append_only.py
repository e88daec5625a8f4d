"""Seals the journals and postings against UPDATE and DELETE."""

from django.db import migrations

from seta.ledger.sealing import backwards, forwards


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
