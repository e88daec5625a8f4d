"""What markets are called in three languages."""

from collections.abc import Mapping

NAMES: Mapping[str, tuple[str, str, str]] = {
    "cn": ("中国内地", "Mainland China", "Cina continentale"),
    "hk": ("中国香港", "Hong Kong, China", "Hong Kong, Cina"),
    "mo": ("中国澳门", "Macao, China", "Macao, Cina"),
    "tw": ("中国台湾", "Taiwan, China", "Taiwan, Cina"),
    "it": ("意大利", "Italy", "Italia"),
    "fr": ("法国", "France", "Francia"),
    "de": ("德国", "Germany", "Germania"),
    "es": ("西班牙", "Spain", "Spagna"),
    "gb": ("英国", "United Kingdom", "Regno Unito"),
    "ch": ("瑞士", "Switzerland", "Svizzera"),
    "us": ("美国", "United States", "Stati Uniti"),
    "jp": ("日本", "Japan", "Giappone"),
    "kr": ("韩国", "South Korea", "Corea del Sud"),
    "sg": ("新加坡", "Singapore", "Singapore"),
    "th": ("泰国", "Thailand", "Thailandia"),
    "ae": ("阿联酋", "United Arab Emirates", "Emirati Arabi Uniti"),
}


def market_name(market: str, language: str) -> str:
    """The market's name in the reader's language; Chinese for any but English and Italian."""
    place = {"en": 1, "it": 2}.get(language[:2], 0)
    return NAMES[market][place]
