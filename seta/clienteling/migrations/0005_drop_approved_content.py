"""Drop the words that content keeps now."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clienteling", "0004_shares_of_asset_versions")]

    operations = [
        migrations.RemoveField(model_name="productshare", name="content"),
        migrations.AlterField(
            model_name="productshare",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="content.assetversion"
            ),
        ),
        migrations.DeleteModel(name="ApprovedContent"),
    ]
