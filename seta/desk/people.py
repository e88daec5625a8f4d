"""Clients looked up by what an address or a form says."""

from django.core.exceptions import ObjectDoesNotExist

from seta.people import queries as people
from seta.people.queries import PersonCard


def of_house(*, house_id: int, person_id: int) -> PersonCard | None:
    """The person if this house knows them; another house's are as good as none."""
    try:
        found = people.card(person_id)
    except ObjectDoesNotExist:
        return None
    return found if found.house_id == house_id else None
