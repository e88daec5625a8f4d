"""Seals what was earned against UPDATE and DELETE."""

from django.db import migrations

from seta.loyalty.sealing import backwards, forwards


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0001_initial")]
    operations = [
        migrations.RunPython(forwards, backwards),
    ]
