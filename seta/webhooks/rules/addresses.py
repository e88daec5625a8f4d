"""Where a webhook may go: https to addresses of the public internet, never into the server's own network."""

import ipaddress
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

URL_CHARS_MAX = 500


class Refusal(StrEnum):
    """Why an address, or a choice of facts, is not taken."""

    NOT_A_URL = "not_a_url"
    NOT_HTTPS = "not_https"
    HAS_PASSWORD = "has_password"
    PRIVATE = "private"
    NO_FACTS = "no_facts"
    TAKEN = "taken"
    NOT_FOUND = "not_found"
    BAD_RANGE = "bad_range"
    NOT_ACTIVE = "not_active"
    ROTATING = "rotating"


class WebhookRefused(ValueError):
    """A named refusal that changed nothing."""

    def __init__(self, code: Refusal, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code = code


# Order: zh-Hans, en, it.
_TEXTS: dict[Refusal, tuple[str, str, str]] = {
    Refusal.NOT_A_URL: (
        "请填写完整的网址，例如 https://erp.example.com/seta。",
        "Write a whole address, such as https://erp.example.com/seta.",
        "Scriva un indirizzo completo, ad esempio https://erp.example.com/seta.",
    ),
    Refusal.NOT_HTTPS: (
        "网址须以 https:// 开头。",
        "The address has to begin with https://, so that nobody reads along.",
        "L'indirizzo deve iniziare con https://, così nessuno può leggere.",
    ),
    Refusal.HAS_PASSWORD: (
        "网址中请勿包含用户名或密码；签名已能证明来源。",
        "Leave the name and password out of the address; the signature proves who sends.",
        "Tolga nome e password dall'indirizzo; la firma prova chi invia.",
    ),
    Refusal.PRIVATE: (
        "该网址指向内部网络。请使用公网地址，或由管理员在服务器上设置 SETA_WEBHOOKS_PRIVATE=1。",
        "This address is inside a private network. Use a public one, or set SETA_WEBHOOKS_PRIVATE=1 on the server.",
        "Questo indirizzo è in una rete privata. Ne usi uno pubblico o imposti SETA_WEBHOOKS_PRIVATE=1 sul server.",
    ),
    Refusal.NO_FACTS: (
        "请至少选择一种通知。",
        "Choose at least one fact to hear.",
        "Scelga almeno un fatto da ricevere.",
    ),
    Refusal.TAKEN: (
        "该网址已在使用。",
        "This address hears facts already; change it there.",
        "Questo indirizzo riceve già i fatti; lo modifichi lì.",
    ),
    Refusal.NOT_FOUND: ("未找到。", "There is no such webhook.", "Questo webhook non esiste."),
    Refusal.BAD_RANGE: (
        "请选择不超过 31 天的时间段，且开始早于结束。",
        "Choose a span of at most 31 days that begins before it ends.",
        "Scelga un periodo di al massimo 31 giorni che inizi prima di finire.",
    ),
    Refusal.NOT_ACTIVE: (
        "此网址已停用，请先启用。",
        "This address is switched off; switch it on first.",
        "Questo indirizzo è spento; lo accenda prima.",
    ),
    Refusal.ROTATING: (
        "上一个旧密钥仍有效；请等它失效后再更换。",
        "The secret before this one still signs; wait until it has ended before changing again.",
        "Il segreto precedente firma ancora; attenda che scada prima di cambiare di nuovo.",
    ),
}


def message(code: Refusal, language: str) -> str:
    """What to tell a person: Chinese for zh*, Italian for it*, else English."""
    chinese, english, italian = _TEXTS[code]
    if language.lower().startswith("zh"):
        return chinese
    return italian if language.lower().startswith("it") else english


def checked_url(url: str, *, private_allowed: bool) -> SplitResult:
    """The parts of a usable address; raises WebhookRefused.

    Plain http is for this machine only, and only where private addresses are allowed. A host written as a number is
    judged here; a name is judged each time it is resolved.
    """
    if len(url) > URL_CHARS_MAX or any(ord(char) <= 32 or ord(char) == 127 for char in url):
        raise WebhookRefused(Refusal.NOT_A_URL)
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as problem:
        raise WebhookRefused(Refusal.NOT_A_URL, str(problem)) from problem
    if parts.scheme not in ("http", "https") or not host or "\\" in url:
        raise WebhookRefused(Refusal.NOT_A_URL)
    if parts.username is not None or parts.password is not None:
        raise WebhookRefused(Refusal.HAS_PASSWORD)
    if parts.scheme == "http" and not (private_allowed and host == "127.0.0.1"):
        raise WebhookRefused(Refusal.NOT_HTTPS)
    if not private_allowed and (host == "localhost" or _is_inner_number(host)):
        raise WebhookRefused(Refusal.PRIVATE, host)
    return parts


def _is_inner_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return not is_public(host)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet; one that wraps an IPv4 address is judged by that.

    Private, loopback, link-local (where clouds keep their secrets), shared, multicast and reserved ones are not.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast and not found.is_reserved


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
