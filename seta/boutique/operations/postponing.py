"""Pieces kept for a visit wait for its new time."""

from datetime import datetime

from django.db import transaction

from seta.boutique.models import Fitting
from seta.boutique.operations.fitting import leave_fitting
from seta.boutique.rules.refusals import OrderRefused
from seta.boutique.rules.service import FittingState, fitting_until


@transaction.atomic
def postpone_fittings(*, house_id: int, appointment: str, wanted_at: datetime, now: datetime) -> int:
    """Keep the pieces of a moved visit until two hours after it; returns how many are still kept.

    Pieces go back on the shelf when the visit is now further away than the house keeps pieces.
    """
    rows = Fitting.objects.select_for_update().filter(house_id=house_id, appointment=appointment)
    kept = list(rows.filter(state=FittingState.HELD).order_by("pk").values_list("pk", flat=True))
    try:
        held_until = fitting_until(wanted_at, hours=0, now=now)
    except OrderRefused:
        for fitting_id in kept:
            leave_fitting(house_id=house_id, fitting_id=fitting_id, now=now)
        return 0
    return Fitting.objects.filter(pk__in=kept).update(held_until=held_until)
