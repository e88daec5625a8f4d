"""The accounts of the world: two Official Accounts, two mini programs and one WeCom corporation."""

from dataclasses import dataclass

from seta_sandbox.kit.keys import DIGITS, HEX, Keyring

OFFICIAL_ACCOUNT = "official_account"
MINI_PROGRAM = "mini_program"
WECOM = "wecom"


@dataclass(frozen=True)
class App:
    """An account and the secrets its owner sees in the console. For WeCom, `appid` is the corpid."""

    kind: str
    owner: str
    name: str
    appid: str
    secret: str
    original_id: str
    token: str
    aes_key: str
    template_id: str


@dataclass
class Callback:
    """Where an app's pushes go. `mode` is `plain`, `compatible` or `aes`; `form` is `xml` or `json`."""

    url: str = ""
    mode: str = "aes"
    form: str = "xml"


def make_apps(keys: Keyring) -> list[App]:
    """The primary apps come first of their kind; the destination house has a second pair."""
    return [
        _make(keys, OFFICIAL_ACCOUNT, "primary", "Serica Milano"),
        _make(keys, MINI_PROGRAM, "primary", "Serica Milano"),
        _make(keys, OFFICIAL_ACCOUNT, "destination", "米兰欢迎您"),
        _make(keys, MINI_PROGRAM, "destination", "米兰欢迎您"),
        _make(keys, WECOM, "primary", "Serica Milano"),
    ]


def _make(keys: Keyring, kind: str, owner: str, name: str) -> App:
    label = f"{kind}/{owner}"
    prefix = "ww" if kind == WECOM else "wx"
    return App(
        kind=kind,
        owner=owner,
        name=name,
        appid=prefix + keys.secret(label + "/appid", 16, HEX),
        secret=keys.secret(label + "/secret", 32, HEX),
        original_id="gh_" + keys.secret(label + "/original", 12, HEX),
        token=keys.secret(label + "/token", 24),
        aes_key=keys.aes_key(label + "/aes"),
        template_id=keys.secret(label + "/template", 42) + keys.secret(label + "/template/end", 1, DIGITS),
    )
