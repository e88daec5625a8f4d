"""What the desk calls the fields of a piece, its doors, and what was changed of it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, str | Promise]

FIELD: Words = {
    "code": _("Code, for addresses"),
    "name_zh": _("Name in Chinese"),
    "name_en": _("Name in English"),
    "name_it": _("Name in Italian"),
    "description_zh": _("Description in Chinese"),
    "description_en": _("Description in English"),
    "description_it": _("Description in Italian"),
    "alt_zh": _("What it shows, in Chinese"),
    "alt_en": _("What it shows, in English"),
    "alt_it": _("What it shows, in Italian"),
    "caption_zh": _("Line under it, in Chinese"),
    "caption_en": _("Line under it, in English"),
    "caption_it": _("Line under it, in Italian"),
    "sku": _("Stock-keeping code"),
    "label": _("Size"),
    "colour_zh": _("Colour in Chinese"),
    "colour_en": _("Colour in English"),
    "colour_it": _("Colour in Italian"),
    "gtin": _("Barcode (GTIN)"),
    "amount": _("Price"),
    "market": _("Market"),
    "currency": _("Currency"),
    "effective_at": _("Holds from"),
    "opens_at": _("Sold from"),
    "closes_at": _("Sold until"),
    "doors": _("Sold through"),
    "season": _("Season"),
    "shown_from": _("Shown from"),
    "shown_until": _("Shown until"),
}
DOOR: Words = {
    "mini_program": _("Mini program"),
    "till": _("Boutiques"),
    "drop": _("Drops"),
    "popup": _("Pop-ups"),
}
CHANGE: Words = {
    "created": _("made the piece"),
    "texts": _("changed the texts"),
    "listed": _("put it on the list"),
    "unlisted": _("took it off the list"),
    "variant_added": _("added a variant"),
    "variant_changed": _("changed a variant"),
    "variant_retired": _("retired a variant"),
    "variant_restored": _("brought a variant back"),
    "window_added": _("added a window of sale"),
    "window_removed": _("removed a window of sale"),
    "picture_added": _("added a picture"),
    "picture_described": _("changed what a picture shows"),
    "picture_moved": _("moved a picture forward"),
    "picture_removed": _("removed a picture"),
    "price_set": _("set a price"),
    "price_withdrawn": _("withdrew a planned price"),
    "collection_made": _("made the collection"),
    "collection_changed": _("changed names or days"),
    "collection_moved": _("moved the collection forward"),
    "cover_set": _("set the cover"),
    "cover_removed": _("removed the cover"),
    "lookbook_made": _("made the lookbook"),
    "lookbook_changed": _("changed names, foreword or days"),
    "lookbook_moved": _("moved the lookbook forward"),
    "look_added": _("added a look"),
    "look_described": _("changed a look’s words"),
    "look_moved": _("moved a look forward"),
    "look_removed": _("removed a look"),
    "piece_put_in": _("put a piece in"),
    "piece_moved": _("moved a piece forward"),
    "piece_taken_out": _("took a piece out"),
}
STANDING: Words = {
    "planned": _("Planned"),
    "in_force": _("Holds now"),
    "past": _("Over"),
    "withdrawn": _("Withdrawn"),
}
STANDING_TONE: Mapping[str, str] = {"planned": "warn", "in_force": "ok", "past": "", "withdrawn": ""}
