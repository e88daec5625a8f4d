import django.db.models.deletion
from django.db import migrations, models

from seta.tables import together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('houses', '0001_initial'),
    ]

    operations = together([
        migrations.CreateModel(
            name='Endpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=500)),
                ('note', models.CharField(blank=True, max_length=80)),
                ('facts', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('active', 'Active'), ('disabled', 'Disabled'), ('gone', 'Gone')], default='active', max_length=10)),
                ('sealed_secret', models.BinaryField()),
                ('sealed_previous', models.BinaryField(null=True)),
                ('public_key', models.CharField(max_length=60)),
                ('sealed_key', models.BinaryField()),
                ('previous_public_key', models.CharField(blank=True, default='', max_length=60)),
                ('sealed_previous_key', models.BinaryField(null=True)),
                ('previous_until', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.BigIntegerField(null=True)),
                ('changed_at', models.DateTimeField()),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'url'), name='webhooks_endpoint_once_a_house')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True)),
                ('kind', models.CharField(max_length=80)),
                ('object_key', models.CharField(max_length=80)),
                ('sequence', models.BigIntegerField()),
                ('body', models.TextField()),
                ('recorded_at', models.DateTimeField()),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='houses.house')),
            ],
            options={
                'indexes': [models.Index(fields=['house', 'sequence'], name='webhooks_message_event'), models.Index(fields=['recorded_at'], name='webhooks_message_time')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_key', models.CharField(max_length=80)),
                ('sequence', models.BigIntegerField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('done', 'Done'), ('dead', 'Dead')], default='waiting', max_length=10)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('due_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='webhooks.endpoint')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='webhooks.message')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('endpoint', 'message'), name='webhooks_delivery_once')],
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['endpoint', 'due_at'], name='webhooks_delivery_due'), models.Index(condition=models.Q(('state', 'waiting')), fields=['endpoint', 'object_key', 'sequence'], name='webhooks_delivery_line'), models.Index(fields=['endpoint', '-id'], name='webhooks_delivery_newest')],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('problem', models.CharField(blank=True, max_length=40)),
                ('milliseconds', models.PositiveIntegerField(default=0)),
                ('answer', models.CharField(blank=True, max_length=500)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tries', to='webhooks.delivery')),
            ],
            options={
                'indexes': [models.Index(fields=['delivery', 'at'], name='webhooks_attempt_of')],
            },
        ),
    ])
