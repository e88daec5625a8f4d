"""Mini programs: login codes, sessions, phone codes, codes on paper and subscribe-message grants."""

from dataclasses import dataclass, field

from seta_sandbox.official_account.state import Windows

CODE_SECONDS = 300.0


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
    # (appid, template_id) added beside the exported one
    templates: set[tuple[str, str]] = field(default_factory=set)
    sent: int = 0

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
