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
            name='Guide',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=0)),
                ('changed_at', models.DateTimeField()),
                ('house', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
            ],
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('name_zh', models.CharField(max_length=80)),
                ('name_en', models.CharField(max_length=120)),
                ('name_it', models.CharField(max_length=120)),
                ('aliases', models.JSONField(default=list)),
                ('lat', models.FloatField()),
                ('lon', models.FloatField()),
                ('district', models.CharField(max_length=40)),
                ('category', models.CharField(max_length=20)),
                ('visit_minutes', models.PositiveSmallIntegerField()),
                ('opening_hours', models.CharField(max_length=200)),
                ('last_admission', models.PositiveSmallIntegerField(default=0)),
                ('admission', models.CharField(max_length=10)),
                ('booking', models.CharField(max_length=10)),
                ('conf_name', models.CharField(choices=[('H', 'High'), ('M', 'Medium'), ('L', 'Low')], max_length=1)),
                ('conf_coord', models.CharField(choices=[('H', 'High'), ('M', 'Medium'), ('L', 'Low')], max_length=1)),
                ('conf_hours', models.CharField(choices=[('H', 'High'), ('M', 'Medium'), ('L', 'Low')], max_length=1)),
                ('conf_visit', models.CharField(choices=[('H', 'High'), ('M', 'Medium'), ('L', 'Low')], max_length=1)),
                ('hours_confirmed_on', models.DateField(null=True)),
                ('hours_confirmed_by', models.CharField(blank=True, default='', max_length=80)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('note_zh', models.CharField(blank=True, max_length=300)),
                ('note_it', models.CharField(blank=True, max_length=300)),
                ('rank', models.PositiveIntegerField(default=0)),
                ('changed_at', models.DateTimeField()),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'code'), name='place_code_once'), models.CheckConstraint(condition=models.Q(('visit_minutes__gt', 0)), name='place_visit_takes_time'), models.CheckConstraint(condition=models.Q(('lat__gte', -90), ('lat__lte', 90), ('lon__gte', -180), ('lon__lte', 180)), name='place_on_earth')],
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('day', models.DateField()),
                ('start_minute', models.PositiveSmallIntegerField()),
                ('end_minute', models.PositiveSmallIntegerField()),
                ('start_place', models.CharField(blank=True, max_length=40)),
                ('interests', models.JSONField(default=list)),
                ('left_out', models.JSONField(default=list)),
                ('trip', models.CharField(blank=True, db_index=True, default='', max_length=40)),
                ('pace', models.CharField(blank=True, default='', max_length=8)),
                ('notes', models.JSONField(default=list)),
                ('dispersal', models.JSONField(default=dict)),
                ('remind', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='people.person')),
            ],
        ),
        migrations.CreateModel(
            name='SearchedDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('query', models.CharField(max_length=60)),
                ('people', models.PositiveIntegerField()),
                ('found', models.BooleanField()),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'day', 'query'), name='searched_day_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchHeard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('query', models.CharField(max_length=60)),
                ('channel', models.CharField(max_length=20)),
                ('who', models.CharField(max_length=32)),
                ('found', models.BooleanField()),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day', 'house', 'query', 'channel', 'who'), name='search_heard_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='MissedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('query', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
            ],
            options={
                'indexes': [models.Index(fields=['house', 'at'], name='missed_by_day')],
            },
        ),
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('name', models.CharField(max_length=120)),
                ('name_zh', models.CharField(max_length=80)),
                ('name_en', models.CharField(blank=True, default='', max_length=120)),
                ('category', models.CharField(max_length=20)),
                ('district', models.CharField(max_length=40)),
                ('address', models.CharField(max_length=160)),
                ('lat', models.FloatField()),
                ('lon', models.FloatField()),
                ('opening_hours', models.CharField(max_length=200)),
                ('languages', models.JSONField(default=list)),
                ('payment', models.JSONField(default=dict)),
                ('menu_zh', models.BooleanField(default=False)),
                ('hot_water', models.BooleanField(default=False)),
                ('wifi', models.BooleanField(default=False)),
                ('tax_free', models.BooleanField(default=False)),
                ('halal', models.BooleanField(default=False)),
                ('accessible', models.BooleanField(default=False)),
                ('note_zh', models.CharField(blank=True, max_length=200)),
                ('note_en', models.CharField(blank=True, default='', max_length=200)),
                ('note_it', models.CharField(blank=True, default='', max_length=200)),
                ('confirmed', models.JSONField(default=dict)),
                ('offers', models.JSONField(default=list)),
                ('photos', models.JSONField(default=list)),
                ('listed', models.BooleanField(default=True)),
                ('changed_at', models.DateTimeField()),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'code'), name='partner_code_once')],
            },
        ),
        migrations.CreateModel(
            name='PlanStop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('mode', models.CharField(max_length=8)),
                ('travel_minutes', models.PositiveSmallIntegerField()),
                ('arrive_minute', models.PositiveSmallIntegerField()),
                ('start_minute', models.PositiveSmallIntegerField()),
                ('leave_minute', models.PositiveSmallIntegerField()),
                ('booked', models.BooleanField(default=False)),
                ('why', models.CharField(blank=True, default='', max_length=16)),
                ('shelter', models.CharField(blank=True, default='', max_length=40)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='guide.place')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stops', to='guide.plan')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('plan', 'position'), name='plan_stop_position'), models.CheckConstraint(condition=models.Q(('start_minute__gte', models.F('arrive_minute')), ('leave_minute__gt', models.F('start_minute'))), name='plan_stop_in_order')],
            },
        ),
    ])
