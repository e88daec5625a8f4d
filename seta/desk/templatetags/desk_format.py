"""How pages write money, instants, shares and codes in the reader's language."""

import json
import re
from datetime import date, datetime, timedelta
from decimal import Decimal

import segno
from django import template
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from seta.desk import labels
from seta.desk.shell import Desk
from seta.kit.money import RATE_SCALE, text
from seta.oversight.rules.measuring import Interval

register = template.Library()

_LINK = re.compile(r"<a\s[^<>]*>([^<>]*)</a>")
_MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "it": ["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"],
}


@register.filter
def money(amount: int | None, currency: str) -> str:
    """Minor units as ¥8,888.00; nothing for None."""
    return "" if amount is None else text(amount, currency or "CNY")


@register.filter
def rate(scaled: int) -> str:
    """A rate scaled by 10^8 as a plain decimal."""
    return f"{Decimal(scaled) / RATE_SCALE:f}".rstrip("0").rstrip(".")


@register.filter
def percent(share: float | None) -> str:
    """A share between 0 and 1 as a percentage; a dash for None."""
    return "–" if share is None else f"{share * 100:.1f} %".replace(".0 %", " %")


@register.filter
def bps(points: int) -> str:
    """Hundredths of a percent as a percentage."""
    return percent(points / 10_000)


def day_text(day: date) -> str:
    """A day in the reader's order."""
    language = (get_language() or "en")[:2]
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS.get(language, _MONTHS['en'])[day.month - 1]} {day.year}"


@register.filter
def day(value: date | None) -> str:
    """A date in the reader's order."""
    return day_text(value) if value else ""


@register.filter
def when(instant: datetime | None) -> SafeString | str:
    """An instant on the house's clock: the day is left out when it is today."""
    if instant is None:
        return ""
    local = timezone.localtime(instant)
    clock_text = f"{local:%H:%M}"
    shown = clock_text if local.date() == timezone.localdate() else f"{day_text(local.date())} {clock_text}"
    return format_html('<time datetime="{}">{}</time>', instant.isoformat(), shown)


@register.filter
def label(code: object, kind: str) -> str:
    """The words for a code of a kind."""
    return labels.label(kind, str(code))


@register.filter
def tone(code: object) -> str:
    """The tone of a code's tag."""
    return labels.tone(str(code))


@register.filter
def tag(code: object, kind: str) -> SafeString:
    """A code as a tag in its tone."""
    return format_html(
        '<span class="tag {}">{}</span>', labels.tone(str(code)), labels.label(kind, str(code))
    )


@register.filter
def qr(content: str) -> SafeString:
    """A QR code of the content as an inline SVG, sized by its box."""
    drawn = segno.make(content, error="m").svg_inline(border=2, omitsize=True, dark="#16130f", light="#fff")
    # segno draws squares only: the content is in their places, not in the markup.
    return mark_safe(drawn)


@register.filter
def share_of(part: int, whole: int) -> int:
    """The part of the whole in percent, at least 0 and at most 100, for the width of a bar."""
    return max(0, min(100, round(100 * part / whole))) if whole else 0


@register.filter
def linked(text: str) -> SafeString:
    """A message of ours in which WeChat shows links: their words underlined, everything escaped."""
    parts = _LINK.split(text)
    return format_html_join(
        "", "{}", ((format_html("<u>{}</u>", part) if n % 2 else part,) for n, part in enumerate(parts))
    )


@register.filter
def opposite(amount: int) -> int:
    """The amount with the other sign."""
    return -amount


@register.filter
def lookup(key: object, names: dict[object, str]) -> str:
    """What a key stands for in a table; nothing when it is not there."""
    return names.get(key, "") if names else ""


@register.filter
def pretty(value: object) -> str:
    """A fact's body as readable JSON; the page escapes it."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str)


@register.filter
def has_breaks(counts: dict[str, int]) -> bool:
    """Whether a reconciliation found anything but matches."""
    return any(count for code, count in counts.items() if code != "matched")


@register.filter
def proposal(category: str, otherwise: str) -> str:
    """What to do about a break, in the reader's language."""
    return str(labels.PROPOSAL.get(category, otherwise))


@register.filter
def change_subject(subject: str, kind: str) -> str:
    """What a proposed change is of: a route's wallet, scene and currency in words, any other's as it is kept."""
    parts = subject.split(" ")
    if kind != "route" or len(parts) != 3:
        return subject
    words = [labels.label("wallet", parts[0]), labels.label("scene", parts[1])]
    return " · ".join([*words, *([] if parts[2] == "any" else [parts[2]])])


@register.filter
def weekday(instant: datetime) -> str:
    """The day of an instant on the house's clock, with the weekday: Sunday 22 Nov 2026."""
    local = timezone.localtime(instant)
    name = str(WEEKDAYS[local.weekday()])
    return f"{day_text(local.date())} {name}" if _is_chinese() else f"{name} {day_text(local.date())}"


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


@register.filter
def does(desk: Desk, job: str) -> bool:
    """Whether the member's role has the job, so that a link to it is worth showing."""
    return desk.does(job)


@register.filter
def unlocalized(value: float) -> str:
    """A number as SVG wants it, with a point in every language."""
    return f"{value:.2f}"


@register.filter
def span(length: timedelta | None) -> str:
    """A length of time in its two largest units: 3 d 4 h, 2 h 5 min; a dash for None."""
    if length is None:
        return "–"
    minutes = round(length.total_seconds() / 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


@register.filter
def thousand(share: float) -> str:
    """A share as so many in a thousand."""
    return f"{share * 1000:.2f}".rstrip("0").rstrip(".")


@register.filter
def per_mille(interval: Interval | None) -> str:
    """A measured share as so many in a thousand, with its interval; a dash for None."""
    if interval is None:
        return "–"
    return f"{thousand(interval.share)} ({thousand(interval.low)} – {thousand(interval.high)})"


@register.filter
def hundred(share: float) -> str:
    """A share as SVG wants it on an axis of a hundred."""
    return unlocalized(share * 100)
