"""WeCom's mass messages and Moments: the company prepares, each member confirms, results are read afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seta.platforms.core.json_api import JsonApi
from seta.platforms.wecom.paging import read_pages

CUSTOMERS_MAX = 10_000
MASS_STATUSES = {0: "unsent", 1: "sent", 2: "not_a_contact", 3: "quota_used"}
_CONTACT = "/cgi-bin/externalcontact"
_JOB_DONE = 3


@dataclass(frozen=True)
class PreparedMass:
    """A mass message that waits for its members; `unreachable` customers are not part of it."""

    msgid: str
    unreachable: tuple[str, ...]


@dataclass(frozen=True)
class MassTask:
    """One member's part of a mass message; `sent_at` is unix seconds, None before they confirm."""

    userid: str
    sent_at: int | None


@dataclass(frozen=True)
class MassResult:
    """What became of one customer or group chat: `unsent`, `sent`, `not_a_contact` or `quota_used`."""

    target: str
    status: str
    sent_at: int | None


@dataclass(frozen=True)
class MomentJob:
    """A prepared Moments post: `moment_id` is empty until the job is done."""

    moment_id: str
    invalid_users: tuple[str, ...]

    @property
    def done(self) -> bool:
        """Whether the post is ready for its members."""
        return bool(self.moment_id)


@dataclass(frozen=True)
class Reactions:
    """The external_userids of those who commented on and liked a member's post."""

    comments: tuple[str, ...]
    likes: tuple[str, ...]


@dataclass(frozen=True)
class PersonalMoment:
    """A post that a member wrote without the company; `created_at` in Unix seconds, images by their media id."""

    moment_id: str
    creator: str
    created_at: int
    text: str
    media_ids: tuple[str, ...]


class Outreach:
    """Calls that `WeCom` offers for writing to many customers; nothing here sends without a member's hand."""

    _api: JsonApi

    def add_msg_template(
        self,
        *,
        sender: str,
        text: str,
        customers: Sequence[str] = (),
        attachments: Sequence[Mapping[str, Any]] = (),
        allow_select: bool = False,
    ) -> PreparedMass:
        """Prepare a message of one member to some of their customers, or to all; 41048 when nobody is left."""
        assert len(customers) <= CUSTOMERS_MAX
        payload: dict[str, Any] = {
            "chat_type": "single",
            "sender": sender,
            "text": {"content": text},
            "allow_select": allow_select,
        }
        if customers:
            payload["external_userid"] = list(customers)
        if attachments:
            payload["attachments"] = list(attachments)
        fields = self._api.post(f"{_CONTACT}/add_msg_template", payload)
        return PreparedMass(str(fields["msgid"]), tuple(map(str, fields.get("fail_list") or ())))

    def groupmsg_tasks(self, msgid: str) -> tuple[MassTask, ...]:
        """Who has confirmed a mass message and who has not."""
        rows = read_pages(self._api, f"{_CONTACT}/get_groupmsg_task", {"msgid": msgid}, "task_list")
        return tuple(MassTask(str(row["userid"]), _instant(row)) for row in rows)

    def groupmsg_results(self, msgid: str, userid: str) -> tuple[MassResult, ...]:
        """What became of one member's customers or group chats."""
        payload = {"msgid": msgid, "userid": userid}
        rows = read_pages(self._api, f"{_CONTACT}/get_groupmsg_send_result", payload, "send_list")
        return tuple(
            MassResult(
                str(row.get("external_userid") or row.get("chat_id")),
                MASS_STATUSES.get(int(row["status"]), "unknown"),
                _instant(row),
            )
            for row in rows
        )

    def remind_groupmsg_send(self, msgid: str) -> None:
        """Remind members who have not confirmed; three times in 24 hours."""
        self._api.post(f"{_CONTACT}/remind_groupmsg_send", {"msgid": msgid})

    def cancel_groupmsg_send(self, msgid: str) -> None:
        """Withdraw a mass message from members who have not confirmed."""
        self._api.post(f"{_CONTACT}/cancel_groupmsg_send", {"msgid": msgid}, idempotent=True)

    def add_moment_task(
        self,
        *,
        text: str,
        users: Sequence[str],
        tags: Sequence[str] = (),
        attachments: Sequence[Mapping[str, Any]] = (),
    ) -> str:
        """Prepare a post that these members may publish to their customers, or to those with one of `tags`.

        Returns the job, which is known for 24 hours (path/95094).
        """
        visible: dict[str, Any] = {"sender_list": {"user_list": list(users)}}
        if tags:
            visible["external_contact_list"] = {"tag_list": list(tags)}
        payload: dict[str, Any] = {"text": {"content": text}, "visible_range": visible}
        if attachments:
            payload["attachments"] = list(attachments)
        return str(self._api.post(f"{_CONTACT}/add_moment_task", payload)["jobid"])

    def moment_task_result(self, jobid: str) -> MomentJob:
        """Whether a prepared post is ready, and which of its members do not exist."""
        fields = self._api.get(f"{_CONTACT}/get_moment_task_result", jobid=jobid)
        result = fields.get("result") or {}
        wrong = (result.get("invalid_sender_list") or {}).get("user_list") or ()
        done = int(fields.get("status", 0)) == _JOB_DONE
        return MomentJob(str(result.get("moment_id", "")) if done else "", tuple(map(str, wrong)))

    def moment_publishers(self, moment_id: str) -> Mapping[str, bool]:
        """Each member of a post and whether they have published it."""
        rows = read_pages(self._api, f"{_CONTACT}/get_moment_task", {"moment_id": moment_id}, "task_list")
        return {str(row["userid"]): bool(row["publish_status"]) for row in rows}

    def moment_readers(self, moment_id: str, userid: str) -> tuple[str, ...]:
        """The customers to whom a member's published post is shown; 41062 before the member has published."""
        payload = {"moment_id": moment_id, "userid": userid}
        rows = read_pages(self._api, f"{_CONTACT}/get_moment_send_result", payload, "customer_list")
        return tuple(str(row["external_userid"]) for row in rows)

    def moment_comments(self, moment_id: str, userid: str) -> Reactions:
        """Who commented on and who liked a member's post."""
        payload = {"moment_id": moment_id, "userid": userid}
        fields = self._api.post(f"{_CONTACT}/get_moment_comments", payload, idempotent=True)
        comments, likes = (
            tuple(str(row["external_userid"]) for row in fields.get(name) or () if row.get("external_userid"))
            for name in ("comment_list", "like_list")
        )
        return Reactions(comments, likes)

    def personal_moments(self, *, start: int, end: int) -> tuple[PersonalMoment, ...]:
        """Posts that members wrote by themselves between two Unix times, at most 30 days apart (path/93333)."""
        payload = {"start_time": start, "end_time": end, "filter_type": 1, "limit": 20}
        rows = read_pages(self._api, f"{_CONTACT}/get_moment_list", payload, "moment_list")
        return tuple(
            PersonalMoment(
                str(row["moment_id"]),
                str(row.get("creator", "")),
                int(row["create_time"]),
                str((row.get("text") or {}).get("content", "")),
                tuple(str(image.get("media_id", "")) for image in row.get("image") or ()),
            )
            for row in rows
        )

    def upload_image(self, *, filename: str, content: bytes, media_type: str = "image/png") -> str:
        """Upload a picture for messages, kept three days by WeCom; returns its media id (path/90253)."""
        fields = self._api.upload(
            "/cgi-bin/media/upload",
            filename=filename,
            content=content,
            media_type=media_type,
            query={"type": "image"},
        )
        return str(fields["media_id"])

    def upload_moment_image(self, *, filename: str, content: bytes, media_type: str = "image/png") -> str:
        """Upload a picture for a post in Moments; returns its media id (path/95098)."""
        fields = self._api.upload(
            "/cgi-bin/media/upload_attachment",
            filename=filename,
            content=content,
            media_type=media_type,
            query={"media_type": "image", "attachment_type": "1"},
        )
        return str(fields["media_id"])

    def corp_tags(self) -> Mapping[str, str]:
        """The company's tags: name to id; of two tags with one name, the first group's."""
        rows = self._api.post(f"{_CONTACT}/get_corp_tag_list", {}, idempotent=True).get("tag_group") or ()
        found: dict[str, str] = {}
        for group in rows:
            for tag in group.get("tag") or ():
                found.setdefault(str(tag["name"]), str(tag["id"]))
        return found

    def add_corp_tags(self, *, group: str, names: Sequence[str]) -> Mapping[str, str]:
        """Make tags in a group that is found or made; returns name to id of those that are new."""
        payload = {"group_name": group, "tag": [{"name": name} for name in names]}
        made = self._api.post(f"{_CONTACT}/add_corp_tag", payload)["tag_group"]
        return {str(tag["name"]): str(tag["id"]) for tag in made.get("tag") or ()}

    def cancel_moment_task(self, moment_id: str) -> None:
        """Withdraw a post from members who have not published it."""
        self._api.post(f"{_CONTACT}/cancel_moment_task", {"moment_id": moment_id}, idempotent=True)


def _instant(row: Mapping[str, Any]) -> int | None:
    return int(row["send_time"]) if row.get("send_time") else None
