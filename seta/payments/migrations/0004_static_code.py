import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('houses', '0002_member_boutique'),
        ('payments', '0003_intent_boutique'),
    ]

    operations = [
        migrations.CreateModel(
            name='StaticCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('boutique_code', models.CharField(max_length=40)),
                ('code', models.CharField(max_length=16, unique=True)),
                ('title', models.CharField(max_length=60)),
                ('settle_currency', models.CharField(max_length=3)),
                ('is_active', models.BooleanField(default=True)),
                ('made_at', models.DateTimeField()),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='houses.house')),
            ],
            options={
                'indexes': [models.Index(fields=['house', 'boutique_code'], name='payments_static_code_shop')],
            },
        ),
    ]
