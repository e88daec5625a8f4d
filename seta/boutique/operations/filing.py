"""A catalogue's file is taken in whole, as it was shown before, or not at all."""

from datetime import datetime

from django.db import transaction

from seta.boutique.models import Product
from seta.boutique.operations.editing import (
    add_variant,
    change_variant,
    create_piece,
    describe_piece,
    list_piece,
)
from seta.boutique.operations.pricing import set_price
from seta.boutique.queries.filing import known_catalogue
from seta.boutique.rules.catalogue_file import Table
from seta.boutique.rules.catalogue_plan import PieceStep, Plan, VariantStep, plan_file
from seta.boutique.rules.prices import PRICE_COLUMNS
from seta.boutique.rules.refusals import OrderRefused, Refusal


@transaction.atomic
def take_in_catalogue(*, house_id: int, table: Table, seen: str, user_id: int, now: datetime) -> Plan:
    """Do what `plan_file` says of these rows, each change noted with who made it; with problems nothing is done.

    `seen` is the catalogue's edition when the plan was shown. Raises OrderRefused(CATALOGUE_CHANGED) when it is
    another by now.
    """
    # Whoever edits a piece locks it first, so nobody comes between the look and the last row.
    list(Product.objects.select_for_update().filter(house_id=house_id).order_by("id").values_list("pk"))
    known = known_catalogue(house_id=house_id, now=now)
    if known.edition != seen:
        raise OrderRefused(Refusal.CATALOGUE_CHANGED)
    plan = plan_file(table, known)
    ids = {code: piece.id for code, piece in known.pieces.items()}
    for piece in plan.pieces:
        ids[piece.code] = _describe(house_id, piece, user_id, now)
    for variant in plan.variants:
        _keep(house_id, ids[variant.code], variant, user_id, now)
    for piece in plan.pieces:
        if piece.is_listed is not None:
            list_piece(
                house_id=house_id,
                product_id=ids[piece.code],
                is_listed=piece.is_listed,
                user_id=user_id,
                now=now,
            )
    return plan


def _describe(house_id: int, step: PieceStep, user_id: int, now: datetime) -> int:
    if step.id is None:
        assert step.texts is not None
        return create_piece(house_id=house_id, code=step.code, texts=step.texts, user_id=user_id, now=now)
    if step.texts is not None:
        describe_piece(
            house_id=house_id,
            product_id=step.id,
            texts=step.texts,
            seen=step.seen,
            user_id=user_id,
            now=now,
        )
    return step.id


def _keep(house_id: int, product_id: int, step: VariantStep, user_id: int, now: datetime) -> None:
    if step.id is None:
        assert step.marks is not None
        variant_id = add_variant(
            house_id=house_id, product_id=product_id, marks=step.marks, user_id=user_id, now=now
        )
    else:
        variant_id = step.id
        if step.marks is not None:
            change_variant(
                house_id=house_id,
                variant_id=variant_id,
                marks=step.marks,
                seen=step.seen,
                user_id=user_id,
                now=now,
            )
    for column, amount in step.prices.items():
        market, currency = PRICE_COLUMNS[column]
        set_price(
            house_id=house_id,
            variant_id=variant_id,
            market=market,
            currency=currency,
            amount=amount,
            user_id=user_id,
            now=now,
        )
