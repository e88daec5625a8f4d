from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0011_payouts'),
    ]

    operations = [
        migrations.AddField(
            model_name='bill',
            name='opening',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='bill',
            name='closing',
            field=models.BigIntegerField(null=True),
        ),
    ]
