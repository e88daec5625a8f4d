"""Words for what the client book keeps, for plays, commission and hand-overs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words = Mapping[str, "_StrPromise"]

TIER_OF_CLIENT: Words = {
    "platinum": _("Platinum"),
    "gold": _("Gold"),
    "silver": _("Silver"),
    "client": _("Client"),
    "prospect": _("Not bought yet"),
}
SIZE_CATEGORY: Words = {
    "women_clothing": _("Women's clothing"),
    "men_clothing": _("Men's clothing"),
    "women_shoes": _("Women's shoes"),
    "men_shoes": _("Men's shoes"),
    "ring": _("Ring"),
    "belt": _("Belt"),
    "hat": _("Hat"),
}
PREFERENCE: Words = {
    "colour": _("Colour"),
    "material": _("Material"),
    "style": _("Style"),
    "service": _("Service"),
    "drink": _("Drink"),
    "contact_time": _("Best time to write"),
    "avoid": _("To avoid"),
}
DATE_KIND: Words = {
    "birthday": _("Birthday"),
    "anniversary": _("Anniversary"),
    "family": _("Family"),
    "other": _("Other"),
}
VISIBILITY: Words = {"private": _("Only me"), "boutique": _("My boutique"), "house": _("The house")}
CONSENT_PURPOSE: Words = {
    "messages": _("Messages from the house"),
    "archive": _("Conversation archive"),
    "profile": _("Client book"),
    "location": _("Location"),
    "analytics": _("Measurement"),
}
NEXT_STEP: Words = {
    "arrival": _("Welcome them to town: they have a plan for this day"),
    "birthday": _("Wish them a happy birthday"),
    "wish_back": _("Tell them that a wish is back in stock"),
    "after_purchase": _("Thank for the purchase and ask how it suits"),
    "silence": _("Say hello: nothing has been heard since this day"),
}
HELD_BY: Words = {
    "no_consent": _("The client has not agreed to messages. Ask them in the boutique first."),
    "night": _("It is late for the client. Write in the morning."),
    "own": _("You wrote to them a short while ago."),
    "colleague": _("A colleague wrote to them a short while ago."),
    "week": _("They have had enough messages this week."),
}
TRIGGER: Words = {
    "arrival": _("When a client plans a day in town"),
    "after_purchase": _("After a purchase"),
    "birthday": _("Around a birthday"),
}
TASK: Words = {
    "arrival": _("Arrival"),
    "after_purchase": _("After a purchase"),
    "birthday": _("Birthday"),
    "call": _("Call booked by the client"),
    "handover": _("Hand-over"),
    "moved": _("Moved by the client"),
    "own": _("My own"),
}
ENTRY: Words = {"earned": _("Earned"), "returned": _("Taken back"), "moved": _("Moved by a decision")}
DISPUTE: Words = {
    "open": _("To decide"),
    "upheld": _("Upheld"),
    "rejected": _("Rejected"),
    "withdrawn": _("Withdrawn"),
}
MODEL: Words = {
    "last_touch": _("Last touch"),
    "first_contact": _("First contact"),
    "primary": _("First adviser"),
}
HANDOVER_KIND: Words = {"resigned": _("Leaves the house"), "in_service": _("Stays in service")}
HANDOVER: Words = {
    "planned": _("Planned"),
    "waiting": _("Waits 24 hours; the client may refuse"),
    "taken_over": _("Taken over"),
    "refused": _("The client refused"),
    "limit_reached": _("The taker has too many clients"),
    "not_begun": _("WeCom would not begin"),
    "cancelled": _("Cancelled"),
}
CONSULTATION_KIND: Words = {"video": _("Video"), "voice": _("Voice")}
CONSULTATION: Words = {
    "booked": _("Booked"),
    "under_way": _("Under way"),
    "held": _("Took place"),
    "missed": _("Missed"),
    "cancelled": _("Cancelled"),
}
STOPPED_WHY: Words = {
    "withdrawn": _("Consent withdrawn"),
    "call_ended": _("The call ended"),
    "stopped": _("Stopped by the associate"),
    "begun_anew": _("Begun anew"),
    "cancelled": _("Cancelled"),
}
ENDED_BY: Words = {
    "client": _("By the client"),
    "associate": _("By the associate"),
    "dropped": _("The connection was lost"),
}
HEARD: Words = {
    "voice": _("Voice message"),
    "meeting_voice_call": _("Call by WeCom"),
    "voiptext": _("Call by WeCom, no sound kept"),
}
