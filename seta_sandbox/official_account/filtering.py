"""What WeChat leaves of an article's HTML: no scripts, no pictures from elsewhere, no ways to other sites."""

from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

DROPPED_WHOLE = frozenset({"script", "style", "iframe", "object", "embed", "form", "template", "noscript"})
DROPPED = frozenset({"link", "meta", "base", "input", "button", "textarea", "select", "html", "head", "body"})
PICTURES = ("/_media/", "/_material/")


def filtered(html: str, *, base_url: str) -> str:
    """The HTML as the draft box keeps it; what is allowed stays letter for letter."""
    reader = _Reader(urlsplit(base_url).netloc)
    reader.feed(html)
    reader.close()
    return "".join(reader.kept)


class _Reader(HTMLParser):
    """Writes down what may stay."""

    def __init__(self, host: str) -> None:
        super().__init__(convert_charrefs=False)
        self.host = host
        self.kept: list[str] = []
        self.inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in DROPPED_WHOLE:
            self.inside += 1
        elif not self.inside and tag not in DROPPED:
            self._keep(tag, attrs, end=">")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.inside and tag not in DROPPED_WHOLE | DROPPED:
            self._keep(tag, attrs, end="/>")

    def handle_endtag(self, tag: str) -> None:
        if tag in DROPPED_WHOLE:
            self.inside = max(0, self.inside - 1)
        elif not self.inside and tag not in DROPPED:
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.kept.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def _keep(self, tag: str, attrs: list[tuple[str, str | None]], *, end: str) -> None:
        if not tag.replace("-", "").isalnum():
            return
        if tag == "img" and not self._is_ours(dict(attrs).get("src") or ""):
            return
        allowed = [(name, value) for name, value in attrs if self._may_stay(tag, name, value or "")]
        if allowed == attrs:
            self.kept.append(self.get_starttag_text() or "")
            return
        written = "".join(f' {name}="{escape(value or "")}"' for name, value in allowed)
        self.kept.append(f"<{tag}{written}{end}")

    def _may_stay(self, tag: str, name: str, value: str) -> bool:
        if name.startswith("on") or name in ("srcset", "formaction", "id"):
            return False
        if name == "href":
            return value == "" or urlsplit(value).hostname == "mp.weixin.qq.com"
        return not (name == "src" and tag != "img")

    def _is_ours(self, address: str) -> bool:
        parts = urlsplit(address)
        return parts.netloc == self.host and parts.path.startswith(PICTURES)
