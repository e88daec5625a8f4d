"""WeCom's members, contact ways, relations, tags, group chats, mass sends, moments and the archive."""

from dataclasses import dataclass, field
from typing import Any

from seta_sandbox.kit.world import World

WELCOME_SECONDS = 20.0
ARCHIVE_SECONDS = 5 * 86_400.0
AGREE, DISAGREE, DEFAULT_AGREE = "Agree", "Disagree", "Default_Agree"


@dataclass
class Member:
    """A sales associate; `resigned_at` is set once they have left the company."""

    userid: str
    name: str
    resigned_at: int | None = None


@dataclass
class Settings:
    """What an administrator's console decides; the control action `wecom_settings` changes it."""

    # Addresses that may call (60020 for others); empty: every address may.
    allowed_ips: list[str] = field(default_factory=list)
    # Members outside the application's visible range (60011), not activated (41054), not verified (40098).
    hidden: list[str] = field(default_factory=list)
    inactive: list[str] = field(default_factory=list)
    unverified: list[str] = field(default_factory=list)
    # Members of whom no conversation is archived, and the archive's edition of the others (1, 2 or 3).
    unarchived: list[str] = field(default_factory=list)
    editions: dict[str, int] = field(default_factory=dict)
    # `on`, `off` (301053) or `expired` (301052).
    archive: str = "on"
    # The console greets by itself: events carry no WelcomeCode.
    own_welcome: bool = False
    # Greeting needs the customer's consent to the archive (41053).
    welcome_needs_consent: bool = False
    tags_max: int = 3000
    # Mass messages a customer receives: `month` (as many as the month has days), `week` (7) or `day` (1).
    mass_rule: str = "month"
    # Virtual seconds during which a mass message is being dispatched (41063) and a moment's job runs.
    dispatching_seconds: int = 0
    moment_job_seconds: int = 0
    # Customers a member can have; beyond that a transfer fails with `customer_limit_exceed`.
    customers_max: int = 20_000
    # The page of the chat's toolbar, as the console sets it; empty: the toolbar has none.
    sidebar_url: str = ""
    # Calls of one API in a minute before 45009; 0 counts nothing. WeCom's own number is 10,000.
    calls_a_minute: int = 0


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
    remark_pic_mediaid: str = ""
    tag_ids: list[str] = field(default_factory=list)
    talked_at: float = 0.0


@dataclass
class WelcomeCode:
    """The right to greet once, within 20 s of the event."""

    userid: str
    external_userid: str
    expires_at: float
    used: bool = False


@dataclass
class MemberCode:
    """A member's right to be known by a page, once."""

    userid: str
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
    """A prepared message that members must confirm.

    `tasks` maps each asked member to customers, or to group chats when `chat_type` is `group`; `sent` maps
    (member, customer or chat) to 0 unsent, 1 sent, 2 no longer a contact, 3 the customer's quota is used up.
    """

    msgid: str
    fields: dict[str, Any]
    created_at: int
    tasks: dict[str, list[str]]
    chat_type: str = "single"
    creator: str = ""
    cancelled: bool = False
    reminded: list[float] = field(default_factory=list)
    confirmed: dict[str, int] = field(default_factory=dict)
    sent: dict[tuple[str, str], int] = field(default_factory=dict)


@dataclass
class Moment:
    """A post for customers' Moments, prepared by the company (`creator` empty) or written by a member."""

    moment_id: str
    jobid: str
    fields: dict[str, Any]
    created_at: int
    senders: list[str]
    creator: str = ""
    invalid_senders: dict[str, list[Any]] = field(default_factory=dict)
    invalid_tags: list[str] = field(default_factory=list)
    cancelled: bool = False
    published: dict[str, int] = field(default_factory=dict)
    # (member, external_userid, `like` or `comment`, when)
    reactions: list[tuple[str, str, str, int]] = field(default_factory=list)


WAITING, TAKEN_OVER, REFUSED, LIMIT_REACHED = 2, 1, 3, 4


@dataclass
class Transfer:
    """A customer on the way from one member to another; `status` as transfer_result writes it."""

    handover: str
    takeover: str
    external_userid: str
    resigned: bool
    requested_at: float
    due_at: float
    message: str = ""
    status: int = WAITING
    takeover_at: int = 0


@dataclass
class GroupChat:
    """A group chat; `members` maps a userid or external_userid to how and when they joined.

    A chat without a customer is an internal one: it exists for the archive, not for customer contact.
    """

    chat_id: str
    name: str
    owner: str
    created_at: int
    external: bool = True
    notice: str = ""
    admins: list[str] = field(default_factory=list)
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    version: int = 1
    dismissed: bool = False


@dataclass
class State:
    """Everything this family remembers; a fresh one for every world."""

    members: list[Member] = field(
        default_factory=lambda: [Member("linyue", "林悦"), Member("marco.bassi", "Marco Bassi")]
    )
    settings: Settings = field(default_factory=Settings)
    contact_ways: dict[str, ContactWay] = field(default_factory=dict)
    relations: dict[tuple[str, str], Relation] = field(default_factory=dict)
    welcome_codes: dict[str, WelcomeCode] = field(default_factory=dict)
    tag_groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    deleted_tag_groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    strategies: dict[int, dict[str, Any]] = field(default_factory=dict)
    agreements: dict[tuple[str, str], Agreement] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    last_seq: int = 0
    publickey_ver: int = 1
    files: dict[str, bytes] = field(default_factory=dict)
    file_kept_at: dict[str, float] = field(default_factory=dict)
    notified_at: float = float("-inf")
    mass_sends: dict[str, MassSend] = field(default_factory=dict)
    mass_received: dict[str, list[float]] = field(default_factory=dict)
    moments: dict[str, Moment] = field(default_factory=dict)
    app_messages: list[dict[str, Any]] = field(default_factory=list)
    app_sent: dict[str, list[float]] = field(default_factory=dict)
    app_duplicates: dict[str, float] = field(default_factory=dict)
    intercept_rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    products: dict[str, dict[str, Any]] = field(default_factory=dict)
    transfers: list[Transfer] = field(default_factory=list)
    group_chats: dict[str, GroupChat] = field(default_factory=dict)
    # (when, what, member, customer or chat): what the statistics of members and chats are counted from.
    activity: list[tuple[float, str, str, str]] = field(default_factory=list)
    member_codes: dict[str, MemberCode] = field(default_factory=dict)
    # Whom each member's chat on screen is with, and the (member, address) of pages that agentConfig let in.
    open_chats: dict[str, str] = field(default_factory=dict)
    open_pages: set[tuple[str, str]] = field(default_factory=set)
    calls: dict[str, list[float]] = field(default_factory=dict)
    timers: set[Any] = field(default_factory=set)

    @property
    def staff(self) -> list[Member]:
        """The members who have not left."""
        return [member for member in self.members if member.resigned_at is None]

    def is_member(self, userid: str) -> bool:
        """Whether a member who has not left has that userid."""
        return any(member.userid == userid for member in self.staff)

    def member(self, userid: str) -> Member | None:
        """The member of that userid, also after they left."""
        return next((member for member in self.members if member.userid == userid), None)

    def agreement(self, userid: str, external_userid: str) -> Agreement:
        """The customer's answer; (K) before any answer the platform reports `Default_Agree`."""
        return self.agreements.get((userid, external_userid), Agreement(DEFAULT_AGREE, 0))


def wecom_of(world: World) -> State:
    """WeCom's part of a world."""
    return world.state(State)
