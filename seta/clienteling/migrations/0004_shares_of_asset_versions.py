"""Move the words that were approved for products to content's shelf, and point every share at its version there."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from seta.content.rules.texts import digest, normalise, simhash


def move_words(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """One asset a product, its versions in their order; whoever approved them stands in the audit log."""
    assets = apps.get_model("content", "Asset")
    versions = apps.get_model("content", "AssetVersion")
    shares = apps.get_model("clienteling", "ProductShare")
    approved = apps.get_model("clienteling", "ApprovedContent")
    for words in approved.objects.order_by("house_id", "product_code", "version").iterator():
        asset, _ = assets.objects.get_or_create(
            house_id=words.house_id,
            code=words.product_code,
            defaults={
                "title": words.product_code,
                "kind": "text",
                "product_code": words.product_code,
                "created_at": words.valid_from,
            },
        )
        last = versions.objects.filter(asset=asset).order_by("-number").first()
        normalised = normalise(words.text)
        version = versions.objects.create(
            asset=asset,
            number=last.number + 1 if last else 1,
            status="approved",
            text=words.text,
            normalised=normalised,
            simhash=f"{simhash(normalised):016x}" if normalised else "",
            sha256=digest(words.text.encode("utf-8", "replace")),
            valid_from=words.valid_from,
            valid_until=words.valid_until,
            drafted_at=words.valid_from,
            approved_at=words.valid_from,
            changed_at=words.valid_from,
        )
        shares.objects.filter(content=words).update(version=version)


class Migration(migrations.Migration):
    dependencies = [("clienteling", "0003_entries_of_known_sales"), ("content", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="productshare",
            name="version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="content.assetversion",
            ),
        ),
        migrations.RunPython(move_words, migrations.RunPython.noop),
    ]
