"""Mini programs: login codes, sessions, phone codes, codes on paper, links, visits and subscribe-message grants."""

from dataclasses import dataclass, field

from seta_sandbox.kit.world import World
from seta_sandbox.official_account.records import SubscribeTemplate
from seta_sandbox.official_account.state import Windows

CODE_SECONDS = 300.0
# Label and suggestion of the words that every world's content checks know; `content_rule` adds more.
RISKY_WORDS: dict[str, tuple[int, str]] = {
    "广告推广": (10001, "review"),
    "色情": (20002, "risky"),
    "傻瓜": (20003, "review"),
    "赌博": (20006, "risky"),
    "诈骗": (20008, "risky"),
    "低俗": (20012, "review"),
    "盗版": (20013, "review"),
}


@dataclass
class OneTimeCode:
    """A login or phone-number code: once, within five minutes."""

    appid: str
    openid: str
    expires_at: float
    used: bool = False
    risky: bool = False


@dataclass(frozen=True)
class PaperCode:
    """A mini program code: what it opens."""

    id: str
    appid: str
    page: str
    scene: str


@dataclass(frozen=True)
class Link:
    """A URL link, scheme, NFC scheme or short link: what it opens and until when (None: for ever)."""

    address: str
    kind: str
    appid: str
    path: str
    query: str
    version: str
    created_at: int
    expires_at: int | None


@dataclass(frozen=True)
class Visit:
    """A consumer opened a mini program: on which page, for how many seconds."""

    at: float
    appid: str
    openid: str
    page: str = ""
    seconds: int = 0
    shared: bool = False


@dataclass
class Safety:
    """Words, or parts of a media address, that content checks find: word -> (label, suggest)."""

    words: dict[str, tuple[int, str]] = field(default_factory=lambda: dict(RISKY_WORDS))
    # openid -> risk rank of getuserriskrank; 0 for everybody else
    ranks: dict[str, int] = field(default_factory=dict)

    def risky(self, text: str) -> tuple[str, int, str] | None:
        """The first word found with its label and suggestion, None for clean content."""
        for word, (label, suggest) in self.words.items():
            if word in text:
                return word, label, suggest
        return None


@dataclass
class State:
    """Every mini program of the world."""

    login_codes: dict[str, OneTimeCode] = field(default_factory=dict)
    phone_codes: dict[str, OneTimeCode] = field(default_factory=dict)
    # (appid, openid) -> session_key in base64
    sessions: dict[tuple[str, str], str] = field(default_factory=dict)
    paper_codes: dict[str, PaperCode] = field(default_factory=dict)
    # (openid, template_id) -> messages the consumer has allowed
    grants: dict[tuple[str, str], int] = field(default_factory=dict)
    windows: dict[str, Windows] = field(default_factory=dict)
    # (appid, template_id) added beside the exported one, of mini programs and Official Accounts
    templates: dict[tuple[str, str], SubscribeTemplate] = field(default_factory=dict)
    sent: int = 0
    # appid -> codes made by getwxacode and createwxaqrcode, whose number is limited
    limited_codes: dict[str, int] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    opened: int = 0
    unreleased: set[str] = field(default_factory=set)
    visits: list[Visit] = field(default_factory=list)
    safety: Safety = field(default_factory=Safety)
    checks: int = 0

    def windows_of(self, appid: str) -> Windows:
        """The customer-service windows of one mini program."""
        return self.windows.setdefault(appid, Windows())

    def code(self, appid: str, page: str, scene: str) -> PaperCode:
        """The code of that page and scene; the same one when asked again."""
        for known in self.paper_codes.values():
            if (known.appid, known.page, known.scene) == (appid, page, scene):
                return known
        made = PaperCode(f"{len(self.paper_codes) + 1:06d}", appid, page, scene)
        self.paper_codes[made.id] = made
        return made


def mp_of(world: World) -> State:
    """The mini programs' part of a world."""
    return world.state(State)
