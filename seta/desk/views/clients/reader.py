"""Who is at the client book: an associate with a book of their own, or one who sees every book."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from seta.clienteling import queries
from seta.clienteling.queries import AssociateCard
from seta.clienteling.rules import SEES_ALL_CLIENTS
from seta.desk import people, rules
from seta.houses.access import StaffRequest


def own_of(request: StaffRequest) -> AssociateCard | None:
    """The associate who is signed in, if it is one."""
    return queries.associate_of_user(house_id=request.member.house_id, user_id=request.member.user_id)


def must_be_associate(request: StaffRequest) -> AssociateCard:
    """The associate who is signed in; anybody else is refused."""
    own = own_of(request)
    if own is None:
        raise PermissionDenied(_("Only an associate with a client book may do this."))
    return own


def sees_all(request: StaffRequest) -> bool:
    """Whether the member's role sees every book of the house."""
    return request.member.role in SEES_ALL_CLIENTS


def person_of(request: StaffRequest) -> int:
    """The client that the form names, if this house knows them."""
    try:
        person_id = rules.number(request.POST.get("person_id", ""))
    except rules.FormRefused as refused:
        raise Http404 from refused
    return of_house(request, person_id)


def of_house(request: StaffRequest, person_id: int) -> int:
    """The client's id, if this house knows them."""
    if people.of_house(house_id=request.member.house_id, person_id=person_id) is None:
        raise Http404
    return person_id
