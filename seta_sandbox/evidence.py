"""Every endpoint of the sandbox on one page, each with what its behaviour rests on."""

from collections.abc import Mapping, Sequence
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from seta_sandbox.judged import JUDGED
from seta_sandbox.official_account.evidence_rows import DOCUMENTED, OWN_PAGES, SHARED

VECTOR = "vector-checked"
SDK = "SDK-checked"
DOC = "doc-checked"
MEMORY = "from memory"
OWN = "the sandbox's own"
MEANINGS = {
    VECTOR: "its bytes equal published test vectors",
    SDK: "an SDK written by others, unmodified, calls it in a test",
    DOC: "written from the official documentation; no outside program has judged it",
    MEMORY: "known practice that was not found in today's documentation",
    OWN: "no provider has it; it stands for a library or a picture host",
}
CONTACT = "/cgi-bin/externalcontact"

EVIDENCE: dict[str, tuple[str, str]] = {
    "/cgi-bin/token": (SDK, "wechatpy; the five minutes' overlap is from memory"),
    "/cgi-bin/stable_token": (DOC, "normal and forced mode, 20 a day, 30 s apart"),
    "/cgi-bin/ticket/getticket": (DOC, ""),
    "/cgi-bin/getcallbackip": (DOC, ""),
    "/cgi-bin/get_api_domain_ip": (DOC, ""),
    "/cgi-bin/user/info": (SDK, "wechatpy"),
    "/cgi-bin/user/info/batchget": (SDK, "wechatpy"),
    "/cgi-bin/user/get": (SDK, "wechatpy"),
    "/cgi-bin/user/info/updateremark": (DOC, ""),
    "/cgi-bin/tags/create": (SDK, "wechatpy"),
    "/cgi-bin/tags/get": (DOC, ""),
    "/cgi-bin/tags/delete": (DOC, ""),
    "/cgi-bin/tags/members/batchtagging": (SDK, "wechatpy"),
    "/cgi-bin/tags/members/batchuntagging": (DOC, ""),
    "/cgi-bin/qrcode/create": (SDK, "wechatpy"),
    "/cgi-bin/showqrcode": (SDK, "wechatpy"),
    "/cgi-bin/media/upload": (SDK, "wechatpy; the size of thumbs is from memory"),
    "/cgi-bin/media/uploadimg": (DOC, ""),
    "/cgi-bin/media/get": (SDK, "wechatpy"),
    "/_media/{media_id}": (OWN, "stands for WeChat's picture host"),
    "/cgi-bin/menu/create": (SDK, "wechatpy"),
    "/cgi-bin/menu/get": (SDK, "wechatpy"),
    "/cgi-bin/menu/delete": (SDK, "wechatpy"),
    "/cgi-bin/message/custom/send": (SDK, "wechatpy; windows as documented today"),
    "/cgi-bin/message/custom/typing": (DOC, ""),
    "/cgi-bin/message/template/send": (SDK, "wechatpy"),
    "/sns/jscode2session": (SDK, "wechatpy"),
    "/wxa/checksession": (DOC, ""),
    "/wxa/resetusersessionkey": (DOC, ""),
    "/wxa/business/getuserphonenumber": (SDK, "wechatpy"),
    "/wxa/getwxacodeunlimit": (SDK, "wechatpy; the picture is a QR code, not WeChat's round code"),
    "/_wxacode/{id}.png": (OWN, "a printed mini program code"),
    "/cgi-bin/message/subscribe/send": (SDK, "wechatpy; value rules doc-checked"),
    "/cgi-bin/gettoken": (SDK, "wechatpy; the same token within its validity is from memory"),
    "/cgi-bin/get_jsapi_ticket": (DOC, ""),
    "/cgi-bin/ticket/get": (DOC, ""),
    f"{CONTACT}/add_contact_way": (SDK, "wechatpy"),
    f"{CONTACT}/get_contact_way": (DOC, ""),
    f"{CONTACT}/list_contact_way": (DOC, ""),
    f"{CONTACT}/update_contact_way": (DOC, ""),
    f"{CONTACT}/del_contact_way": (DOC, ""),
    "/_wecom/qr/{config_id}.png": (OWN, "stands for WeCom's picture host"),
    f"{CONTACT}/get_follow_user_list": (DOC, ""),
    f"{CONTACT}/list": (SDK, "wechatpy"),
    f"{CONTACT}/get": (SDK, "wechatpy"),
    f"{CONTACT}/batch/get_by_user": (DOC, ""),
    f"{CONTACT}/remark": (DOC, "the lengths of its texts are from memory"),
    f"{CONTACT}/mark_tag": (DOC, ""),
    f"{CONTACT}/add_corp_tag": (DOC, ""),
    f"{CONTACT}/get_corp_tag_list": (DOC, ""),
    f"{CONTACT}/del_corp_tag": (DOC, ""),
    f"{CONTACT}/edit_corp_tag": (DOC, ""),
    f"{CONTACT}/customer_strategy/list": (DOC, ""),
    f"{CONTACT}/customer_strategy/get": (DOC, ""),
    f"{CONTACT}/customer_strategy/get_range": (DOC, ""),
    f"{CONTACT}/customer_strategy/create": (DOC, ""),
    f"{CONTACT}/customer_strategy/edit": (DOC, ""),
    f"{CONTACT}/customer_strategy/del": (DOC, ""),
    f"{CONTACT}/get_strategy_tag_list": (DOC, ""),
    f"{CONTACT}/add_strategy_tag": (DOC, ""),
    f"{CONTACT}/edit_strategy_tag": (DOC, ""),
    f"{CONTACT}/del_strategy_tag": (DOC, ""),
    f"{CONTACT}/send_welcome_msg": (SDK, "wechatpy"),
    "/cgi-bin/message/send": (SDK, "wechatpy"),
    f"{CONTACT}/add_msg_template": (DOC, ""),
    f"{CONTACT}/get_groupmsg_task": (DOC, ""),
    f"{CONTACT}/get_groupmsg_send_result": (MEMORY, "the numbers of its statuses"),
    f"{CONTACT}/get_groupmsg_list_v2": (DOC, ""),
    f"{CONTACT}/cancel_groupmsg_send": (DOC, ""),
    f"{CONTACT}/remind_groupmsg_send": (DOC, "the code of a fourth reminder is from memory"),
    f"{CONTACT}/add_moment_task": (DOC, ""),
    f"{CONTACT}/get_moment_task_result": (DOC, ""),
    f"{CONTACT}/get_moment_task": (DOC, ""),
    f"{CONTACT}/get_moment_list": (DOC, ""),
    f"{CONTACT}/get_moment_customer_list": (DOC, ""),
    f"{CONTACT}/get_moment_send_result": (DOC, ""),
    f"{CONTACT}/get_moment_comments": (DOC, ""),
    f"{CONTACT}/cancel_moment_task": (DOC, ""),
    f"{CONTACT}/add_intercept_rule": (DOC, "the code of the 101st rule is from memory"),
    f"{CONTACT}/get_intercept_rule_list": (DOC, ""),
    f"{CONTACT}/get_intercept_rule": (DOC, ""),
    f"{CONTACT}/update_intercept_rule": (DOC, ""),
    f"{CONTACT}/del_intercept_rule": (DOC, ""),
    f"{CONTACT}/add_product_album": (DOC, ""),
    f"{CONTACT}/get_product_album": (DOC, ""),
    f"{CONTACT}/get_product_album_list": (DOC, ""),
    f"{CONTACT}/update_product_album": (DOC, ""),
    f"{CONTACT}/delete_product_album": (DOC, ""),
    f"{CONTACT}/groupchat/list": (DOC, ""),
    f"{CONTACT}/groupchat/get": (DOC, ""),
    f"{CONTACT}/groupchat/statistic": (DOC, ""),
    f"{CONTACT}/groupchat/statistic_group_by_day": (DOC, ""),
    f"{CONTACT}/groupchat/transfer": (DOC, ""),
    f"{CONTACT}/groupchat/onjob_transfer": (DOC, ""),
    f"{CONTACT}/transfer_customer": (DOC, "what the successor inherits is from memory"),
    f"{CONTACT}/transfer_result": (DOC, ""),
    f"{CONTACT}/resigned/transfer_customer": (DOC, ""),
    f"{CONTACT}/resigned/transfer_result": (DOC, ""),
    f"{CONTACT}/get_unassigned_list": (DOC, ""),
    f"{CONTACT}/get_user_behavior_data": (DOC, ""),
    "/cgi-bin/media/upload_attachment": (DOC, ""),
    "/cgi-bin/auth/getuserinfo": (DOC, ""),
    "/_wecom/jweixin.js": (OWN, "stands for jweixin and jwxwork"),
    "/_wecom/js": (OWN, "stands for the client around a page"),
    "/_finance/chatdata": (
        OWN,
        "stands for GetChatData; key wrapping doc-checked, inner cipher ours, messages read by pywecomarchive",
    ),
    "/cgi-bin/msgaudit/check_room_agree": (DOC, ""),
    "/cgi-bin/msgaudit/groupchat/get": (DOC, "the code of a room of strangers is from memory"),
    "/cgi-bin/msgaudit/get_robot_info": (DOC, ""),
    "/_finance/mediadata": (OWN, "stands for GetMediaData"),
    "/cgi-bin/msgaudit/get_permit_user_list": (DOC, ""),
    "/cgi-bin/msgaudit/check_single_agree": (DOC, "Default_Agree before any answer is from memory"),
    "/v3/certificates": (SDK, "wechatpayv3"),
    "/v3/pay/transactions/jsapi": (SDK, "wechatpayv3"),
    "/v3/pay/transactions/native": (SDK, "wechatpayv3"),
    "/v3/pay/transactions/app": (DOC, ""),
    "/v3/pay/transactions/h5": (DOC, ""),
    "/v3/pay/transactions/codepay": (SDK, "wechatpayv3"),
    "/v3/pay/transactions/out-trade-no/{out_trade_no}": (SDK, "wechatpayv3"),
    "/v3/pay/transactions/id/{transaction_id}": (SDK, "wechatpayv3"),
    "/v3/pay/transactions/out-trade-no/{out_trade_no}/close": (SDK, "wechatpayv3"),
    "/v3/pay/transactions/out-trade-no/{out_trade_no}/reverse": (DOC, ""),
    "/v3/refund/domestic/refunds": (SDK, "wechatpayv3"),
    "/v3/refund/domestic/refunds/{out_refund_no}": (SDK, "wechatpayv3"),
    "/v3/bill/tradebill": (SDK, "wechatpayv3"),
    "/v3/bill/fundflowbill": (DOC, ""),
    "/v3/billdownload/file": (SDK, "wechatpayv3"),
    "/pay/queryexchagerate": (DOC, "v2, XML; the refusals' texts are from memory"),
    "/gateway.do": (DOC, "every Alipay method goes through it"),
    "/downloadBillFile.resource": (DOC, ""),
    "/_antom/settlements/{name}": (OWN, "stands for Antom's file server"),
}
# What an SDK has judged stands above; the rest of these families is filled in.
EVIDENCE = {path: (DOC, note) for path, note in DOCUMENTED.items()} | EVIDENCE
EVIDENCE |= {path: (OWN, note) for path, note in OWN_PAGES.items()}
# Families of paths that one entry describes.
PREFIXES: dict[str, tuple[str, str]] = {
    "/v3/global/": (DOC, "WeChat Pay for merchants abroad"),
    "/ams/": (DOC, "Antom; signatures and names as its SDKs write and read them"),
}
PREFIXES |= {prefix: (DOC, note) for prefix, note in SHARED.items()}
PUSHES: dict[str, tuple[str, str]] = {
    "Official Account and mini program callbacks": (
        VECTOR,
        "also opened and answered by wechatpy and WeRoBot",
    ),
    "WeCom callbacks": (VECTOR, "also opened by wechatpy"),
    "Retries": (DOC, "three attempts; the five seconds between them are from memory"),
    "WeChat Pay notifications": (
        DOC,
        "15 repeats within 24 h 4 min; the prefix of signature probes is from memory",
    ),
    "Alipay notifications": (DOC, "ten attempts until exactly success, one notify_id"),
    "Antom notifications": (DOC, "eight attempts until a result of SUCCESS"),
    "Moments ad reports": (OWN, "gdt_vid and qz_gdt are Tencent's names"),
}


def evidence_of(path: str) -> tuple[str, str] | None:
    """The evidence of a route's path, its own or that of its prefix; where SDKs call it, their names come first."""
    shared = (entry for prefix, entry in PREFIXES.items() if path.startswith(prefix))
    written = EVIDENCE.get(path) or next(shared, None)
    if written is None or path not in JUDGED:
        return written
    mark, note = written
    return SDK, "; ".join(
        filter(None, (", ".join(JUDGED[path]), note.partition("; ")[2] if mark == SDK else note))
    )


def page(families: Mapping[str, Sequence[Route]]) -> Route:
    """The route of the page, `/_endpoints`."""

    async def show(request: Request) -> Response:
        return HTMLResponse(render(families))

    return Route("/_endpoints", show, methods=["GET"])


def render(families: Mapping[str, Sequence[Route]]) -> str:
    """The page: one table row an endpoint, then the pushes."""
    rows = [
        (family, f"{_method(route)} {route.path}", *(evidence_of(route.path) or ("", "")))
        for family, routes in families.items()
        for route in routes
    ]
    rows += [("pushes", name, *evidence) for name, evidence in PUSHES.items()]
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    words = "".join(f"<dt>{escape(mark)}</dt><dd>{escape(text)}</dd>" for mark, text in MEANINGS.items())
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Endpoints of the sandbox</title>"
        "<style>body{font:14px/1.5 system-ui;margin:2rem;color:#16130f;background:#faf8f4}"
        "td,th{border-top:1px solid #e4dfd6;padding:4px 16px 4px 0;text-align:left}dt{font-weight:600}</style>"
        f"<h1>Endpoints of the sandbox</h1><dl>{words}</dl>"
        f"<table><tr><th>Family<th>Endpoint<th>Evidence<th>Note</tr>{body}</table></html>"
    )


def _method(route: Route) -> str:
    return "/".join(sorted((route.methods or {"GET"}) - {"HEAD"}))
