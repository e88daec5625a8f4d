import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from seta.tables import together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('houses', '0001_initial'),
    ]

    operations = together([
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=80)),
                ('currency', models.CharField(max_length=3)),
                ('is_guarded', models.BooleanField(default=False)),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'code', 'currency'), name='ledger_account_once'), models.CheckConstraint(condition=models.Q(('code', ''), _negated=True), name='ledger_account_has_code')],
            },
        ),
        migrations.CreateModel(
            name='Fold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('upto', models.BigIntegerField(default=0)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Pending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('idem', models.CharField(max_length=120)),
                ('fingerprint', models.CharField(max_length=64)),
                ('kind', models.CharField(max_length=40)),
                ('ref', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('house', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'idem'), name='ledger_pending_once')],
                'indexes': [models.Index(fields=['house', 'ref'], name='ledger_pending_ref')],
            },
        ),
        migrations.CreateModel(
            name='Journal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('idem', models.CharField(max_length=120)),
                ('fingerprint', models.CharField(max_length=64)),
                ('kind', models.CharField(max_length=40)),
                ('ref', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('house', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'idem'), name='ledger_journal_once')],
                'indexes': [models.Index(fields=['house', 'ref'], name='ledger_journal_ref'), models.Index(fields=['house', 'at'], name='ledger_journal_at')],
            },
        ),
        migrations.CreateModel(
            name='Folded',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='folded', serialize=False, to='ledger.account')),
                ('debit', models.BigIntegerField(default=0)),
                ('credit', models.BigIntegerField(default=0)),
                ('postings', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Resolution',
            fields=[
                ('pending', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='resolution', serialize=False, to='ledger.pending')),
                ('outcome', models.CharField(choices=[('posted', 'Posted'), ('voided', 'Voided')], max_length=8)),
                ('at', models.DateTimeField()),
                ('journal', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.journal')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('journal__isnull', False), ('outcome', 'posted')), models.Q(('journal__isnull', True), ('outcome', 'voided')), _connector='OR'), name='ledger_resolution_says_which')],
            },
        ),
        migrations.CreateModel(
            name='PendingLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveSmallIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('amount', models.BigIntegerField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                ('pending', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='ledger.pending')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('pending', 'line'), name='ledger_pending_line_once'), models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='ledger_pending_line_moves')],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveSmallIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('amount', models.BigIntegerField()),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='ledger.account')),
                ('journal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='ledger.journal')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('journal', 'line'), name='ledger_posting_line_once'), models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='ledger_posting_moves')],
                'indexes': [models.Index(fields=['account', 'journal'], name='ledger_posting_tail')],
            },
        ),
        migrations.CreateModel(
            name='Balance',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='balance', serialize=False, to='ledger.account')),
                ('amount', models.BigIntegerField(default=0)),
                ('held', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__lte', django.db.models.expressions.CombinedExpression(models.F('held'), '*', models.Value(-1)))), name='ledger_balance_guarded'), models.CheckConstraint(condition=models.Q(('held__gte', 0)), name='ledger_balance_holds')],
            },
        ),
    ])
