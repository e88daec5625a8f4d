"""WeCom's server API for one secret: contact ways, customers, welcome, messages, archive consent."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

import httpx

from seta.platforms.core.errors import ErrorKind, PlatformError
from seta.platforms.core.http import Request, Transport, shared_client
from seta.platforms.core.json_api import JsonApi, read_json
from seta.platforms.core.tokens import SHARED_TOKENS, Grant, TokenCache, TokenStore
from seta.platforms.wecom.outreach import Outreach
from seta.platforms.wecom.sidebar import TICKET_KINDS, Sidebar
from seta.platforms.wecom.supervision import Supervision

PLATFORM = "wecom"
BASE_URL = "https://qyapi.weixin.qq.com"
STATE_CHARS_MAX = 30
AGREE_PAIRS_MAX = 100
ATTACHMENTS_MAX = 9
_CONTACT = "/cgi-bin/externalcontact"


@dataclass(frozen=True)
class ContactWay:
    """A contact code: its id, the address of its picture, and whom it leads to."""

    config_id: str
    qr_code: str
    state: str = ""
    users: tuple[str, ...] = ()


@dataclass(frozen=True)
class FollowUser:
    """One member's relation with a customer; `created_at` is unix seconds, `add_way` WeCom's number."""

    userid: str
    remark: str
    created_at: int
    state: str
    add_way: int
    tag_ids: tuple[str, ...]


@dataclass(frozen=True)
class ExternalContact:
    """A customer and every member who has them as a contact."""

    external_userid: str
    name: str
    kind: int
    unionid: str
    avatar: str
    follow_users: tuple[FollowUser, ...]


@dataclass(frozen=True)
class AgreeState:
    """What one customer said to being archived with one member: Agree, Disagree or Default_Agree."""

    userid: str
    external_userid: str
    status: str
    changed_at: int

    @property
    def agreed(self) -> bool:
        """Whether content of this pair is delivered to the archive."""
        return self.status in ("Agree", "Default_Agree")


@dataclass(frozen=True)
class Sent:
    """What became of an application message; ids in `invalid` did not get it."""

    message_id: str
    invalid: tuple[str, ...]


class WeCom(Outreach, Sidebar, Supervision):
    """Typed calls under one corpid and one secret (each application has its own); raises PlatformError."""

    def __init__(
        self,
        *,
        corpid: str,
        secret: str,
        base_url: str = BASE_URL,
        http: httpx.Client | None = None,
        now: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
        tokens: TokenStore = SHARED_TOKENS,
    ) -> None:
        self.corpid = corpid
        self._secret = secret
        self._transport = Transport(platform=PLATFORM, base_url=base_url, http=http, now=now, pause=pause)
        key = (PLATFORM, self._transport.base_url, corpid, secret)
        self._tokens = tokens.cache(key, lambda: TokenCache(fetch=self.gettoken, now=now))
        self._api = JsonApi(transport=self._transport, tokens=self._tokens)
        self._tickets = {
            kind: tokens.cache((*key, kind), partial(self._ticket_cache, kind, now)) for kind in TICKET_KINDS
        }

    def gettoken(self, force: bool = False) -> Grant:
        """Ask for the token, bypassing the cache; WeCom repeats the same one while it lasts."""
        request = Request(
            "GET", "/cgi-bin/gettoken", query=(("corpid", self.corpid), ("corpsecret", self._secret))
        )
        fields = self._transport.call(
            request, lambda reply: read_json(reply, platform=PLATFORM), idempotent=True
        )
        return Grant(str(fields["access_token"]), int(fields["expires_in"]))

    def _ticket_cache(self, kind: str, now: Callable[[], float]) -> TokenCache:
        return TokenCache(fetch=lambda _forced: self.fetch_ticket(kind), now=now)

    def access_token(self) -> str:
        """Return the cached token, fetching it when needed; for the doctor and for tools."""
        return self._tokens.get()

    def add_contact_way(
        self, *, users: Sequence[str], state: str, remark: str = "", skip_verify: bool = True
    ) -> ContactWay:
        """Make a contact code for one member or several; `state` (30 characters) returns in the event."""
        if not users or len(state) > STATE_CHARS_MAX:
            raise ValueError(
                f"a contact way needs a member and a state of at most {STATE_CHARS_MAX} characters"
            )
        payload = {
            "type": 1 if len(users) == 1 else 2,
            "scene": 2,
            "remark": remark,
            "skip_verify": skip_verify,
            "state": state,
            "user": list(users),
        }
        fields = self._api.post(f"{_CONTACT}/add_contact_way", payload)
        return ContactWay(str(fields["config_id"]), str(fields.get("qr_code", "")), state, tuple(users))

    def code_picture(self, url: str) -> tuple[str, bytes]:
        """The picture of a contact code where WeCom keeps it: its content type and bytes; PlatformError."""
        try:
            answer = shared_client(url).get(url)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as problem:
            raise PlatformError(
                str(problem), platform=PLATFORM, code="PICTURE", kind=ErrorKind.UNREACHABLE
            ) from problem
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if answer.status_code != HTTPStatus.OK or kind not in ("image/png", "image/jpeg"):
            raise PlatformError("not a picture", platform=PLATFORM, code="PICTURE", kind=ErrorKind.INVALID)
        return kind, answer.content

    def get_contact_way(self, config_id: str) -> ContactWay:
        """Read a contact code back."""
        fields = self._api.post(f"{_CONTACT}/get_contact_way", {"config_id": config_id}, idempotent=True)
        way = fields["contact_way"]
        users = tuple(str(user) for user in way.get("user", ()))
        return ContactWay(
            str(way.get("config_id", config_id)),
            str(way.get("qr_code", "")),
            str(way.get("state", "")),
            users,
        )

    def del_contact_way(self, config_id: str) -> None:
        """Delete a contact code; its printed pictures stop working."""
        self._api.post(f"{_CONTACT}/del_contact_way", {"config_id": config_id})

    def externalcontact_get(self, external_userid: str) -> ExternalContact:
        """Read a customer with all following members (all pages); 84061 when no member has them."""
        first = self._api.get(f"{_CONTACT}/get", external_userid=external_userid)
        follows, cursor = list(first.get("follow_user", ())), first.get("next_cursor")
        while cursor:
            page = self._api.get(f"{_CONTACT}/get", external_userid=external_userid, cursor=str(cursor))
            follows += page.get("follow_user", ())
            cursor = page.get("next_cursor")
        return _contact(first["external_contact"], follows)

    def remark(self, *, userid: str, external_userid: str, remark: str, description: str = "") -> None:
        """Set the name and the note under which a member sees a customer."""
        payload = {
            "userid": userid,
            "external_userid": external_userid,
            "remark": remark,
            "description": description,
        }
        self._api.post(f"{_CONTACT}/remark", payload, idempotent=True)

    def mark_tag(
        self, *, userid: str, external_userid: str, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> None:
        """Add and remove company tags of a customer, by tag id, as seen by one member."""
        payload = {
            "userid": userid,
            "external_userid": external_userid,
            "add_tag": list(add),
            "remove_tag": list(remove),
        }
        self._api.post(f"{_CONTACT}/mark_tag", payload, idempotent=True)

    def send_welcome_msg(
        self, *, welcome_code: str, text: str, attachments: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        """Greet a new contact, once and within 20 s of the event: 41050 too late, 41051 already greeted."""
        assert len(attachments) <= ATTACHMENTS_MAX
        payload: dict[str, Any] = {"welcome_code": welcome_code, "text": {"content": text}}
        if attachments:
            payload["attachments"] = list(attachments)
        self._api.post(f"{_CONTACT}/send_welcome_msg", payload)

    def message_send(
        self, *, users: Sequence[str], agentid: int, text: str = "", content: Mapping[str, Any] | None = None
    ) -> Sent:
        """Send members a message from the application: plain text, or `content` like {"textcard": {...}}."""
        body = dict(content) if content else {"text": {"content": text}}
        assert len(body) == 1 and users
        payload = {"touser": "|".join(users), "msgtype": next(iter(body)), "agentid": agentid, **body}
        fields = self._api.post("/cgi-bin/message/send", payload)
        names = ("invaliduser", "unlicenseduser")
        refused = [user for name in names for user in str(fields.get(name) or "").split("|") if user]
        return Sent(str(fields.get("msgid", "")), tuple(refused))

    def permit_users(self, edition: int | None = None) -> tuple[str, ...]:
        """Return the members whose conversations are archived; needs the archive's secret.

        `edition` 1 (office), 2 (service) or 3 (enterprise) asks for those alone.
        """
        payload = {} if edition is None else {"type": edition}
        fields = self._api.post("/cgi-bin/msgaudit/get_permit_user_list", payload, idempotent=True)
        return tuple(str(userid) for userid in fields.get("ids", ()))

    def check_single_agree(self, pairs: Sequence[tuple[str, str]]) -> tuple[AgreeState, ...]:
        """Return the consent of (userid, external_userid) pairs, 100 at a time; needs the archive's secret.

        A pair without an answer has not been asked yet and is left out by WeCom.
        """
        found: list[AgreeState] = []
        for start in range(0, len(pairs), AGREE_PAIRS_MAX):
            # The misspelt field is WeCom's own.
            info = [
                {"userid": userid, "exteranalopenid": external}
                for userid, external in pairs[start : start + AGREE_PAIRS_MAX]
            ]
            fields = self._api.post("/cgi-bin/msgaudit/check_single_agree", {"info": info}, idempotent=True)
            found += [
                AgreeState(
                    str(row["userid"]),
                    str(row["exteranalopenid"]),
                    str(row["agree_status"]),
                    int(row.get("status_change_time", 0)),
                )
                for row in fields.get("agreeinfo", ())
            ]
        return tuple(found)


def _contact(contact: Mapping[str, Any], follows: Sequence[Mapping[str, Any]]) -> ExternalContact:
    return ExternalContact(
        external_userid=str(contact["external_userid"]),
        name=str(contact.get("name", "")),
        kind=int(contact.get("type", 1)),
        unionid=str(contact.get("unionid", "")),
        avatar=str(contact.get("avatar", "")),
        follow_users=tuple(
            FollowUser(
                userid=str(row["userid"]),
                remark=str(row.get("remark", "")),
                created_at=int(row.get("createtime", 0)),
                state=str(row.get("state", "")),
                add_way=int(row.get("add_way", 0)),
                tag_ids=tuple(str(tag["tag_id"]) for tag in row.get("tags", ()) if tag.get("tag_id")),
            )
            for row in follows
        ),
    )
