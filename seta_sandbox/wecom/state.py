"""WeCom's members, contact ways, relations, tags, mass sends, moments and the conversation archive."""

from dataclasses import dataclass, field
from typing import Any

WELCOME_SECONDS = 20.0
ARCHIVE_SECONDS = 5 * 86_400.0
AGREE, DISAGREE, DEFAULT_AGREE = "Agree", "Disagree", "Default_Agree"


@dataclass(frozen=True)
class Member:
    """A sales associate."""

    userid: str
    name: str


@dataclass
class ContactWay:
    """A "contact me" code: who is added by scanning it, and with which state."""

    config_id: str
    fields: dict[str, Any]
    created_at: int
    url: str

    @property
    def users(self) -> list[str]:
        """The members it adds."""
        return [str(userid) for userid in self.fields.get("user", [])]


@dataclass
class Relation:
    """A member and a customer who have each other as contacts."""

    userid: str
    external_userid: str
    created_at: int
    state: str = ""
    add_way: int = 1
    remark: str = ""
    description: str = ""
    remark_company: str = ""
    remark_mobiles: list[str] = field(default_factory=list)
    tag_ids: list[str] = field(default_factory=list)


@dataclass
class WelcomeCode:
    """The right to greet once, within 20 s of the event."""

    userid: str
    external_userid: str
    expires_at: float
    used: bool = False


@dataclass
class Agreement:
    """A customer's answer to "this conversation is archived"."""

    status: str
    changed_at: int


@dataclass(frozen=True)
class Record:
    """One archived message as GetChatData gives it out, and when it was kept."""

    seq: int
    msgid: str
    kept_at: float
    publickey_ver: int
    encrypt_random_key: str
    encrypt_chat_msg: str


@dataclass
class MassSend:
    """A prepared message that members must confirm; `sent` maps external_userid to status 0, 1 or 2."""

    msgid: str
    fields: dict[str, Any]
    created_at: int
    tasks: dict[str, list[str]]
    confirmed: dict[str, int] = field(default_factory=dict)
    sent: dict[tuple[str, str], int] = field(default_factory=dict)


@dataclass
class Moment:
    """A post for customers' Moments, prepared by the company or written by a member."""

    moment_id: str
    jobid: str
    fields: dict[str, Any]
    created_at: int
    senders: list[str]
    published: dict[str, int] = field(default_factory=dict)


@dataclass
class State:
    """Everything this family remembers; a fresh one for every world."""

    members: list[Member] = field(
        default_factory=lambda: [Member("linyue", "林悦"), Member("marco.bassi", "Marco Bassi")]
    )
    contact_ways: dict[str, ContactWay] = field(default_factory=dict)
    relations: dict[tuple[str, str], Relation] = field(default_factory=dict)
    welcome_codes: dict[str, WelcomeCode] = field(default_factory=dict)
    tag_groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    agreements: dict[tuple[str, str], Agreement] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    last_seq: int = 0
    publickey_ver: int = 1
    files: dict[str, bytes] = field(default_factory=dict)
    notified_at: float = float("-inf")
    mass_sends: dict[str, MassSend] = field(default_factory=dict)
    moments: dict[str, Moment] = field(default_factory=dict)
    app_messages: list[dict[str, Any]] = field(default_factory=list)

    def is_member(self, userid: str) -> bool:
        """Whether a member has that userid."""
        return any(member.userid == userid for member in self.members)

    def agreement(self, userid: str, external_userid: str) -> Agreement:
        """The customer's answer; (K) before any answer the platform reports `Default_Agree`."""
        return self.agreements.get((userid, external_userid), Agreement(DEFAULT_AGREE, 0))
