import django.db.models.deletion
import seta.popups.rules.plan
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
            name='Popup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=16)),
                ('state', models.CharField(choices=[(seta.popups.rules.plan.State['PLANNED'], seta.popups.rules.plan.State['PLANNED']), (seta.popups.rules.plan.State['OPEN'], seta.popups.rules.plan.State['OPEN']), (seta.popups.rules.plan.State['CLOSED'], seta.popups.rules.plan.State['CLOSED']), (seta.popups.rules.plan.State['CANCELLED'], seta.popups.rules.plan.State['CANCELLED'])], default=seta.popups.rules.plan.State['PLANNED'], max_length=12)),
                ('title_zh', models.CharField(max_length=40)),
                ('title_en', models.CharField(max_length=40)),
                ('title_it', models.CharField(max_length=40)),
                ('intro_zh', models.CharField(blank=True, max_length=300)),
                ('intro_en', models.CharField(blank=True, max_length=300)),
                ('intro_it', models.CharField(blank=True, max_length=300)),
                ('accent', models.CharField(max_length=7)),
                ('cover', models.CharField(blank=True, max_length=64)),
                ('place_kind', models.CharField(choices=[(seta.popups.rules.plan.PlaceKind['ONLINE'], seta.popups.rules.plan.PlaceKind['ONLINE']), (seta.popups.rules.plan.PlaceKind['BOUTIQUE'], seta.popups.rules.plan.PlaceKind['BOUTIQUE']), (seta.popups.rules.plan.PlaceKind['PLACE'], seta.popups.rules.plan.PlaceKind['PLACE'])], max_length=8)),
                ('place_code', models.CharField(blank=True, max_length=60)),
                ('place_name', models.CharField(blank=True, max_length=120)),
                ('place_name_zh', models.CharField(blank=True, max_length=120)),
                ('source_location', models.CharField(max_length=40)),
                ('opens_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('planned_at', models.DateTimeField()),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'code'), name='popup_code_once_a_house'), models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='popup_ends_after_start'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['open', 'closed']), _negated=True), ('opened_at__isnull', False), _connector='OR'), name='popup_open_has_instant')],
                'indexes': [models.Index(fields=['state', 'opens_at'], name='popup_due')],
            },
        ),
        migrations.CreateModel(
            name='PopupAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=12)),
                ('user_id', models.BigIntegerField(null=True)),
                ('detail', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('popup', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='actions', to='popups.popup')),
            ],
        ),
        migrations.CreateModel(
            name='PopupOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_id', models.BigIntegerField(unique=True)),
                ('poster', models.CharField(blank=True, max_length=11)),
                ('pieces', models.PositiveIntegerField()),
                ('total', models.BigIntegerField()),
                ('refunded', models.BigIntegerField(default=0)),
                ('placed_at', models.DateTimeField()),
                ('paid_at', models.DateTimeField(null=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('gone_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('popup', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='popups.popup')),
            ],
        ),
        migrations.CreateModel(
            name='PopupPiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sku', models.CharField(max_length=32)),
                ('position', models.PositiveSmallIntegerField()),
                ('wished', models.PositiveIntegerField()),
                ('brought', models.PositiveIntegerField(default=0)),
                ('returned', models.PositiveIntegerField(default=0)),
                ('popup', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='popups.popup')),
                ('variant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='boutique.variant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('popup', 'variant'), name='popup_piece_once'), models.CheckConstraint(condition=models.Q(('wished__gt', 0)), name='popup_piece_is_wished')],
            },
        ),
        migrations.CreateModel(
            name='PopupPoster',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=11)),
                ('label', models.CharField(blank=True, max_length=60)),
                ('popup', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posters', to='popups.popup')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('popup', 'code'), name='popup_poster_once')],
            },
        ),
        migrations.CreateModel(
            name='PopupVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('poster', models.CharField(blank=True, max_length=11)),
                ('day', models.DateField()),
                ('at', models.DateTimeField()),
                ('is_new', models.BooleanField(default=False)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('popup', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visits', to='popups.popup')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('popup', 'person', 'poster', 'day'), name='popup_visit_once_a_day')],
            },
        ),
    ])
