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
            name='Boutique',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('name', models.CharField(max_length=120)),
                ('name_zh', models.CharField(max_length=80)),
                ('district', models.CharField(max_length=40)),
                ('address', models.CharField(max_length=160)),
                ('lat', models.FloatField()),
                ('lon', models.FloatField()),
                ('opening_hours', models.CharField(max_length=200)),
                ('timezone', models.CharField(default='Europe/Rome', max_length=40)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('open_to_bookings', models.BooleanField(default=True)),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'code'), name='boutique_code_once')],
            },
        ),
        migrations.CreateModel(
            name='Resource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('name', models.CharField(max_length=80)),
                ('kinds', models.JSONField(default=list)),
                ('capacity', models.PositiveSmallIntegerField(default=1)),
                ('slot_minutes', models.PositiveSmallIntegerField(default=60)),
                ('boutique', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='resources', to='stores.boutique')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('boutique', 'code'), name='resource_code_once'), models.CheckConstraint(condition=models.Q(('capacity__gte', 1), ('slot_minutes__gte', 5)), name='resource_holds_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=40, unique=True)),
                ('kind', models.CharField(max_length=20)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('seat', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('held', 'Held'), ('confirmed', 'Confirmed'), ('attended', 'Attended'), ('cancelled', 'Cancelled'), ('expired', 'Expired')], max_length=10)),
                ('held_until', models.DateTimeField(null=True)),
                ('sequence', models.PositiveSmallIntegerField(default=0)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('booked_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='people.person')),
                ('boutique', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='stores.boutique')),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='stores.resource')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['held', 'confirmed', 'attended'])), fields=('resource', 'starts_at', 'seat'), name='appointment_seat_once'), models.UniqueConstraint(condition=models.Q(('state__in', ['held', 'confirmed', 'attended'])), fields=('person', 'starts_at'), name='appointment_person_once'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='appointment_lasts')],
                'indexes': [models.Index(fields=['house', 'starts_at'], name='appointment_by_day')],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('associate_id', models.BigIntegerField(null=True)),
                ('means', models.CharField(choices=[('code', 'Code'), ('associate', 'Associate')], max_length=10)),
                ('on_day', models.DateField()),
                ('checked_in_at', models.DateTimeField()),
                ('appointment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='stores.appointment')),
                ('boutique', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='stores.boutique')),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('boutique', 'person', 'on_day'), name='visit_once_a_day')],
            },
        ),
    ])
