import django.db.models.deletion
import seta.articles.rules.publishing
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
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('content', models.JSONField(default=dict)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('writers', models.JSONField(default=list)),
                ('begun_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'code'), name='article_code_once_a_house')],
            },
        ),
        migrations.CreateModel(
            name='Picture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('credit', models.CharField(max_length=80)),
                ('alt_zh', models.CharField(max_length=120)),
                ('alt_en', models.CharField(blank=True, max_length=120)),
                ('alt_it', models.CharField(blank=True, max_length=120)),
                ('kept_at', models.DateTimeField()),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='houses.house')),
                ('kept_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'sha256'), name='article_picture_once'), models.CheckConstraint(condition=models.Q(('credit', ''), _negated=True), name='article_picture_has_credit'), models.CheckConstraint(condition=models.Q(('alt_zh', ''), _negated=True), name='article_picture_is_told')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('app_id', models.CharField(max_length=64)),
                ('url', models.CharField(blank=True, max_length=500)),
                ('media_id', models.CharField(blank=True, max_length=128)),
                ('uploaded_at', models.DateTimeField()),
                ('picture', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='articles.picture')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('picture', 'app_id'), name='article_upload_once')],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[(seta.articles.rules.publishing.VersionState['REVIEW'], seta.articles.rules.publishing.VersionState['REVIEW']), (seta.articles.rules.publishing.VersionState['APPROVED'], seta.articles.rules.publishing.VersionState['APPROVED']), (seta.articles.rules.publishing.VersionState['RETURNED'], seta.articles.rules.publishing.VersionState['RETURNED'])], max_length=8)),
                ('content', models.JSONField()),
                ('writers', models.JSONField(default=list)),
                ('submitted_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='articles.article')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submitted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('article', 'number'), name='article_version_once'), models.UniqueConstraint(condition=models.Q(('state', 'review')), fields=('article',), name='article_version_one_in_review'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), ('decided_by', None), ('submitted_by', None), models.Q(('decided_by', models.F('submitted_by')), _negated=True), _connector='OR'), name='article_version_two_people')],
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=2)),
                ('state', models.CharField(choices=[(seta.articles.rules.publishing.State['WAITING'], seta.articles.rules.publishing.State['WAITING']), (seta.articles.rules.publishing.State['SENDING'], seta.articles.rules.publishing.State['SENDING']), (seta.articles.rules.publishing.State['SUBMITTING'], seta.articles.rules.publishing.State['SUBMITTING']), (seta.articles.rules.publishing.State['SENT'], seta.articles.rules.publishing.State['SENT']), (seta.articles.rules.publishing.State['PUBLISHED'], seta.articles.rules.publishing.State['PUBLISHED']), (seta.articles.rules.publishing.State['FAILED'], seta.articles.rules.publishing.State['FAILED']), (seta.articles.rules.publishing.State['CANCELLED'], seta.articles.rules.publishing.State['CANCELLED']), (seta.articles.rules.publishing.State['WITHDRAWING'], seta.articles.rules.publishing.State['WITHDRAWING']), (seta.articles.rules.publishing.State['WITHDRAWN'], seta.articles.rules.publishing.State['WITHDRAWN'])], max_length=12)),
                ('publish_at', models.DateTimeField()),
                ('next_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('media_id', models.CharField(blank=True, max_length=128)),
                ('publish_id', models.CharField(blank=True, max_length=40)),
                ('wechat_id', models.CharField(blank=True, max_length=128)),
                ('url', models.CharField(blank=True, max_length=500)),
                ('problems', models.JSONField(default=list)),
                ('asked_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='publications', to='articles.article')),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='articles.version')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'sending', 'submitting', 'sent'])), fields=('article', 'language'), name='article_publication_one_under_way')],
                'indexes': [models.Index(fields=['next_at'], name='article_publication_due')],
            },
        ),
    ])
