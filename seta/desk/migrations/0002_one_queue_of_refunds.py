"""Refunds that wait for a second person are kept by payments alone."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial")]
    operations = [migrations.DeleteModel(name="RefundRequest")]
