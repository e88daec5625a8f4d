"""Official Accounts: followers, reply windows, menus, parametric QR codes and advertisements."""

from dataclasses import dataclass, field
from typing import Any

from seta_sandbox.kit.world import World
from seta_sandbox.official_account.quota_book import QuotaBook
from seta_sandbox.official_account.records import (
    Broadcasts,
    CustomerService,
    Draft,
    Material,
    Menus,
    Occurrence,
    Publication,
    Template,
    WebLogin,
)

HOURS_48 = 48 * 3600.0
# Current rules of customer-service messages: kind of action -> (messages allowed, seconds the window stays open).
WINDOWS: dict[str, tuple[int, float]] = {
    "message": (5, HOURS_48),
    "menu_click": (3, 60.0),
    "subscribe": (3, 60.0),
    "scan": (3, 60.0),
    "payment": (20, HOURS_48),
    "enter": (2, 60.0),
}
CLOSED, USED_UP = 45015, 45047


@dataclass
class Follower:
    """A subscription to one account."""

    openid: str
    subscribed_at: int
    subscribe_scene: str = "ADD_SCENE_SEARCH"
    qr_scene: int = 0
    qr_scene_str: str = ""
    remark: str = ""
    tagids: list[int] = field(default_factory=list)
    refuses_templates: bool = False


@dataclass
class Window:
    """The right to send customer-service messages that one kind of action opened."""

    kind: str
    left: int
    expires_at: float


@dataclass
class Windows:
    """All windows of one account. A new action of a kind renews that kind's window."""

    by_openid: dict[str, dict[str, Window]] = field(default_factory=dict)

    def open(self, openid: str, kind: str, now: float) -> None:
        """The follower acted."""
        count, seconds = WINDOWS[kind]
        self.by_openid.setdefault(openid, {})[kind] = Window(kind, count, now + seconds)

    def spend(self, openid: str, now: float) -> int:
        """Use one message of the window that closes first; 0, 45015 (no window) or 45047 (count used)."""
        live = [window for window in self.by_openid.get(openid, {}).values() if window.expires_at > now]
        if not live:
            return CLOSED
        usable = [window for window in live if window.left > 0]
        if not usable:
            return USED_UP
        min(usable, key=lambda window: window.expires_at).left -= 1
        return 0

    def is_open(self, openid: str, now: float) -> bool:
        """Whether any window is still open, used up or not."""
        return any(window.expires_at > now for window in self.by_openid.get(openid, {}).values())


@dataclass(frozen=True)
class Ticket:
    """A parametric QR code. `expires_at` is None for a permanent one."""

    ticket: str
    scene: str
    is_text: bool
    expires_at: float | None
    url: str


@dataclass(frozen=True)
class Poster:
    """A printed poster in the world, for the phone's scan button: a code with a title."""

    title: str
    kind: str
    target: str
    image_url: str


@dataclass
class Ad:
    """A Moments advertisement: where its impressions and clicks are reported, and what it opens."""

    id: str
    campaign: str
    title: str
    image: str
    impression_url: str
    click_url: str
    path: str
    appid: str
    impressions: dict[str, str] = field(default_factory=dict)
    clicks: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Account:
    """What one Official Account has."""

    followers: dict[str, Follower] = field(default_factory=dict)
    windows: Windows = field(default_factory=Windows)
    menu: list[dict[str, Any]] | None = None
    tickets: dict[str, Ticket] = field(default_factory=dict)
    tags: dict[int, str] = field(default_factory=dict)
    typing: dict[str, float] = field(default_factory=dict)
    menus: Menus = field(default_factory=Menus)
    blacklist: dict[str, None] = field(default_factory=dict)
    log: list[Occurrence] = field(default_factory=list)
    service: CustomerService = field(default_factory=CustomerService)
    industries: tuple[int, int] = (1, 2)
    templates: dict[str, Template] = field(default_factory=dict)
    # (openid, client_msg_id) -> the template message sent and when
    template_keys: dict[tuple[str, str], tuple[int, float]] = field(default_factory=dict)
    # (openid, template_id, scene) -> the instant a one-off subscription ends
    one_off: dict[tuple[str, str, int], float] = field(default_factory=dict)
    materials: dict[str, Material] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)
    publications: dict[int, Publication] = field(default_factory=dict)
    publish_plan: list[int] = field(default_factory=list)
    broadcasts: Broadcasts = field(default_factory=Broadcasts)


@dataclass
class State:
    """Every Official Account of the world by appid, and what hangs outside of them: posters and ads."""

    accounts: dict[str, Account] = field(default_factory=dict)
    posters: list[Poster] = field(default_factory=list)
    ads: dict[str, Ad] = field(default_factory=dict)
    messages: int = 0
    quotas: QuotaBook = field(default_factory=QuotaBook)
    web: WebLogin = field(default_factory=WebLogin)
    # (appid, type) -> the JS-SDK ticket and when it ends
    tickets: dict[tuple[str, str], tuple[str, float]] = field(default_factory=dict)
    # The hour in Beijing from which yesterday's statistics are ready.
    ready_hour: int = 8

    def next_number(self) -> int:
        """A new number for messages, jobs and articles."""
        self.messages += 1
        return self.messages

    def of(self, appid: str) -> Account:
        """The account's own state, empty at first."""
        return self.accounts.setdefault(appid, Account())

    def ticket(self, ticket: str) -> tuple[str, Ticket] | None:
        """The appid and code of a ticket, whichever account made it."""
        for appid, account in self.accounts.items():
            if ticket in account.tickets:
                return appid, account.tickets[ticket]
        return None


def oa_of(world: World) -> State:
    """The Official Accounts' part of a world."""
    return world.state(State)
