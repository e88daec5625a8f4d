"""What a refund at the rate of its day costs beyond its share; routes have a table of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_routes_and_shown_codes")]
    operations = [
        migrations.AddField(model_name="refund", name="day_gain", field=models.BigIntegerField(default=0)),
        migrations.RemoveField(model_name="terms", name="routes"),
    ]
