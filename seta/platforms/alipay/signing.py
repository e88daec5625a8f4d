"""The text Alipay signs: parameters sorted by name, joined raw, never URL-encoded."""

from collections.abc import Mapping

PLATFORM = "alipay"


def signed_text(fields: Mapping[str, str], *, keep_empty: bool = False) -> str:
    """Join `name=value` sorted by name with `&`; `sign` never, empty values only when asked."""
    pairs = sorted(fields.items())
    return "&".join(f"{name}={value}" for name, value in pairs if name != "sign" and (value or keep_empty))
