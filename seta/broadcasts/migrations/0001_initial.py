import django.db.models.deletion
import seta.broadcasts.rules.states
from django.conf import settings
from django.db import migrations, models

from seta.tables import together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('articles', '0001_initial'),
        ('auth', '__first__'),
        ('houses', '0001_initial'),
        ('people', '0001_initial'),
    ]

    operations = together([
        migrations.CreateModel(
            name='Broadcast',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80)),
                ('texts', models.JSONField(default=dict)),
                ('segment', models.JSONField(default=dict)),
                ('keep_back', models.PositiveSmallIntegerField(default=1)),
                ('send_at', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[(seta.broadcasts.rules.states.State['DRAFT'], seta.broadcasts.rules.states.State['DRAFT']), (seta.broadcasts.rules.states.State['REVIEW'], seta.broadcasts.rules.states.State['REVIEW']), (seta.broadcasts.rules.states.State['PLANNED'], seta.broadcasts.rules.states.State['PLANNED']), (seta.broadcasts.rules.states.State['SENDING'], seta.broadcasts.rules.states.State['SENDING']), (seta.broadcasts.rules.states.State['SENT'], seta.broadcasts.rules.states.State['SENT']), (seta.broadcasts.rules.states.State['FAILED'], seta.broadcasts.rules.states.State['FAILED']), (seta.broadcasts.rules.states.State['CANCELLED'], seta.broadcasts.rules.states.State['CANCELLED'])], default=seta.broadcasts.rules.states.State['DRAFT'], max_length=9)),
                ('changed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('next_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('drafts', models.JSONField(default=dict)),
                ('meant', models.PositiveIntegerField(null=True)),
                ('left_out', models.PositiveIntegerField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('problem', models.CharField(blank=True, max_length=200)),
                ('article', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.article')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='houses.house')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('decided_by', None), ('written_by', None), models.Q(('decided_by', models.F('written_by')), _negated=True), _connector='OR'), name='broadcast_two_people')],
                'indexes': [models.Index(fields=['next_at'], name='broadcast_due')],
            },
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('language', models.CharField(max_length=2)),
                ('state', models.CharField(choices=[(seta.broadcasts.rules.states.BatchState['WAITING'], seta.broadcasts.rules.states.BatchState['WAITING']), (seta.broadcasts.rules.states.BatchState['SENT'], seta.broadcasts.rules.states.BatchState['SENT']), (seta.broadcasts.rules.states.BatchState['FAILED'], seta.broadcasts.rules.states.BatchState['FAILED'])], default=seta.broadcasts.rules.states.BatchState['WAITING'], max_length=7)),
                ('asked_at', models.DateTimeField(null=True)),
                ('msg_id', models.CharField(blank=True, max_length=40)),
                ('sent_at', models.DateTimeField(null=True)),
                ('allowed', models.PositiveIntegerField(null=True)),
                ('reached', models.PositiveIntegerField(null=True)),
                ('failed', models.PositiveIntegerField(null=True)),
                ('broadcast', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='batches', to='broadcasts.broadcast')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('broadcast', 'number'), name='broadcast_batch_once')],
                'indexes': [models.Index(fields=['msg_id'], name='broadcast_batch_report')],
            },
        ),
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.CharField(blank=True, max_length=7)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recipients', to='broadcasts.batch')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('batch', 'person'), name='broadcast_recipient_once')],
                'indexes': [models.Index(fields=['person', 'month'], name='broadcast_received')],
            },
        ),
    ])
