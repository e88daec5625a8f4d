"""Seals the log and the evidence against UPDATE and DELETE."""

from django.db import migrations

from seta.oversight import append_only, sealing


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_initial")]
    operations = [
        migrations.RunPython(sealing.forwards, sealing.backwards),
        migrations.RunPython(append_only.forwards, append_only.backwards),
    ]
