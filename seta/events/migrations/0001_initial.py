import django.db.models.deletion
from django.db import migrations, models

from seta.tables import together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = together([
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('house_id', models.BigIntegerField()),
                ('person_id', models.BigIntegerField(null=True)),
                ('occurred_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('body', models.JSONField()),
                ('laked', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['house_id', 'name', 'occurred_at'], name='event_house_name'), models.Index(condition=models.Q(('laked', False)), fields=['id'], name='event_unlaked')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handler', models.CharField(max_length=120)),
                ('due_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('done_at', models.DateTimeField(null=True)),
                ('resting', models.BooleanField(default=False)),
                ('error', models.TextField(blank=True)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='events.event')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at__isnull', True), ('resting', False)), fields=['due_at', 'id'], name='delivery_due')],
                'constraints': [models.UniqueConstraint(fields=('event', 'handler'), name='delivery_once_a_handler')],
            },
        ),
    ])
