"""The words for how orders go out, come back and are invoiced, in the reader's language."""

from django.utils.translation import gettext_lazy as _

from seta.desk.money_labels import Words

ORDER_WAY: Words = {
    "open": _("To be agreed on"),
    "delivery": _("Home delivery"),
    "pickup": _("Pick-up"),
    "taken": _("Taken along"),
}
STAGE: Words = {
    "to_prepare": _("To prepare"),
    "ready": _("Ready"),
    "shipped": _("With the carrier"),
    "delivered": _("Delivered"),
    "handed_over": _("Handed over"),
    "stopped": _("Called off"),
}
REQUEST: Words = {"cancel": _("Cancellation"), "return": _("Return"), "exchange": _("Exchange")}
REQUEST_STATE: Words = {
    "asked": _("To answer"),
    "accepted": _("Awaited back"),
    "received": _("Money under way"),
    "closed": _("Done"),
    "declined": _("Declined"),
    "withdrawn": _("Withdrawn"),
    "lapsed": _("Not sent back"),
}
RETURN_REASON: Words = {
    "changed_mind": _("Changed their mind"),
    "size": _("Size or fit"),
    "different": _("Not as shown"),
    "damaged": _("Damaged or faulty"),
    "late": _("Came too late"),
    "other": _("Other"),
}
MONEY_BACK: Words = {
    "planned": _("To be asked for"),
    "under_way": _("Under way"),
    "returned": _("Refunded"),
    "failed": _("Failed"),
}
BUYER: Words = {"person": _("Person"), "company": _("Company")}
PAPER: Words = {
    "asked": _("To issue"),
    "issued": _("Issued"),
    "to_withdraw": _("To withdraw"),
    "withdrawn": _("Withdrawn"),
    "dropped": _("Not needed any more"),
}
FITTING: Words = {
    "held": _("Held for trying on"),
    "tried": _("Being tried on"),
    "bought": _("Bought"),
    "left": _("Not taken"),
    "cancelled": _("Cancelled"),
    "expired": _("Not come for"),
}
BAG: Words = {
    "shared": _("Shared"),
    "ordered": _("Ordered"),
    "withdrawn": _("Withdrawn"),
    "expired": _("Too old"),
}
ORDER_WORK: Words = {
    "asked": _("Requests to answer"),
    "to_send": _("To send"),
    "to_prepare": _("Pick-ups to prepare"),
    "ready": _("Waiting to be picked up"),
    "to_choose": _("Way to be agreed on"),
    "to_receive": _("Pieces awaited back"),
    "stuck": _("Money that did not go"),
    "fapiao": _("Fapiao to issue or withdraw"),
}
ORDER_NOTE: Words = {
    "placed": _("Ordered"),
    "way_chosen": _("Way of arrival chosen"),
    "address_changed": _("Address changed"),
    "ready": _("Ready to be picked up"),
    "shipped": _("Given to the carrier"),
    "delivered": _("Delivered"),
    "handed_over": _("Handed over"),
    "fapiao_asked": _("Fapiao asked for"),
    "fapiao_issued": _("Fapiao issued"),
    "fapiao_withdrawn": _("Fapiao withdrawn"),
    "replaces": _("Made for an exchange"),
    "covered": _("Paid by the piece that came back"),
    "given_up": _("Given up"),
    "paid": _("Paid"),
    "refunded": _("Refunded"),
    "cancel_asked": _("Cancellation asked for"),
    "cancel_accepted": _("Cancellation accepted"),
    "cancel_received": _("Pieces back on the shelf"),
    "cancel_declined": _("Cancellation declined"),
    "cancel_withdrawn": _("Cancellation withdrawn"),
    "cancel_closed": _("Cancellation done"),
    "return_asked": _("Return asked for"),
    "return_accepted": _("Return accepted"),
    "return_received": _("Returned pieces received"),
    "return_declined": _("Return declined"),
    "return_withdrawn": _("Return withdrawn"),
    "return_lapsed": _("Pieces were not sent back"),
    "return_closed": _("Return done"),
    "exchange_asked": _("Exchange asked for"),
    "exchange_accepted": _("Exchange accepted"),
    "exchange_received": _("Exchanged piece received"),
    "exchange_declined": _("Exchange declined"),
    "exchange_withdrawn": _("Exchange withdrawn"),
    "exchange_lapsed": _("Piece was not sent back"),
    "exchange_closed": _("Exchange done"),
}
