from django.db import migrations, models

from seta.tables import together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = together([
        migrations.CreateModel(
            name='Refusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=12)),
                ('account_id', models.BigIntegerField(null=True)),
                ('reason', models.CharField(max_length=40)),
                ('detail', models.CharField(blank=True, max_length=300)),
                ('size', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Callback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=12)),
                ('account_id', models.BigIntegerField()),
                ('external_id', models.CharField(max_length=160)),
                ('house_id', models.BigIntegerField()),
                ('kind', models.CharField(max_length=80)),
                ('body', models.BinaryField()),
                ('answer', models.TextField(blank=True)),
                ('received_at', models.DateTimeField()),
                ('handled', models.BooleanField(default=True)),
                ('repeats', models.PositiveIntegerField(default=0)),
                ('tries', models.PositiveIntegerField(db_default=0)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('handled', False)), fields=['tries', 'id'], name='callback_unhandled')],
                'constraints': [models.UniqueConstraint(fields=('source', 'account_id', 'external_id'), name='callback_kept_once')],
            },
        ),
    ])
