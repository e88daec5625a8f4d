import django.db.models.deletion
from django.db import migrations, models

from seta.tables import together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('houses', '0001_initial'),
        ('people', '0001_initial'),
    ]

    operations = together([
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('user_id', models.BigIntegerField()),
                ('associate_id', models.BigIntegerField(null=True)),
                ('host_name', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('voice', 'Voice'), ('video', 'Video')], max_length=8)),
                ('topic', models.CharField(blank=True, max_length=120)),
                ('appointment_id', models.CharField(blank=True, max_length=40)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('booked', 'Booked'), ('under_way', 'Under Way'), ('held', 'Held'), ('missed', 'Missed'), ('cancelled', 'Cancelled')], default='booked', max_length=10)),
                ('sequence', models.PositiveSmallIntegerField(default=0)),
                ('cancelled_by', models.CharField(blank=True, max_length=10)),
                ('booked_by', models.CharField(default='associate', max_length=10)),
                ('booked_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('reminded_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, max_length=10)),
                ('quality', models.JSONField(default=dict)),
                ('came', models.JSONField(default=list)),
                ('listener_id', models.BigIntegerField(null=True)),
                ('listener_name', models.CharField(blank=True, max_length=80)),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='consultation_lasts'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['under_way', 'held']), _negated=True), ('started_at__isnull', False), _connector='OR'), name='consultation_held_was_begun')],
                'indexes': [models.Index(fields=['house', 'starts_at'], name='consultation_by_day'), models.Index(fields=['house', 'person', '-starts_at'], name='consultation_of_client'), models.Index(fields=['state', 'ends_at'], name='consultation_to_close')],
            },
        ),
        migrations.CreateModel(
            name='CallHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user_id', models.BigIntegerField()),
                ('hours', models.CharField(blank=True, max_length=200)),
                ('changed_at', models.DateTimeField()),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'user_id'), name='call_hours_once_a_member')],
            },
        ),
        migrations.CreateModel(
            name='Peer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=10)),
                ('device', models.CharField(max_length=64)),
                ('session', models.PositiveIntegerField(default=1)),
                ('heard', models.PositiveIntegerField(default=0)),
                ('told', models.PositiveIntegerField(default=0)),
                ('seen_at', models.DateTimeField()),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='peers', to='consultations.consultation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('consultation', 'role'), name='peer_once_a_role')],
            },
        ),
        migrations.CreateModel(
            name='Quarter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('user_id', models.BigIntegerField()),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quarters', to='consultations.consultation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user_id', 'at'), name='quarter_of_associate_once'), models.UniqueConstraint(fields=('person', 'at'), name='quarter_of_client_once')],
            },
        ),
        migrations.CreateModel(
            name='Recording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('running', 'Running'), ('kept', 'Kept'), ('deleted', 'Deleted')], default='running', max_length=8)),
                ('media_type', models.CharField(max_length=40)),
                ('key_id', models.BigIntegerField()),
                ('pieces', models.PositiveIntegerField(default=0)),
                ('kept_bytes', models.BigIntegerField(default=0)),
                ('last_digest', models.CharField(blank=True, max_length=64)),
                ('started_at', models.DateTimeField()),
                ('stopped_at', models.DateTimeField(null=True)),
                ('stopped_why', models.CharField(blank=True, max_length=12)),
                ('delete_after', models.DateTimeField()),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recordings', to='consultations.consultation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('consultation',), name='recording_one_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='RecordingAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party', models.CharField(max_length=10)),
                ('granted', models.BooleanField()),
                ('words_digest', models.CharField(max_length=64)),
                ('language', models.CharField(max_length=8)),
                ('at', models.DateTimeField()),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='consultations.consultation')),
            ],
        ),
        migrations.CreateModel(
            name='ShownCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=8)),
                ('code', models.CharField(max_length=64)),
                ('title', models.CharField(max_length=120)),
                ('shown_at', models.DateTimeField()),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cards', to='consultations.consultation')),
            ],
        ),
        migrations.CreateModel(
            name='Signal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField()),
                ('sender', models.CharField(max_length=10)),
                ('sender_session', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=12)),
                ('body', models.TextField()),
                ('peer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signals', to='consultations.peer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('peer', 'seq'), name='signal_in_order')],
            },
        ),
    ])
