"""The boutique's part when a person is forgotten: held pieces go back, papers of sales stay as the law asks."""

from datetime import datetime

from django.db import transaction

from seta.boutique.models import Fitting, PreparedBag
from seta.boutique.operations.fitting import leave_fitting
from seta.boutique.rules.service import BagState, FittingState


@transaction.atomic
def forget_person(*, house_id: int, person_id: int, now: datetime) -> int:
    """Put back what is held for fittings and part prepared bags from the person; returns how many rows.

    Orders, refunds, invoices and their addresses are kept under the person's number.
    """
    held = Fitting.objects.filter(
        house_id=house_id, person_id=person_id, state__in=[FittingState.HELD, FittingState.TRIED]
    )
    left = list(held.values_list("pk", flat=True))
    for fitting_id in left:
        leave_fitting(house_id=house_id, fitting_id=fitting_id, now=now)
    bags = PreparedBag.objects.filter(house_id=house_id, person_id=person_id)
    bags.filter(state=BagState.SHARED).update(state=BagState.WITHDRAWN)
    return len(left) + bags.update(person_id=None, note="")
