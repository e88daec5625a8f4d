"""Makes the append-only audit log."""

from django.db import migrations

from seta.oversight.sealing import backwards, forwards


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
