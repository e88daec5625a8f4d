"""Makes the search index."""

from django.db import migrations

from seta.oversight.search.index import backwards, forwards


class Migration(migrations.Migration):
    dependencies = [("oversight", "0004_archive_media")]
    operations = [migrations.RunPython(forwards, backwards)]
