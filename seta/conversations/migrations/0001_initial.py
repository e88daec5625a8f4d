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
            name='Conversation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('last_inbound_at', models.DateTimeField(null=True)),
                ('unanswered_since', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.platformaccount')),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'person'), name='conversation_of_account_and_person')],
                'indexes': [models.Index(fields=['house', '-last_at'], name='conversation_newest')],
            },
        ),
        migrations.CreateModel(
            name='Follow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('followed_at', models.DateTimeField()),
                ('unfollowed_at', models.DateTimeField(null=True)),
                ('scene', models.CharField(blank=True, max_length=64)),
                ('campaign', models.CharField(blank=True, max_length=40)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.platformaccount')),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('unfollowed_at__isnull', True)), fields=('account', 'person'), name='follow_open_once')],
                'indexes': [models.Index(fields=['house', 'followed_at'], name='follow_by_day')],
            },
        ),
        migrations.CreateModel(
            name='Menu',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('draft', models.JSONField(default=list)),
                ('changed_at', models.DateTimeField()),
                ('published', models.JSONField(null=True)),
                ('published_at', models.DateTimeField(null=True)),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to='houses.platformaccount')),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
            ],
        ),
        migrations.CreateModel(
            name='UploadedPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('media_id', models.CharField(max_length=160)),
                ('uploaded_at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.platformaccount')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'digest'), name='picture_uploaded_once')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('direction', models.CharField(choices=[('in', 'In'), ('out', 'Out')], max_length=3)),
                ('channel', models.CharField(choices=[('callback', 'Callback'), ('passive', 'Passive'), ('service', 'Service'), ('subscribe', 'Subscribe')], max_length=9)),
                ('kind', models.CharField(max_length=24)),
                ('body', models.TextField(blank=True)),
                ('platform_msgid', models.CharField(max_length=160, null=True)),
                ('key', models.CharField(max_length=120, null=True)),
                ('sent_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('received', 'Received'), ('queued', 'Queued'), ('sent', 'Sent'), ('failed', 'Failed'), ('held', 'Held')], max_length=8)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.platformaccount')),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='conversations.conversation')),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'platform_msgid'), name='message_received_once'), models.UniqueConstraint(fields=('account', 'key'), name='message_asked_once')],
                'indexes': [models.Index(fields=['conversation', 'sent_at', 'id'], name='message_thread')],
            },
        ),
    ])
