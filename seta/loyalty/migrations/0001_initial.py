import django.db.models.deletion
import seta.loyalty.rules.merit
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
            name='RuleSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('text', models.TextField()),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('live', 'Live'), ('retired', 'Retired'), ('withdrawn', 'Withdrawn')], default='proposed', max_length=12)),
                ('author_id', models.BigIntegerField()),
                ('proposed_at', models.DateTimeField()),
                ('decided_by_id', models.BigIntegerField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('retired_at', models.DateTimeField(null=True)),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'number'), name='loyalty_rules_number_once'), models.UniqueConstraint(condition=models.Q(('state', 'live')), fields=('house',), name='loyalty_rules_one_live_a_house'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'live'), _negated=True), models.Q(('decided_by_id__isnull', False), models.Q(('decided_by_id', models.F('author_id')), _negated=True)), _connector='OR'), name='loyalty_rules_live_by_two')],
            },
        ),
        migrations.CreateModel(
            name='Merit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120)),
                ('deed', models.CharField(max_length=120)),
                ('way', models.CharField(choices=[(seta.loyalty.rules.merit.Way['VISIT'], seta.loyalty.rules.merit.Way['VISIT']), (seta.loyalty.rules.merit.Way['APPOINTMENT'], seta.loyalty.rules.merit.Way['APPOINTMENT']), (seta.loyalty.rules.merit.Way['CONSULTATION'], seta.loyalty.rules.merit.Way['CONSULTATION']), (seta.loyalty.rules.merit.Way['WORKSHOP'], seta.loyalty.rules.merit.Way['WORKSHOP']), (seta.loyalty.rules.merit.Way['PURCHASE'], seta.loyalty.rules.merit.Way['PURCHASE'])], max_length=16)),
                ('points', models.IntegerField()),
                ('daily_cap', models.PositiveIntegerField()),
                ('label', models.CharField(blank=True, max_length=60)),
                ('at', models.DateTimeField()),
                ('day', models.DateField()),
                ('expires_at', models.DateTimeField()),
                ('noted_by_id', models.BigIntegerField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='houses.house')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('rule_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loyalty.ruleset')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'key'), name='merit_once_a_fact'), models.CheckConstraint(condition=models.Q(('points', 0), _negated=True), name='merit_is_something')],
                'indexes': [models.Index(fields=['person', 'at'], name='merit_person_time'), models.Index(fields=['house', 'deed'], name='merit_deed')],
            },
        ),
    ])
