"""How pages of consultations write lengths and days."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from seta.desk import labels
from seta.desk.templatetags.desk_format import day_text

register = template.Library()


@register.filter
def lasting(seconds: int) -> str:
    """A length as 12:05, minutes and seconds."""
    return f"{seconds // 60}:{seconds % 60:02}"


@register.filter
def day_of(instant: datetime) -> str:
    """The day of an instant on the clock in force."""
    return day_text(timezone.localtime(instant).date())


@register.filter
def state_tag(state: str) -> SafeString:
    """What became of a consultation as a tag; a call that was held is good, one that was missed is not."""
    tone = {"held": "ok", "under_way": "ok", "missed": "warn"}.get(state, "")
    return format_html('<span class="tag {}">{}</span>', tone, labels.label("consultation", state))
