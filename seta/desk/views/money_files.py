"""Files that people bring: the bank's own report, and the bill of a provider that hands it to the house alone."""

from datetime import UTC, datetime

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seta.desk import rules
from seta.desk.rights import ROLES, Act
from seta.desk.shell import form, tell, telling, warn
from seta.desk.views.money import pay_providers, tell_closed
from seta.houses.access import StaffRequest
from seta.payments import operations as pay
from seta.payments.rules.bankreport import REPORT_BYTES_MAX

BILL_BYTES_MAX = 300_000_000


def _content(request: StaffRequest, most: int) -> bytes:
    """The uploaded file; FormRefused when there is none or it is larger than any real one."""
    sent = request.FILES.get("file")
    if sent is None or not sent.size or sent.size > most:
        raise rules.FormRefused(rules.Refusal.FILE_MISSING)
    content: bytes = sent.read()
    return content


@form(*ROLES[Act.SETTLE], back="desk:batches")
def take_report(request: StaffRequest) -> HttpResponseBase:
    """Read the bank's camt file: batches it has paid are confirmed, those it sent back are due again."""
    with telling(request):
        card = pay.take_bank_report(
            house_id=request.member.house_id,
            content=_content(request, REPORT_BYTES_MAX),
            received_by=request.member.user_id,
            now=datetime.now(UTC),
        )
        paid, back = len(card.confirmed), len(card.returned)
        parts = [
            ngettext("%(count)d batch paid", "%(count)d batches paid", paid) % {"count": paid},
            ngettext("%(count)d batch returned", "%(count)d batches returned", back) % {"count": back},
            ngettext("%(count)d payout received", "%(count)d payouts received", card.agreed)
            % {"count": card.agreed},
        ]
        tell(request, " · ".join(parts))
        if card.mismatched:
            warn(
                request,
                _("Look at these batches, the bank says otherwise:") + " " + ", ".join(card.mismatched),
            )
        if not card.is_new:
            tell(request, _("This very file had been read before; nothing was booked twice."))
    return redirect("desk:batches")


@form(*ROLES[Act.RECONCILE], back="desk:breaks")
def take_bill(request: StaffRequest) -> HttpResponseBase:
    """Hold a provider's file that somebody has downloaded against the books."""
    with telling(request):
        provider = request.POST.get("provider", "")
        if provider not in pay_providers():
            raise rules.FormRefused(rules.Refusal.UNKNOWN_CHOICE, provider[:20])
        card = pay.reconcile_bill(
            house_id=request.member.house_id,
            provider=provider,
            day=rules.day(request.POST.get("day", "")),
            content=_content(request, BILL_BYTES_MAX),
            now=datetime.now(UTC),
        )
        tell_closed(request, card.rows, len(card.breaks), card.is_new)
    return redirect("desk:breaks")
