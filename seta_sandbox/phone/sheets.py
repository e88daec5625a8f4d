"""The phone's own sheets: paying, allowing a notification, keeping a date."""

from dataclasses import asdict
from typing import Any

from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.world import World
from seta_sandbox.mini_program.actions import subscribe
from seta_sandbox.phone.memory import CALENDAR_ENTRIES_MAX, phones_of
from seta_sandbox.wechatpay.sheet import PaySign, consumer_pays, prepare_sheet

PIN_DIGITS = 6
NOTIFY_WAIT_SECONDS = 3.0


async def open_sheet(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """What the sheet shows for a requestPayment; raises SheetRefused when the signature or the order is wrong."""
    asked = PaySign(
        appid=str(body.get("appid", "")),
        timestamp=str(body.get("timeStamp", "")),
        nonce_str=str(body.get("nonceStr", "")),
        package=str(body.get("package", "")),
        sign_type=str(body.get("signType", "")),
        pay_sign=str(body.get("paySign", "")),
    )
    sheet = asdict(prepare_sheet(world, asked))
    payee = next((app.name for app in world.apps if app.appid == asked.appid), sheet["merchant"])
    return {**sheet, "payee": payee}


async def pay(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The consumer enters six digits (any six: this phone holds no money) and pays."""
    pin = str(body.get("pin", ""))
    if len(pin) != PIN_DIGITS or not pin.isdigit():
        raise ControlError("the password has six digits")
    person = world.person(str(body.get("consumer", "")))
    openid = person.openids.get(str(body.get("appid", "")), "")
    order = await consumer_pays(
        world, str(body.get("prepay_id", "")), openid, wait_seconds=NOTIFY_WAIT_SECONDS
    )
    return {"out_trade_no": order.out_trade_no, "state": order.state}


async def answer_subscribe(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The answers to the subscribe pop-up, `answers: {template_id: bool}`, as wx.requestSubscribeMessage gives them."""
    answers = body.get("answers")
    if not isinstance(answers, dict) or not answers:
        raise ControlError("answers must name at least one template")
    said = {}
    for template_id, accept in answers.items():
        act = {
            "openid": body.get("consumer", ""),
            "appid": body.get("appid", ""),
            "template_id": template_id,
            "accept": bool(accept),
            "wait": False,
        }
        await subscribe(world, act)
        said[template_id] = "accept" if accept else "reject"
    return said


async def keep_date(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Put an entry into the consumer's calendar: `title`, `startTime` and `endTime` in Unix seconds, `location`."""
    person = world.person(str(body.get("consumer", "")))
    if not body.get("title") or not body.get("startTime"):
        raise ControlError("a calendar entry needs `title` and `startTime`")
    entry = {
        "title": str(body["title"])[:100],
        "starts": int(body["startTime"]),
        "ends": int(body.get("endTime") or body["startTime"]),
        "location": str(body.get("location") or "")[:200],
    }
    entries = phones_of(world).calendars.setdefault(person.key, [])
    entries.append(entry)
    del entries[:-CALENDAR_ENTRIES_MAX]
    world.inbox.touch()
    return {"entries": len(entries)}
