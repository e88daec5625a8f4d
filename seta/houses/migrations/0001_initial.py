import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from seta.tables import together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '__first__'),
    ]

    operations = together([
        migrations.CreateModel(
            name='House',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('maison', 'Maison'), ('destination', 'Destination')], max_length=12)),
                ('currency', models.CharField(default='EUR', max_length=3)),
                ('accent', models.CharField(default='#9b2c2c', max_length=7)),
                ('timezone', models.CharField(default='Europe/Rome', max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('admin', 'Admin'), ('marketing', 'Marketing'), ('associate', 'Associate'), ('supervisor', 'Supervisor'), ('finance', 'Finance')], max_length=12)),
                ('name', models.CharField(max_length=80)),
                ('language', models.CharField(default='en', max_length=8)),
                ('boutique_code', models.CharField(blank=True, default='', max_length=40)),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='member', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='PlatformAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('family', models.CharField(choices=[('official_account', 'Official Account'), ('mini_program', 'Mini Program'), ('wecom', 'Wecom'), ('wechatpay', 'Wechatpay'), ('alipay', 'Alipay'), ('antom', 'Antom')], max_length=20)),
                ('app_id', models.CharField(max_length=64)),
                ('base_url', models.URLField()),
                ('settings', models.JSONField(default=dict)),
                ('sealed_secrets', models.BinaryField()),
                ('sealed_former', models.BinaryField(null=True)),
                ('former_until', models.DateTimeField(null=True)),
                ('changed_at', models.DateTimeField()),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'family'), name='account_one_a_family'), models.UniqueConstraint(fields=('family', 'app_id'), name='account_of_one_house')],
            },
        ),
    ])
