import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from seta.tables import together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '__first__'),
        ('houses', '0001_initial'),
    ]

    operations = together([
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=160)),
                ('openid', models.CharField(blank=True, default='', max_length=64)),
                ('language', models.CharField(max_length=8)),
                ('created_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'email'), name='partner_account_once'), models.UniqueConstraint(condition=models.Q(('openid', ''), _negated=True), fields=('house', 'openid'), name='partner_openid_once')],
            },
        ),
        migrations.CreateModel(
            name='EntryLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=160)),
                ('language', models.CharField(max_length=8)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('sender', models.CharField(max_length=32)),
                ('sent_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
            ],
            options={
                'indexes': [models.Index(fields=['house', 'email', 'sent_at'], name='partner_link_by_email'), models.Index(fields=['sender', 'sent_at'], name='partner_link_by_sender')],
            },
        ),
        migrations.CreateModel(
            name='PaymentRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('listing', models.SlugField(max_length=40)),
                ('state', models.CharField(default='draft', max_length=12)),
                ('sealed', models.BinaryField()),
                ('begun_at', models.DateTimeField()),
                ('moved_at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, default='', max_length=300)),
                ('sub_mchid', models.CharField(blank=True, default='', max_length=32)),
                ('accepts_from', models.DateField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='payment_requests', to='partners.account')),
                ('bank_changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'asked', 'more_wanted', 'sent'))), fields=('house', 'listing'), name='partner_payment_open_once')],
                'indexes': [models.Index(fields=['house', 'state', 'moved_at'], name='partner_payment_queue')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('claim', 'Claim'), ('new', 'New'), ('change', 'Change')], max_length=8)),
                ('listing', models.SlugField(blank=True, max_length=40)),
                ('claim', models.JSONField(default=dict)),
                ('changes', models.JSONField(default=dict)),
                ('before', models.JSONField(default=dict)),
                ('confirms', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('approved', 'Approved'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('replaced', 'Replaced')], default='waiting', max_length=10)),
                ('made_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='partners.account')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'waiting'), models.Q(('kind', 'new'), _negated=True)), fields=('account', 'kind', 'listing'), name='partner_proposal_waits_once')],
                'indexes': [models.Index(fields=['house', 'state', 'made_at'], name='partner_queue')],
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('listing', models.SlugField(max_length=40)),
                ('since', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='partners.account')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'listing'), name='partner_seat_once')],
            },
        ),
        migrations.CreateModel(
            name='PaymentDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('media_type', models.CharField(max_length=20)),
                ('size', models.PositiveIntegerField()),
                ('sealed', models.BinaryField()),
                ('given_at', models.DateTimeField(db_index=True)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='partners.paymentrequest')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('request', 'kind'), name='partner_document_once')],
            },
        ),
        migrations.CreateModel(
            name='PaymentStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=16)),
                ('about', models.CharField(blank=True, default='', max_length=300)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='partners.paymentrequest')),
            ],
        ),
    ])
