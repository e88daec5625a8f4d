"""What an account says of itself, and what its keys were while they change."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("houses", "0002_member_boutique"),
    ]

    operations = [
        migrations.AddField(
            model_name="platformaccount",
            name="former_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="platformaccount",
            name="sealed_former",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="platformaccount",
            name="settings",
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name="platformaccount",
            name="family",
            field=models.CharField(
                choices=[
                    ("official_account", "Official Account"),
                    ("mini_program", "Mini Program"),
                    ("wecom", "Wecom"),
                    ("wechatpay", "Wechatpay"),
                    ("alipay", "Alipay"),
                    ("antom", "Antom"),
                ],
                max_length=20,
            ),
        ),
    ]
