"""The kinds of things a client book keeps, as codes that pages put into words."""

PREFERENCE_KINDS = ("colour", "material", "style", "service", "drink", "contact_time", "avoid")
DATE_KINDS = ("birthday", "anniversary", "family", "other")
NOTE_VISIBILITIES = ("private", "boutique", "house")
CHAT_KIND = "chat"
