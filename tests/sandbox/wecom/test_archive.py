"""The conversation archive: kinds of message, sequence numbers, rooms, revocation, files and consent."""

import base64
import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from seta_sandbox.kit.apps import WECOM
from seta_sandbox.wecom.archive_messages import FILE_KINDS, KINDS
from seta_sandbox.wecom.config import archive_key, secret
from tests.sandbox.wecom.doors import AUDIT, LIN, MARCO, Doors

DAY = 86_400
# The table of section 7 of the protocol reference: the fields that each kind's object has.
TABLE = {
    "text": "text: content",
    "image": "image: md5sum filesize sdkfileid",
    "agree": "agree: userid agree_time",
    "disagree": "disagree: userid disagree_time",
    "voice": "voice: md5sum voice_size play_length sdkfileid",
    "video": "video: md5sum filesize play_length sdkfileid",
    "card": "card: corpname userid",
    "location": "location: longitude latitude address title zoom",
    "emotion": "emotion: type width height imagesize md5sum sdkfileid",
    "file": "file: md5sum filename fileext filesize sdkfileid",
    "link": "link: title description link_url image_url",
    "weapp": "weapp: title description username displayname appid pagepath",
    "chatrecord": "chatrecord: title item",
    "todo": "todo: title content",
    "vote": "vote: votetitle voteitem votetype voteid",
    "collect": "collect: room_name creator create_time title details",
    "redpacket": "redpacket: type wish totalcnt totalamount",
    "external_redpacket": "redpacket: type wish totalcnt totalamount",
    "meeting": "meeting: topic starttime endtime address remarks meetingtype status meetingid",
    "meeting_notification": "info: meeting_id notification_type content",
    "docmsg": "doc: title doc_creator link_url",
    "markdown": "info: content",
    "news": "info: item",
    "calendar": "calendar: title creatorname attendeename starttime endtime place remarks",
    "mixed": "mixed: item",
    "meeting_voice_call": "meeting_voice_call: endtime sdkfileid demofiledata sharescreendata",
    "voip_doc_share": "voip_doc_share: filename md5sum filesize sdkfileid",
    "sphfeed": "sphfeed: feed_type sph_name feed_desc",
    "voiptext": "info: callduration invitetype",
    "qydiskfile": "info: filename url",
    "solitaire": "info: solitaire_type solitaire_content",
    "note": "info: items",
}


def finance(doors: Doors, call: str, **body: Any) -> dict[str, Any]:
    who = {"corpid": doors.world.app(WECOM).appid, "secret": secret(doors.world, "archive")}
    answer: dict[str, Any] = doors.send("POST", f"/_finance/{call}", json={**who, **body}).json()
    return answer


def records(doors: Doors, seq: int = 0, limit: int = 1000) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = finance(doors, "chatdata", seq=seq, limit=limit)["chatdata"]
    return rows


def opened(doors: Doors, record: dict[str, Any]) -> dict[str, Any]:
    key = doors.world.keys.rsa(archive_key(record["publickey_ver"]))
    random_key = key.decrypt(base64.b64decode(record["encrypt_random_key"]), padding.PKCS1v15())
    raw = base64.b64decode(record["encrypt_chat_msg"])
    cipher = Cipher(algorithms.AES(hashlib.sha256(random_key).digest()), modes.CBC(raw[:16])).decryptor()
    plain = cipher.update(raw[16:]) + cipher.finalize()
    message: dict[str, Any] = json.loads(plain[: -plain[-1]])
    return message


def test_every_kind_of_the_table_is_made_up_in_its_shape(doors: Doors) -> None:
    for kind in TABLE:
        doors.control("wecom_message", msgtype=kind, content="您好" if kind == "text" else None)

    messages = [opened(doors, record) for record in records(doors)]

    assert set(TABLE) == set(KINDS)
    for message, (kind, shape) in zip(messages, TABLE.items(), strict=True):
        key, names = shape.split(": ")
        assert message["msgtype"] == kind
        assert set(names.split()) <= set(message[key]), kind
        assert message["msgid"].endswith("_external")
    call, share = (
        messages[list(TABLE).index("meeting_voice_call")],
        messages[list(TABLE).index("voip_doc_share")],
    )
    assert ("roomid" in call, call["voiceid"][0], share["voipid"][0]) == (False, "v", "v")


def test_nested_contents_are_json_in_text(doors: Doors) -> None:
    doors.control("wecom_message", msgtype="mixed")
    doors.control("wecom_message", msgtype="chatrecord")

    mixed, record = (opened(doors, one) for one in records(doors))

    assert json.loads(mixed["mixed"]["item"][0]["content"]) == {"content": "您要的款式"}
    assert record["chatrecord"]["item"][1]["type"] == "ChatRecordImage"
    inner = json.loads(record["chatrecord"]["item"][1]["content"])
    assert finance(doors, "mediadata", sdkfileid=inner["sdkfileid"])["is_finish"] == 1


def test_what_is_given_goes_over_what_is_made_up(doors: Doors) -> None:
    doors.control("wecom_message", msgtype="docmsg", doc={"title": "尺码"})
    doors.control("wecom_message", msgtype="poem", poem={"line": "床前明月光"})

    first, second = (opened(doors, one) for one in records(doors))

    assert (first["doc"]["title"], "link_url" in first["doc"]) == ("尺码", True)
    assert second["poem"] == {"line": "床前明月光"}
    assert "needs its object" in doors.refused("wecom_message", msgtype="haiku")
    assert "needs `content`" in doors.refused("wecom_message")
    assert "base64" in doors.refused("wecom_message", msgtype="image", data="not base64!")
    assert "is an object" in doors.refused("wecom_message", msgtype="card", content="x")
    assert len(records(doors)) == 2


def test_a_message_is_recalled_and_a_device_switches(doors: Doors) -> None:
    said = doors.control("wecom_message", sender="sa", content="打错了")
    doors.control("wecom_message", sender="sa", action="recall", pre_msgid=said["msgid"])
    doors.control("archive_switch", userid=LIN)

    _, revoked, switched = (opened(doors, one) for one in records(doors))

    assert (revoked["action"], revoked["msgtype"]) == ("recall", "revoke")
    assert revoked["revoke"] == {"pre_msgid": said["msgid"]}
    assert {name: switched[name] for name in ("action", "user")} == {"action": "switch", "user": LIN}
    assert "msgtype" not in switched


def test_a_room_message_goes_to_all_others(doors: Doors) -> None:
    person = doors.person().external_userid
    outside = doors.control("create_group_chat", owner=LIN, members=[MARCO, person])["chat_id"]
    inside = doors.control("create_group_chat", owner=LIN, members=[MARCO])["chat_id"]
    doors.control("wecom_message", roomid=outside, sender=MARCO, content="欢迎")
    doors.control("wecom_message", roomid=inside, sender=LIN, content="排班")

    first, second = (opened(doors, one) for one in records(doors))

    assert (first["from"], first["tolist"], first["roomid"]) == (MARCO, [LIN, person], outside)
    assert second["tolist"] == [MARCO]
    assert (first["msgid"].endswith("_external"), second["msgid"].endswith("_external")) == (True, False)
    assert "not in the room" in doors.refused("wecom_message", roomid=inside, sender=person, content="x")


@pytest.mark.parametrize("body", [{"limit": 0}, {"limit": 1001}, {"seq": -1}, {"seq": "1"}, {"seq": 2**64}])
def test_wrong_numbers_are_10000(doors: Doors, body: dict[str, Any]) -> None:
    assert finance(doors, "chatdata", **{"seq": 0, "limit": 1, **body})["errcode"] == 10000


def test_five_days_are_kept_and_an_old_seq_starts_at_the_oldest(doors: Doors) -> None:
    for text in ("一", "二"):
        doors.control("wecom_message", content=text)
    doors.control("advance", seconds=4 * DAY)
    doors.control("wecom_message", content="三")
    doors.control("advance", seconds=1.5 * DAY)

    kept = [record["seq"] for record in records(doors)]
    doors.control("advance", seconds=5 * DAY)

    assert kept == [3]
    assert finance(doors, "chatdata", seq=1, limit=1)["errcode"] == 10010
    assert finance(doors, "chatdata", seq=3, limit=1)["chatdata"] == []


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_a_file_of_any_kind_is_fetched_whole(doors: Doors, kind: str) -> None:
    data = bytes(range(256)) * 2049
    doors.control("wecom_message", msgtype=kind, data=base64.b64encode(data).decode())
    message = opened(doors, records(doors)[0])[KINDS[kind][0]]

    first = finance(doors, "mediadata", sdkfileid=message["sdkfileid"])
    second = finance(doors, "mediadata", sdkfileid=message["sdkfileid"], indexbuf=first["outindexbuf"])

    whole = base64.b64decode(first["data"]) + base64.b64decode(second["data"])
    assert (first["is_finish"], first["outindexbuf"], second["is_finish"]) == (0, str(512 << 10), 1)
    assert whole == data
    assert message.get("md5sum", hashlib.md5(data).hexdigest()) == hashlib.md5(data).hexdigest()


def test_unknown_and_old_files_and_wrong_indexes_are_refused(doors: Doors) -> None:
    doors.control("wecom_message", msgtype="image")
    fileid = opened(doors, records(doors)[0])["image"]["sdkfileid"]

    codes = [
        finance(doors, "mediadata", sdkfileid="unknown")["errcode"],
        finance(doors, "mediadata", sdkfileid=fileid, indexbuf="-1")["errcode"],
    ]
    doors.control("advance", seconds=5 * DAY + 1)

    assert [*codes, finance(doors, "mediadata", sdkfileid=fileid)["errcode"]] == [10005, 10000, 10010]


def test_permitted_members_are_told_by_edition(doors: Doors) -> None:
    doors.control("wecom_settings", editions={MARCO: 1})

    def ids(**body: Any) -> list[str]:
        return list(doors.call(f"{AUDIT}/get_permit_user_list", {"x": 1, **body}, "archive")["ids"])

    assert (ids(), ids(type=1), ids(type=2), ids(type=3)) == ([LIN, MARCO], [MARCO], [], [LIN])
    assert doors.code(f"{AUDIT}/get_permit_user_list", {"type": 4}, "archive") == 40058
    doors.control("wecom_settings", unarchived=[MARCO])
    pair = {"userid": MARCO, "exteranalopenid": doors.person().external_userid}
    assert ids() == [LIN]
    assert doors.code(f"{AUDIT}/check_single_agree", {"info": [pair]}, "archive") == 301061
    assert doors.control("wecom_message", userid=MARCO, content="x")["archived"] is False


def test_agreement_is_asked_for_a_hundred_pairs_at_most(doors: Doors) -> None:
    pair = {"userid": LIN, "exteranalopenid": doors.person().external_userid}

    asked = doors.call(f"{AUDIT}/check_single_agree", {"info": [pair] * 100}, "archive")["agreeinfo"]

    assert (len(asked), asked[0]["agree_status"]) == (100, "Default_Agree")
    assert doors.code(f"{AUDIT}/check_single_agree", {"info": [pair] * 101}, "archive") == 301060
    assert doors.code(f"{AUDIT}/check_single_agree", {"info": ["x"]}, "archive") == 40058


@pytest.mark.parametrize(("state", "code"), [("off", 301053), ("expired", 301052)])
def test_an_archive_that_is_not_bought_says_so(doors: Doors, state: str, code: int) -> None:
    doors.control("wecom_settings", archive=state)

    assert doors.code(f"{AUDIT}/get_permit_user_list", {"type": 1}, "archive") == code
    assert finance(doors, "chatdata", seq=0, limit=1)["errcode"] == code
    assert doors.control("wecom_message", content="x")["archived"] is False


def test_a_robot_has_a_name(doors: Doors) -> None:
    known = doors.get(f"{AUDIT}/get_robot_info", "archive", robot_id="wbSericaGuide0001")

    assert known["data"]["name"] == "Serica 导购助手"
    assert doors.get(f"{AUDIT}/get_robot_info", "archive", robot_id="wb0")["errcode"] == 40058
