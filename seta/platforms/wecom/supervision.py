"""WeCom's rules for members and their customers: intercept rules, hand-overs, group chats, daily figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seta.platforms.core.json_api import JsonApi
from seta.platforms.wecom.paging import read_pages

RULES_MAX, WORDS_MAX, WORD_CHARS_MAX, NAME_CHARS_MAX = 100, 300, 32, 20
CUSTOMERS_MAX = 100
TRANSFER_STATUSES = {1: "taken_over", 2: "waiting", 3: "refused", 4: "limit_reached"}
SEMANTICS = {"phone": 1, "email": 2, "red_packet": 3}
_CONTACT = "/cgi-bin/externalcontact"
_BLOCK, _WARN = 1, 2


@dataclass(frozen=True)
class InterceptRule:
    """Words and kinds of data (`phone`, `email`, `red_packet`) that members are stopped or warned at.

    Two rules are equal when WeCom would act the same, so that what should be can be compared with what is.
    """

    name: str
    words: frozenset[str]
    users: frozenset[str]
    departments: frozenset[int] = frozenset()
    semantics: frozenset[str] = frozenset()
    blocks: bool = True

    def __post_init__(self) -> None:
        """Refuse with ValueError what WeCom would refuse."""
        if not 1 <= len(self.name) <= NAME_CHARS_MAX:
            raise ValueError(f"a rule's name has 1 to {NAME_CHARS_MAX} characters")
        if not 1 <= len(self.words) <= WORDS_MAX:
            raise ValueError(f"a rule has 1 to {WORDS_MAX} words")
        if not all(1 <= len(word) <= WORD_CHARS_MAX for word in self.words):
            raise ValueError(f"a rule's word has 1 to {WORD_CHARS_MAX} characters")
        if not self.users and not self.departments:
            raise ValueError("a rule applies to a member or a department")
        if not self.semantics <= set(SEMANTICS):
            raise ValueError(f"semantics are {', '.join(SEMANTICS)}")


@dataclass(frozen=True)
class TransferState:
    """How far a customer's hand-over is; `at` is unix seconds, in the future while it waits, 0 when it failed."""

    external_userid: str
    status: str
    at: int


@dataclass(frozen=True)
class ChatCard:
    """A group chat: its owner's userid and the ids of all who are in it."""

    chat_id: str
    name: str
    owner: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class DayFigures:
    """What members did in one Beijing day that begins at `day` (unix seconds)."""

    day: int
    chats: int
    messages: int
    new_contacts: int
    deleted_by_customers: int


class Supervision:
    """Calls that `WeCom` offers to those who are responsible for its members."""

    _api: JsonApi

    def add_intercept_rule(self, rule: InterceptRule) -> str:
        """Make a rule and return its id; a company has 100 at most."""
        payload = {
            "rule_name": rule.name,
            "word_list": sorted(rule.words),
            "semantics_list": _semantics(rule),
            "intercept_type": _BLOCK if rule.blocks else _WARN,
            "applicable_range": _range(rule.users, rule.departments),
        }
        return str(self._api.post(f"{_CONTACT}/add_intercept_rule", payload)["rule_id"])

    def intercept_rules(self) -> Mapping[str, InterceptRule]:
        """Every rule by its id, each read whole."""
        rows = self._api.get(f"{_CONTACT}/get_intercept_rule_list").get("rule_list") or ()
        return {str(row["rule_id"]): self.intercept_rule(str(row["rule_id"])) for row in rows}

    def intercept_rule(self, rule_id: str) -> InterceptRule:
        """Read one rule."""
        fields = self._api.post(f"{_CONTACT}/get_intercept_rule", {"rule_id": rule_id}, idempotent=True)
        row = fields["rule"]
        kinds = {number: name for name, number in SEMANTICS.items()}
        found = (row.get("extra_rule") or {}).get("semantics_list") or ()
        applicable = row.get("applicable_range") or {}
        return InterceptRule(
            name=str(row["rule_name"]),
            words=frozenset(map(str, row.get("word_list") or ())),
            users=frozenset(map(str, applicable.get("user_list") or ())),
            departments=frozenset(map(int, applicable.get("department_list") or ())),
            semantics=frozenset(kinds[number] for number in found if number in kinds),
            blocks=int(row["intercept_type"]) == _BLOCK,
        )

    def update_intercept_rule(self, rule_id: str, *, before: InterceptRule, after: InterceptRule) -> None:
        """Turn a rule that is `before` into `after`; of those it applies to, only the difference is sent."""
        payload: dict[str, Any] = {
            "rule_id": rule_id,
            "rule_name": after.name,
            "word_list": sorted(after.words),
            "extra_rule": {"semantics_list": _semantics(after)},
            "intercept_type": _BLOCK if after.blocks else _WARN,
        }
        for name, one, other in (("add", after, before), ("remove", before, after)):
            users, departments = one.users - other.users, one.departments - other.departments
            if users or departments:
                payload[f"{name}_applicable_range"] = _range(users, departments)
        self._api.post(f"{_CONTACT}/update_intercept_rule", payload, idempotent=True)

    def del_intercept_rule(self, rule_id: str) -> None:
        """Delete a rule."""
        self._api.post(f"{_CONTACT}/del_intercept_rule", {"rule_id": rule_id})

    def transfer_customers(
        self, *, handover: str, takeover: str, customers: Sequence[str], resigned: bool = False
    ) -> Mapping[str, int]:
        """Ask for customers to pass to another member; each answer is 0 (begun, done in 24 hours) or an errcode."""
        answers: dict[str, int] = {}
        path = f"{_CONTACT}/{'resigned/' if resigned else ''}transfer_customer"
        for start in range(0, len(customers), CUSTOMERS_MAX):
            payload = {
                "handover_userid": handover,
                "takeover_userid": takeover,
                "external_userid": list(customers[start : start + CUSTOMERS_MAX]),
            }
            rows = self._api.post(path, payload).get("customer") or ()
            answers |= {str(row["external_userid"]): int(row["errcode"]) for row in rows}
        return answers

    def transfer_states(
        self, *, handover: str, takeover: str, resigned: bool = False
    ) -> tuple[TransferState, ...]:
        """How far every hand-over between two members is."""
        path = f"{_CONTACT}/{'resigned/' if resigned else ''}transfer_result"
        payload = {"handover_userid": handover, "takeover_userid": takeover}
        return tuple(
            TransferState(
                str(row["external_userid"]),
                TRANSFER_STATUSES.get(int(row["status"]), "unknown"),
                int(row.get("takeover_time", 0)),
            )
            for row in read_pages(self._api, path, payload, "customer")
        )

    def unassigned_customers(self) -> tuple[tuple[str, str], ...]:
        """(userid, external_userid) of customers whose member has left."""
        rows = read_pages(self._api, f"{_CONTACT}/get_unassigned_list", {"page_size": 1000}, "info")
        return tuple((str(row["handover_userid"]), str(row["external_userid"])) for row in rows)

    def group_chats(self, owners: Sequence[str] = ()) -> tuple[str, ...]:
        """The ids of the group chats with customers, of some owners or all."""
        payload: dict[str, Any] = {"status_filter": 0, "limit": 1000}
        if owners:
            payload["owner_filter"] = {"userid_list": list(owners)}
        rows = read_pages(self._api, f"{_CONTACT}/groupchat/list", payload, "group_chat_list")
        return tuple(str(row["chat_id"]) for row in rows)

    def group_chat(self, chat_id: str) -> ChatCard:
        """Read a group chat with customers."""
        payload = {"chat_id": chat_id, "need_name": 1}
        row = self._api.post(f"{_CONTACT}/groupchat/get", payload, idempotent=True)["group_chat"]
        members = tuple(str(one["userid"]) for one in row.get("member_list") or ())
        return ChatCard(str(row["chat_id"]), str(row.get("name", "")), str(row["owner"]), members)

    def room_agreements(self, roomid: str) -> Mapping[str, str]:
        """What each customer of a group chat said to being archived; needs the archive's secret."""
        fields = self._api.post("/cgi-bin/msgaudit/check_room_agree", {"roomid": roomid}, idempotent=True)
        return {
            str(row["exteranalopenid"]): str(row["agree_status"]) for row in fields.get("agreeinfo") or ()
        }

    def behaviour(self, users: Sequence[str], *, start: int, end: int) -> tuple[DayFigures, ...]:
        """What members did day by day; unix seconds, at most 30 days apart, of the last 180 days."""
        payload = {"userid": list(users), "start_time": start, "end_time": end}
        fields = self._api.post(f"{_CONTACT}/get_user_behavior_data", payload, idempotent=True)
        return tuple(
            DayFigures(
                int(row["stat_time"]),
                int(row.get("chat_cnt", 0)),
                int(row.get("message_cnt", 0)),
                int(row.get("new_contact_cnt", 0)),
                int(row.get("negative_feedback_cnt", 0)),
            )
            for row in fields.get("behavior_data") or ()
        )


def _semantics(rule: InterceptRule) -> list[int]:
    return sorted(SEMANTICS[name] for name in rule.semantics)


def _range(users: frozenset[str], departments: frozenset[int]) -> dict[str, list[Any]]:
    return {"user_list": sorted(users), "department_list": sorted(departments)}
