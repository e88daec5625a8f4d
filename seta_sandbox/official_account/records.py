"""What an Official Account keeps beside its followers: templates, materials, drafts, mass jobs, customer service."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Occurrence:
    """Something a follower did, for the statistics; `kind` is follow, unfollow or message."""

    at: float
    kind: str
    openid: str
    detail: str = ""


@dataclass(frozen=True)
class Conditional:
    """A personalised menu and whom it is shown to."""

    menuid: int
    buttons: list[dict[str, Any]]
    matchrule: dict[str, Any]


@dataclass
class Menus:
    """The default menu's id and the personalised menus, newest last: the newest that matches is shown."""

    menuid: int = 0
    conditional: list[Conditional] = field(default_factory=list)
    made: int = 0

    def next_id(self) -> int:
        """A new menu id."""
        self.made += 1
        return 400_000_000 + self.made


@dataclass
class KfAccount:
    """A customer-service worker. `online` is 0 (away) or 1 (web client)."""

    account: str
    nick: str
    kf_id: int
    wx: str = ""
    invite_wx: str = ""
    invite_expire: int = 0
    online: int = 0
    head: str = ""


@dataclass(frozen=True)
class KfRecord:
    """A line of the chat record; `opercode` as documented (2002 worker wrote, 2003 worker received, ...)."""

    openid: str
    opercode: int
    text: str
    time: int
    worker: str


@dataclass
class CustomerService:
    """Workers, sessions (openid -> (worker, since)), those who wait (openid -> (worker wished, since)), records."""

    workers: dict[str, KfAccount] = field(default_factory=dict)
    sessions: dict[str, tuple[str, int]] = field(default_factory=dict)
    waiting: dict[str, tuple[str, int]] = field(default_factory=dict)
    records: list[KfRecord] = field(default_factory=list)


@dataclass(frozen=True)
class Template:
    """A template message's template; `keywords` are the names in `{{name.DATA}}`."""

    template_id: str
    title: str
    content: str
    example: str = ""
    primary_industry: str = ""
    deputy_industry: str = ""


@dataclass(frozen=True)
class SubscribeTemplate:
    """A subscription notice's template; `kind` is 2 (one-off) or 3 (long-term). No keywords: any are taken."""

    template_id: str
    title: str
    content: str
    example: str
    kind: int = 2
    keywords: tuple[str, ...] = ()


@dataclass
class Material:
    """A permanent medium."""

    media_id: str
    kind: str
    name: str
    content_type: str
    body: bytes
    updated_at: int
    title: str = ""
    introduction: str = ""


@dataclass
class Draft:
    """Articles in the draft box."""

    media_id: str
    articles: list[dict[str, Any]]
    created_at: int
    updated_at: int


@dataclass
class Publication:
    """A publishing job; `status` 0 done, 1 running, 2 not original, 3 failed, 4 rejected, 5 deleted, 6 banned."""

    publish_id: int
    article_id: str
    media_id: str
    articles: list[dict[str, Any]]
    status: int
    at: int
    msg_data_id: int


@dataclass
class MassJob:
    """A broadcast; `status` is SEND_SUCCESS, SENDING, SEND_FAIL or DELETE."""

    msg_id: int
    msg_data_id: int
    status: str
    clientmsgid: str
    at: float
    to_all: bool
    kind: str


@dataclass
class Broadcasts:
    """The mass jobs, their speed and how many each follower got in a month (`(openid, "2026-11") -> count`)."""

    jobs: dict[int, MassJob] = field(default_factory=dict)
    speed: int = 0
    received: dict[tuple[str, str], int] = field(default_factory=dict)


@dataclass
class WebGrant:
    """What a consumer granted on the authorisation page; the code first, then the tokens it was exchanged for."""

    appid: str
    openid: str
    unionid: str
    scope: str
    person: str
    code_expires_at: float
    snapshot: bool = False
    code_used: bool = False
    access_expires_at: float = 0.0
    refresh_token: str = ""
    refresh_expires_at: float = 0.0


@dataclass
class WebLogin:
    """Authorisation codes, web access tokens and refresh tokens of all accounts."""

    codes: dict[str, WebGrant] = field(default_factory=dict)
    tokens: dict[str, tuple[WebGrant, float]] = field(default_factory=dict)
    refresh: dict[str, WebGrant] = field(default_factory=dict)
