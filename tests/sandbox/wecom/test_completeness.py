"""Every call that the protocol reference lists for customer contact and the archive is there, and survives nonsense."""

import json
import random
from typing import Any

import pytest

from seta_sandbox.evidence import MEANINGS, evidence_of
from seta_sandbox.wecom.routes import ROUTES
from tests.sandbox.wecom.doors import Doors

# Sections 6 and 7 of the protocol reference; `media/upload`, `uploadimg` and `get` are doors of every Tencent family.
CONTACT = """
GET get_follow_user_list, GET list, GET get, POST batch/get_by_user, POST remark,
POST add_contact_way, POST get_contact_way, POST list_contact_way, POST update_contact_way, POST del_contact_way,
POST get_corp_tag_list, POST add_corp_tag, POST edit_corp_tag, POST del_corp_tag, POST mark_tag,
POST customer_strategy/list, POST customer_strategy/get, POST customer_strategy/get_range,
POST customer_strategy/create, POST customer_strategy/edit, POST customer_strategy/del,
POST get_strategy_tag_list, POST add_strategy_tag, POST edit_strategy_tag, POST del_strategy_tag,
POST send_welcome_msg, POST add_msg_template, POST get_groupmsg_list_v2, POST get_groupmsg_task,
POST get_groupmsg_send_result, POST remind_groupmsg_send, POST cancel_groupmsg_send,
POST add_moment_task, POST get_moment_task_result, GET get_moment_task_result, POST get_moment_list,
POST get_moment_task, POST get_moment_customer_list, POST get_moment_send_result, POST get_moment_comments,
POST cancel_moment_task, POST add_intercept_rule, GET get_intercept_rule_list, POST get_intercept_rule,
POST update_intercept_rule, POST del_intercept_rule, POST add_product_album, POST get_product_album,
POST get_product_album_list, POST update_product_album, POST delete_product_album,
POST transfer_customer, POST transfer_result, POST resigned/transfer_customer, POST resigned/transfer_result,
POST get_unassigned_list, POST groupchat/list, POST groupchat/get, POST groupchat/statistic,
POST groupchat/statistic_group_by_day, POST groupchat/transfer, POST groupchat/onjob_transfer,
POST get_user_behavior_data
"""
AUDIT = """
POST get_permit_user_list, POST check_single_agree, POST check_room_agree, POST groupchat/get, GET get_robot_info
"""
OTHERS = [
    ("GET", "/cgi-bin/gettoken"),
    ("GET", "/cgi-bin/get_jsapi_ticket"),
    ("GET", "/cgi-bin/ticket/get"),
    ("POST", "/cgi-bin/message/send"),
    ("POST", "/cgi-bin/media/upload_attachment"),
    ("POST", "/_finance/chatdata"),
    ("POST", "/_finance/mediadata"),
]


def listed(text: str, folder: str) -> list[tuple[str, str]]:
    calls = [one.split() for one in text.replace("\n", " ").split(",")]
    return [(method, f"/cgi-bin/{folder}/{path}") for method, path in calls]


CALLS = [*listed(CONTACT, "externalcontact"), *listed(AUDIT, "msgaudit"), *OTHERS]
NONSENSE: list[Any] = [None, True, -1, 0, 2**70, 1e308, "", "x", "丝" * 5000, [], [None], [[]], {}, {"a": {}}]

# Names of the API's parameters.
NAMES = """
userid external_userid userid_list user type scene state style is_temp expires_in limit cursor tag_id
group_id group_name tag id name order add_tag remove_tag strategy_id strategy_name admin_list range privilege
welcome_code text attachments chat_type chat_id_list tag_filter sender allow_select start_time end_time
filter_type creator msgid jobid visible_range moment_id rule_name word_list semantics_list intercept_type
applicable_range rule_id extra_rule description price product_sn product_id handover_userid takeover_userid
page_size owner_filter status_filter chat_id day_begin_time day_end_time order_by offset new_owner partyid
info roomid touser agentid msgtype corpid secret seq sdkfileid indexbuf remark remark_mobiles
"""


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_call_of_the_reference_is_there(method: str, path: str) -> None:
    routes = [route for route in ROUTES if route.path == path and method in (route.methods or ())]

    assert len(routes) == 1
    assert (evidence_of(path) or ("",))[0] in MEANINGS


def test_nonsense_is_refused_with_an_errcode_and_never_a_server_error(doors: Doors) -> None:
    doors.befriend()
    rng, names = random.Random(7), NAMES.split()
    asked = [path for method, path in CALLS if method == "POST" and "upload" not in path]

    for path in asked * 12:
        body = {name: rng.choice(NONSENSE) for name in rng.sample(names, 24)}
        application = "archive" if "msgaudit" in path else "agent" if "message" in path else "contact"
        query = {"access_token": doors.token(application)}
        answer = doors.send("POST", path, params=query, content=json.dumps(body).encode())
        assert answer.status_code == 200, (path, body)
        assert isinstance(answer.json()["errcode"], int), (path, body)
