"""Seals decisions about money against UPDATE and DELETE."""

from django.db import migrations

from seta.payments.sealing import backwards, forwards


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [
        migrations.RunPython(forwards, backwards),
    ]
