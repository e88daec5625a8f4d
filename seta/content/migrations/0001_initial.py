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
            name='CheckedUpTo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=8)),
                ('position', models.BigIntegerField()),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'source'), name='checked_up_to_once')],
            },
        ),
        migrations.CreateModel(
            name='Collection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('name', models.CharField(max_length=80)),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'code'), name='collection_code_once')],
            },
        ),
        migrations.CreateModel(
            name='Asset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60)),
                ('title', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('text', 'Text'), ('image', 'Image')], max_length=8)),
                ('product_code', models.CharField(blank=True, max_length=40)),
                ('created_at', models.DateTimeField()),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
                ('collections', models.ManyToManyField(blank=True, related_name='assets', to='content.collection')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'code'), name='asset_code_once')],
            },
        ),
        migrations.CreateModel(
            name='AssetVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('review', 'Review'), ('approved', 'Approved'), ('retired', 'Retired')], default='draft', max_length=8)),
                ('text', models.TextField(blank=True)),
                ('normalised', models.TextField(blank=True)),
                ('simhash', models.CharField(blank=True, max_length=16)),
                ('sha256', models.CharField(max_length=64)),
                ('phash', models.CharField(blank=True, max_length=32)),
                ('markets', models.JSONField(default=list)),
                ('valid_from', models.DateTimeField()),
                ('valid_until', models.DateTimeField(null=True)),
                ('drafted_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('retired_at', models.DateTimeField(null=True)),
                ('changed_at', models.DateTimeField()),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='content.asset')),
                ('drafted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('asset', 'number'), name='asset_version_once'), models.CheckConstraint(condition=models.Q(('approved_by', None), ('drafted_by', None), models.Q(('approved_by', models.F('drafted_by')), _negated=True), _connector='OR'), name='asset_version_two_people'), models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='asset_version_ends_after_it_begins')],
                'indexes': [models.Index(fields=['status', 'valid_from'], name='asset_version_in_force')],
            },
        ),
        migrations.CreateModel(
            name='SharedContent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('archive', 'Archive'), ('moment', 'Moment')], max_length=8)),
                ('reference', models.CharField(max_length=140)),
                ('place', models.PositiveSmallIntegerField(default=0)),
                ('kind', models.CharField(choices=[('text', 'Text'), ('image', 'Image')], max_length=8)),
                ('userid', models.CharField(max_length=128)),
                ('outcome', models.CharField(max_length=12)),
                ('similarity', models.PositiveSmallIntegerField(default=0)),
                ('shared_at', models.DateTimeField()),
                ('checked_at', models.DateTimeField()),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='houses.house')),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='content.assetversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'source', 'reference', 'place'), name='shared_content_once')],
                'indexes': [models.Index(fields=['house', '-shared_at'], name='shared_content_newest')],
            },
        ),
    ])
