"""Makes the index of words that search reads."""

from django.db import migrations

from seta.oversight.search.index import backwards, forwards


class Migration(migrations.Migration):
    dependencies = [("oversight", "0002_append_only")]
    operations = [
        migrations.RunPython(forwards, backwards),
    ]
