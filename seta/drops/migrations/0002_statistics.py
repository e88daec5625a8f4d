"""Lets PostgreSQL find a person's row of a release that began after it last looked."""

from django.db import migrations

from seta.drops.statistics import backwards, forwards


class Migration(migrations.Migration):
    dependencies = [("drops", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
