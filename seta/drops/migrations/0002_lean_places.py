import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("drops", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="reservation", name="reservation_once_a_person"),
        migrations.AlterField(
            model_name="reservation",
            name="drop",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reservations",
                to="drops.drop",
            ),
        ),
        migrations.AlterField(
            model_name="reservation",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.UniqueConstraint(fields=("person", "drop"), name="reservation_once_a_person"),
        ),
    ]
