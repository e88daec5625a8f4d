import django.db.models.deletion
import django.db.models.expressions
import seta.drops.rules.places
import seta.drops.rules.risk
from django.db import migrations, models

from seta.tables import together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('boutique', '0001_initial'),
        ('houses', '0001_initial'),
        ('people', '0001_initial'),
    ]

    operations = together([
        migrations.CreateModel(
            name='Drop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('state', models.CharField(choices=[(seta.drops.rules.places.State['DRAFT'], seta.drops.rules.places.State['DRAFT']), (seta.drops.rules.places.State['OPEN'], seta.drops.rules.places.State['OPEN']), (seta.drops.rules.places.State['PAUSED'], seta.drops.rules.places.State['PAUSED']), (seta.drops.rules.places.State['CLOSED'], seta.drops.rules.places.State['CLOSED'])], default=seta.drops.rules.places.State['DRAFT'], max_length=8)),
                ('pieces', models.PositiveIntegerField()),
                ('left', models.IntegerField(default=0)),
                ('returned', models.PositiveIntegerField(default=0)),
                ('next_seq', models.BigIntegerField(default=1)),
                ('hold_seconds', models.PositiveIntegerField(default=600)),
                ('opens_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('kind', models.CharField(choices=[(seta.drops.rules.places.Kind['FIRST_COME'], seta.drops.rules.places.Kind['FIRST_COME']), (seta.drops.rules.places.Kind['DRAW'], seta.drops.rules.places.Kind['DRAW']), (seta.drops.rules.places.Kind['INVITED'], seta.drops.rules.places.Kind['INVITED'])], default=seta.drops.rules.places.Kind['FIRST_COME'], max_length=12)),
                ('turns_at', models.DateTimeField(null=True)),
                ('needs_registration', models.BooleanField(default=False)),
                ('proof', models.CharField(blank=True, choices=[(seta.drops.rules.places.Proof['NONE'], seta.drops.rules.places.Proof['NONE']), (seta.drops.rules.places.Proof['VISIT'], seta.drops.rules.places.Proof['VISIT']), (seta.drops.rules.places.Proof['PURCHASE'], seta.drops.rules.places.Proof['PURCHASE'])], default='', max_length=12)),
                ('right', models.CharField(blank=True, default='', max_length=40)),
                ('needs_ticket', models.BooleanField(default=False)),
                ('check_rank', models.PositiveSmallIntegerField(null=True)),
                ('refuse_rank', models.PositiveSmallIntegerField(null=True)),
                ('kept', models.IntegerField(default=0)),
                ('seed_hash', models.CharField(blank=True, default='', max_length=64)),
                ('sealed_seed', models.BinaryField(null=True)),
                ('seed', models.CharField(blank=True, default='', max_length=64)),
                ('committed_at', models.DateTimeField(null=True)),
                ('drawn_at', models.DateTimeField(null=True)),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='houses.house')),
                ('variant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='boutique.variant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'code'), name='drop_code_once_a_house'), models.CheckConstraint(condition=models.Q(('kept__gte', 0)), name='drop_keeps_no_less_than_nothing'), models.CheckConstraint(condition=models.Q(('kind', seta.drops.rules.places.Kind['FIRST_COME']), ('turns_at__isnull', False), _connector='OR'), name='drop_turn_of_its_kind'), models.CheckConstraint(condition=models.Q(('drawn_at__isnull', True), models.Q(('seed', ''), _negated=True), _connector='OR'), name='drop_drawn_with_its_seed'), models.CheckConstraint(condition=models.Q(('left__gte', 0)), name='drop_is_never_oversold'), models.CheckConstraint(condition=models.Q(('left__lte', django.db.models.expressions.CombinedExpression(models.F('pieces'), '-', models.F('returned')))), name='drop_left_within_pieces'), models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='drop_closes_after_it_opens')],
            },
        ),
        migrations.CreateModel(
            name='Credential',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[(seta.drops.rules.places.Proof['VISIT'], seta.drops.rules.places.Proof['VISIT']), (seta.drops.rules.places.Proof['PURCHASE'], seta.drops.rules.places.Proof['PURCHASE'])], max_length=12)),
                ('at', models.DateTimeField()),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='houses.house')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'person', 'kind'), name='credential_once_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='Allocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('associate_id', models.BigIntegerField()),
                ('pieces', models.PositiveIntegerField()),
                ('drop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='allocations', to='drops.drop')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('drop', 'associate_id'), name='allocation_once_an_associate')],
            },
        ),
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=20)),
                ('user_id', models.BigIntegerField(null=True)),
                ('detail', models.CharField(blank=True, default='', max_length=120)),
                ('at', models.DateTimeField()),
                ('drop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='actions', to='drops.drop')),
            ],
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16)),
                ('at', models.DateTimeField()),
                ('rank', models.PositiveIntegerField(null=True)),
                ('drop', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='drops.drop')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('drop', 'person'), name='entry_once_a_person'), models.UniqueConstraint(fields=('drop', 'code'), name='entry_once_a_code'), models.UniqueConstraint(fields=('drop', 'rank'), name='entry_once_a_rank')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('associate_id', models.BigIntegerField(null=True)),
                ('reason', models.CharField(blank=True, max_length=60)),
                ('at', models.DateTimeField()),
                ('taken_at', models.DateTimeField(null=True)),
                ('drop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='drops.drop')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('drop', 'person'), name='invitation_once_a_person')],
            },
        ),
        migrations.CreateModel(
            name='Lapse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.BigIntegerField()),
                ('reserved_at', models.DateTimeField()),
                ('at', models.DateTimeField()),
                ('went', models.CharField(max_length=8)),
                ('next_seq', models.BigIntegerField(null=True)),
                ('drop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lapses', to='drops.drop')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('drop', 'seq'), name='lapse_once_a_place')],
            },
        ),
        migrations.CreateModel(
            name='Registration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('drop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='registrations', to='drops.drop')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('drop', 'person'), name='registration_once_a_person')],
            },
        ),
        migrations.CreateModel(
            name='Reservation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.BigIntegerField()),
                ('state', models.CharField(choices=[(seta.drops.rules.places.Hold['WAITING'], seta.drops.rules.places.Hold['WAITING']), (seta.drops.rules.places.Hold['RESERVED'], seta.drops.rules.places.Hold['RESERVED']), (seta.drops.rules.places.Hold['PAID'], seta.drops.rules.places.Hold['PAID']), (seta.drops.rules.places.Hold['EXPIRED'], seta.drops.rules.places.Hold['EXPIRED'])], max_length=8)),
                ('reserved_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('drop', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reservations', to='drops.drop')),
                ('order', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='boutique.order')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'drop'), name='reservation_once_a_person'), models.UniqueConstraint(fields=('drop', 'seq'), name='reservation_once_a_place')],
                'indexes': [models.Index(condition=models.Q(('order__isnull', False)), fields=['order'], name='reservation_order'), models.Index(condition=models.Q(('state', 'reserved')), fields=['expires_at'], name='reservation_due')],
            },
        ),
        migrations.CreateModel(
            name='Screening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField(null=True)),
                ('state', models.CharField(choices=[(seta.drops.rules.risk.Screened['CLEAR'], seta.drops.rules.risk.Screened['CLEAR']), (seta.drops.rules.risk.Screened['UNKNOWN'], seta.drops.rules.risk.Screened['UNKNOWN']), (seta.drops.rules.risk.Screened['LET_IN'], seta.drops.rules.risk.Screened['LET_IN']), (seta.drops.rules.risk.Screened['WAITING'], seta.drops.rules.risk.Screened['WAITING']), (seta.drops.rules.risk.Screened['REFUSED'], seta.drops.rules.risk.Screened['REFUSED']), (seta.drops.rules.risk.Screened['TURNED_AWAY'], seta.drops.rules.risk.Screened['TURNED_AWAY'])], max_length=12)),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('user_id', models.BigIntegerField(null=True)),
                ('drop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='screenings', to='drops.drop')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('drop', 'person'), name='screening_once_a_person')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('count', models.BigIntegerField(default=0)),
                ('drop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tallies', to='drops.drop')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('drop', 'name'), name='tally_once_a_name')],
            },
        ),
        migrations.CreateModel(
            name='TicketCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minute_at', models.DateTimeField()),
                ('given', models.PositiveIntegerField(default=0)),
                ('drop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='drops.drop')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('drop', 'person'), name='ticket_count_once_a_person')],
            },
        ),
        migrations.CreateModel(
            name='Told',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_seq', models.BigIntegerField()),
                ('drop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='drops.drop')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('drop', 'first_seq'), name='told_once_a_batch')],
            },
        ),
    ])
