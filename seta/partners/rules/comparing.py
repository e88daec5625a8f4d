"""What a proposal would change of a listing, and how each field is called and shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seta.guide.rules.listing import FIELDS, FLAGS, kinds_of
from seta.guide.rules.texts import category_name, language_index

Words = tuple[str, str, str]

FIELD_NAMES: Mapping[str, Words] = {
    "name": ("名称", "Name", "Nome"),
    "name_zh": ("中文名称", "Name in Chinese", "Nome in cinese"),
    "name_en": ("英文名称", "Name in English", "Nome in inglese"),
    "address": ("地址", "Address", "Indirizzo"),
    "position": ("坐标", "Position", "Posizione"),
    "category": ("类别", "Kind of business", "Tipo di attività"),
    "opening_hours": ("营业时间", "Opening hours", "Orari di apertura"),
    "languages": ("服务语言", "Languages spoken", "Lingue parlate"),
    "payment": ("支付方式", "Ways to pay", "Modi di pagare"),
    "menu_zh": ("中文菜单", "Menu in Chinese", "Menù in cinese"),
    "hot_water": ("热水", "Hot water", "Acqua calda"),
    "wifi": ("无线网络", "Wi-Fi for guests", "Wi-Fi per gli ospiti"),
    "tax_free": ("退税", "Tax-free shopping", "Acquisti tax free"),
    "halal": ("清真餐食", "Halal food", "Cibo halal"),
    "accessible": ("无障碍通行", "Step-free access", "Accesso senza gradini"),
    "note_zh": ("中文简介", "A line in Chinese", "Una frase in cinese"),
    "note_en": ("英文简介", "A line in English", "Una frase in inglese"),
    "note_it": ("意大利文简介", "A line in Italian", "Una frase in italiano"),
    "offers": ("优惠与活动", "Offers", "Offerte"),
    "photos": ("照片", "Photos", "Foto"),
}
PAYMENT_NAMES: Mapping[str, Words] = {
    "wechatpay": ("微信支付", "WeChat Pay", "WeChat Pay"),
    "alipay": ("支付宝", "Alipay", "Alipay"),
    "card": ("银行卡", "Cards", "Carte"),
    "cash": ("现金", "Cash", "Contanti"),
}
LANGUAGE_NAMES: Mapping[str, Words] = {
    "zh": ("中文", "Chinese", "Cinese"),
    "en": ("英语", "English", "Inglese"),
    "it": ("意大利语", "Italian", "Italiano"),
    "fr": ("法语", "French", "Francese"),
    "de": ("德语", "German", "Tedesco"),
    "es": ("西班牙语", "Spanish", "Spagnolo"),
    "ru": ("俄语", "Russian", "Russo"),
    "ja": ("日语", "Japanese", "Giapponese"),
}
_YES: Words = ("有", "yes", "sì")
_NO: Words = ("无", "no", "no")
_NOTHING: Words = ("（空）", "(nothing)", "(niente)")
_PHOTO: Words = ("张", "photo", "foto")
_PHOTOS: Words = ("张", "photos", "foto")


@dataclass(frozen=True)
class Difference:
    """One field before and after in the reader's words; `overtaken` when the guide has changed since it was asked."""

    field: str
    name: str
    before: str
    after: str
    overtaken: bool


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `after` that differ; latitude and longitude go together."""
    found = {field: after[field] for field in FIELDS if field in after and before.get(field) != after[field]}
    if "lat" in found or "lon" in found:
        found["lat"], found["lon"] = after["lat"], after["lon"]
    return found


def newly_told(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The facts that a change states and the listing did not, and the hours when they change."""
    known = set(kinds_of(before)) if before else set()
    if before.get("opening_hours") != after["opening_hours"]:
        known.discard("hours")
    return tuple(kind for kind in kinds_of(after) if kind not in known)


def differences(
    changes: Mapping[str, Any], before: Mapping[str, Any], current: Mapping[str, Any], language: str
) -> tuple[Difference, ...]:
    """What would change, in the order of the form; `before` is what the business saw, `current` what is shown now."""
    at = language_index(language)
    found = []
    for field in FIELD_NAMES:
        keys = ("lat", "lon") if field == "position" else (field,)
        if not any(key in changes for key in keys):
            continue
        was, now, new = (_together(field, each) for each in (before, current, {**current, **changes}))
        found.append(
            Difference(
                field,
                FIELD_NAMES[field][at],
                shown(field, now, language),
                shown(field, new, language),
                was != now,
            )
        )
    return tuple(found)


def shown(field: str, value: Any, language: str) -> str:
    """A field's value as somebody reads it."""
    at = language_index(language)
    if field in FLAGS:
        return (_YES if value else _NO)[at]
    if not value:
        return _NOTHING[at]
    if field == "position":
        return f"{value[0]:.5f}, {value[1]:.5f}"
    if field == "category":
        return category_name(value, language)
    if field in ("payment", "languages"):
        names = PAYMENT_NAMES if field == "payment" else LANGUAGE_NAMES
        return ", ".join(names.get(each, (each,) * 3)[at] for each in value)
    if field == "offers":
        return " / ".join(f"{each['it']} ({each['from']} – {each['until']})" for each in value)
    if field == "photos":
        return f"{len(value)} {(_PHOTO if len(value) == 1 else _PHOTOS)[at]}"
    return str(value)


def _together(field: str, values: Mapping[str, Any]) -> Any:
    if field != "position":
        return values.get(field)
    return (values["lat"], values["lon"]) if "lat" in values else None
