"""What a piece costs and when it is sold, market by market and door by door, as the desk's forms set it."""

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.boutique import operations
from seta.boutique.rules import OrderRefused, Refusal
from seta.desk import rules
from seta.desk.doing import by
from seta.desk.piece_forms import amount_of, instant_of
from seta.desk.shell import form, telling
from seta.desk.views.pieces import BACK, ROLE, doing
from seta.houses.access import StaffRequest


@form(ROLE, "finance", back=BACK)
def set_price(request: StaffRequest, product_id: int) -> HttpResponseBase:
    """Set a price from now or from a day on; for one variant, or for all of the piece at once."""
    said = request.POST

    def done() -> None:
        market, _blank, currency = said.get("market", "").partition(" ")
        operations.set_prices(
            **by(request),
            product_id=product_id,
            variant_id=rules.number(said["variant"]) if said.get("variant") else None,
            market=market,
            currency=currency,
            amount=amount_of(said.get("amount", ""), currency),
            effective_at=instant_of(request, "effective_at"),
        )

    return doing(request, product_id, "price", done, _("The price is set."))


@form(ROLE, "finance", back=BACK)
def withdraw_price(request: StaffRequest, product_id: int, price_id: int) -> HttpResponseBase:
    """Take a planned price back."""

    def done() -> None:
        operations.withdraw_price(**by(request), price_id=price_id)

    return doing(request, product_id, "prices", done, _("The planned price is withdrawn."))


@form(ROLE, "finance", back=BACK)
def set_market(request: StaffRequest, code: str) -> HttpResponseBase:
    """Choose the market whose prices a boutique's till takes."""
    with telling(request, _("The boutique sells at that market’s prices now.")):
        operations.set_market(**by(request), boutique=code, market=request.POST.get("market", ""))
    return redirect(BACK)


@form(ROLE, back=BACK)
def add_window(request: StaffRequest, product_id: int) -> HttpResponseBase:
    """Say from when until when, and through which doors, the piece is sold."""
    said = request.POST

    def done() -> None:
        if len(said.getlist("doors")) > 10:
            raise OrderRefused(Refusal.WRONG_WINDOW, "too many doors")
        operations.open_window(
            **by(request),
            product_id=product_id,
            variant_id=rules.number(said["variant"]) if said.get("variant") else None,
            opens_at=instant_of(request, "opens_at"),
            closes_at=instant_of(request, "closes_at"),
            doors=said.getlist("doors"),
        )

    return doing(request, product_id, "window", done, _("The window is added."))


@form(ROLE, back=BACK)
def remove_window(request: StaffRequest, product_id: int, window_id: int) -> HttpResponseBase:
    """Take a window away."""

    def done() -> None:
        operations.remove_window(**by(request), window_id=window_id)

    return doing(request, product_id, "windows", done, _("The window is removed."))
