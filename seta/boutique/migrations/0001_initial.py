import django.db.models.deletion
import seta.boutique.rules
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('houses', '0001_initial'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=32, unique=True)),
                ('request_key', models.CharField(max_length=80, null=True)),
                ('state', models.CharField(choices=[(seta.boutique.rules.State['PLACED'], seta.boutique.rules.State['PLACED']), (seta.boutique.rules.State['PAID'], seta.boutique.rules.State['PAID']), (seta.boutique.rules.State['PARTLY_REFUNDED'], seta.boutique.rules.State['PARTLY_REFUNDED']), (seta.boutique.rules.State['REFUNDED'], seta.boutique.rules.State['REFUNDED']), (seta.boutique.rules.State['CANCELLED'], seta.boutique.rules.State['CANCELLED']), (seta.boutique.rules.State['EXPIRED'], seta.boutique.rules.State['EXPIRED'])], default=seta.boutique.rules.State['PLACED'], max_length=20)),
                ('channel', models.CharField(choices=[(seta.boutique.rules.Channel['MINI_PROGRAM'], seta.boutique.rules.Channel['MINI_PROGRAM']), (seta.boutique.rules.Channel['TILL'], seta.boutique.rules.Channel['TILL']), (seta.boutique.rules.Channel['DROP'], seta.boutique.rules.Channel['DROP'])], max_length=20)),
                ('source', models.CharField(blank=True, max_length=128)),
                ('campaign', models.CharField(blank=True, max_length=64)),
                ('associate_id', models.BigIntegerField(null=True)),
                ('boutique_code', models.CharField(blank=True, max_length=40)),
                ('district', models.CharField(blank=True, max_length=40)),
                ('location', models.CharField(max_length=40)),
                ('currency', models.CharField(max_length=3)),
                ('total', models.BigIntegerField()),
                ('refunded', models.BigIntegerField(default=0)),
                ('settle_currency', models.CharField(max_length=3)),
                ('settle_amount', models.BigIntegerField(null=True)),
                ('intent_id', models.BigIntegerField(null=True)),
                ('paid_intent_id', models.BigIntegerField(null=True)),
                ('placed_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('paid_at', models.DateTimeField(null=True)),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='houses.house')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'request_key'), name='order_once_a_request'), models.CheckConstraint(condition=models.Q(('total__gt', 0)), name='order_total_is_positive'), models.CheckConstraint(condition=models.Q(('refunded__gte', 0), ('refunded__lte', models.F('total'))), name='order_refund_within_total'), models.CheckConstraint(condition=models.Q(('state__in', ['placed', 'cancelled', 'expired']), ('paid_at__isnull', False), _connector='OR'), name='order_paid_has_instant')],
                'indexes': [models.Index(fields=['house', 'placed_at'], name='order_house_time'), models.Index(fields=['state', 'expires_at'], name='order_due'), models.Index(fields=['person', 'placed_at'], name='order_person_time')],
            },
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=32)),
                ('name_zh', models.CharField(max_length=80)),
                ('name_en', models.CharField(max_length=80)),
                ('name_it', models.CharField(max_length=80)),
                ('description_zh', models.CharField(blank=True, max_length=600)),
                ('description_en', models.CharField(blank=True, max_length=600)),
                ('description_it', models.CharField(blank=True, max_length=600)),
                ('gtin', models.CharField(blank=True, max_length=14)),
                ('image', models.CharField(blank=True, max_length=120)),
                ('is_listed', models.BooleanField(default=True)),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'code'), name='product_code_once_a_house')],
            },
        ),
        migrations.CreateModel(
            name='SalesPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('district', models.CharField(blank=True, max_length=40)),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='houses.house')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'code'), name='sales_point_once_a_house')],
            },
        ),
        migrations.CreateModel(
            name='OrderRefund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80)),
                ('amount', models.BigIntegerField()),
                ('reason', models.CharField(max_length=80)),
                ('refund_id', models.BigIntegerField(null=True, unique=True)),
                ('asked_at', models.DateTimeField()),
                ('succeeded_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='boutique.order')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('order', 'key'), name='order_refund_once_a_key'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='order_refund_is_positive')],
            },
        ),
        migrations.CreateModel(
            name='Variant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sku', models.CharField(max_length=32)),
                ('label', models.CharField(blank=True, max_length=40)),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='houses.house')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='variants', to='boutique.product')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'sku'), name='variant_sku_once_a_house')],
            },
        ),
        migrations.CreateModel(
            name='StockTransfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('source', models.CharField(max_length=40)),
                ('target', models.CharField(max_length=40)),
                ('quantity', models.BigIntegerField()),
                ('arrived', models.BigIntegerField(null=True)),
                ('state', models.CharField(choices=[(seta.boutique.rules.Transit['SENT'], seta.boutique.rules.Transit['SENT']), (seta.boutique.rules.Transit['RECEIVED'], seta.boutique.rules.Transit['RECEIVED']), (seta.boutique.rules.Transit['RECALLED'], seta.boutique.rules.Transit['RECALLED'])], default=seta.boutique.rules.Transit['SENT'], max_length=10)),
                ('sent_by', models.BigIntegerField()),
                ('sent_at', models.DateTimeField()),
                ('ended_by', models.BigIntegerField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='houses.house')),
                ('variant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='boutique.variant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('house', 'key'), name='transfer_once_a_key'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0), models.Q(('source', models.F('target')), _negated=True)), name='transfer_goes_somewhere'), models.CheckConstraint(condition=models.Q(('arrived', None), models.Q(('arrived__gte', 0), ('arrived__lte', models.F('quantity'))), _connector='OR'), name='transfer_arrives_within'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='transfer_ends_once')],
                'indexes': [models.Index(fields=['house', 'state'], name='transfer_on_the_way')],
            },
        ),
        migrations.CreateModel(
            name='StockMovement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('location', models.CharField(max_length=40)),
                ('quantity', models.BigIntegerField()),
                ('reason', models.CharField(max_length=20)),
                ('ref', models.CharField(blank=True, max_length=64)),
                ('note', models.CharField(blank=True, max_length=120)),
                ('user_id', models.BigIntegerField(null=True)),
                ('moved_at', models.DateTimeField()),
                ('variant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='boutique.variant')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity', 0), _negated=True), name='movement_moves'), models.UniqueConstraint(condition=models.Q(('ref', ''), _negated=True), fields=('variant', 'location', 'reason', 'ref'), name='movement_once_a_ref')],
                'indexes': [models.Index(fields=['variant', 'location'], name='movement_place')],
            },
        ),
        migrations.CreateModel(
            name='StockLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('location', models.CharField(max_length=40)),
                ('quantity', models.BigIntegerField(default=0)),
                ('variant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='levels', to='boutique.variant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('variant', 'location'), name='level_once_a_place'), models.CheckConstraint(condition=models.Q(('quantity__gte', 0)), name='level_is_never_negative')],
            },
        ),
        migrations.CreateModel(
            name='Price',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(default='CNY', max_length=3)),
                ('amount', models.BigIntegerField()),
                ('variant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='boutique.variant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('variant', 'currency'), name='price_once_a_currency'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='price_is_positive')],
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField()),
                ('unit_amount', models.BigIntegerField()),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='boutique.order')),
                ('variant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='boutique.variant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('order', 'variant'), name='line_once_a_variant'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0), ('unit_amount__gt', 0)), name='line_is_positive')],
            },
        ),
    ]
