"""Customers handed from one member to another: asked for today, done in 24 hours unless the customer refuses."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.access import (
    DAY_SECONDS,
    customer_contact,
    invalid,
    ok,
    page,
    phrase,
    staff_member,
    words,
)
from seta_sandbox.wecom.contact_ways import PREFIX
from seta_sandbox.wecom.contacts import external_person
from seta_sandbox.wecom.pushing import push_event
from seta_sandbox.wecom.state import (
    LIMIT_REACHED,
    REFUSED,
    TAKEN_OVER,
    WAITING,
    Relation,
    Transfer,
    wecom_of,
)

CUSTOMERS_MAX = 100
MESSAGE_CHARACTERS_MAX = 200
TIMES_MAX, TIMES_DAYS = 2, 90
PAGE_MAX = 1000
ADMINISTRATOR = 202
FAIL_REASONS = {REFUSED: "customer_refused", LIMIT_REACHED: "customer_limit_exceed"}


async def transfer_customer(request: Request) -> Response:
    """`POST externalcontact/transfer_customer`: of a member who is there; each customer twice in 90 days."""
    return await _ask(request, resigned=False)


async def resigned_transfer_customer(request: Request) -> Response:
    """`POST externalcontact/resigned/transfer_customer`: of a member who left; 40097 while they are there."""
    return await _ask(request, resigned=True)


async def _ask(request: Request, *, resigned: bool) -> Response:
    world = customer_contact(request)
    body = await json_body(request)
    handover = str(body.get("handover_userid") or "")
    if resigned:
        _require_resigned(world, handover)
    else:
        staff_member(world, handover, "handover_userid")
    takeover = staff_member(world, body.get("takeover_userid"), "takeover_userid")
    if handover == takeover:
        raise ApiError(40130, "the takeover member is the handover member")
    customers = words(body, "external_userid", CUSTOMERS_MAX)
    if not customers:
        raise invalid("external_userid")
    message = phrase(body, "transfer_success_msg", MESSAGE_CHARACTERS_MAX, required=False)
    settle(world)
    rows = []
    for external in customers:
        code = _refusal(world, handover, external, resigned=resigned)
        if not code:
            _start(world, handover, takeover, external, message, resigned=resigned)
        rows.append({"external_userid": external, "errcode": code})
    return ok(customer=rows)


def _require_resigned(world: World, userid: str) -> None:
    member = wecom_of(world).member(userid)
    if member is None:
        raise ApiError(60111, "invalid string value `handover_userid`. userid not found")
    if member.resigned_at is None:
        raise ApiError(40097, "the member has not left")


def _refusal(world: World, handover: str, external: str, *, resigned: bool) -> int:
    if external_person(world, external) is None:
        return 40096
    if (handover, external) not in wecom_of(world).relations:
        return 40131
    mine = [one for one in wecom_of(world).transfers if one.external_userid == external]
    if any(one.status == WAITING for one in mine):
        return 40129
    since = world.clock.now() - TIMES_DAYS * DAY_SECONDS
    recent = [one for one in mine if one.status == TAKEN_OVER and one.takeover_at > since]
    return 40128 if not resigned and len(recent) >= TIMES_MAX else 0


def _start(
    world: World, handover: str, takeover: str, external: str, message: str, *, resigned: bool
) -> None:
    now = world.clock.now()
    transfer = Transfer(handover, takeover, external, resigned, now, now + DAY_SECONDS, message)
    wecom_of(world).transfers.append(transfer)

    async def wait() -> None:
        await world.clock.sleep_until(transfer.due_at)
        settle(world)

    task = asyncio.get_running_loop().create_task(wait())
    wecom_of(world).timers.add(task)
    task.add_done_callback(wecom_of(world).timers.discard)


def settle(world: World) -> None:
    """Finish every transfer whose 24 hours are over."""
    for transfer in wecom_of(world).transfers:
        if transfer.status == WAITING and transfer.due_at <= world.clock.now():
            finish(world, transfer, TAKEN_OVER)


def finish(world: World, transfer: Transfer, status: int) -> None:
    """End a transfer: the relation moves and both changes are pushed, or `transfer_fail` is."""
    state, external = wecom_of(world), transfer.external_userid
    owned = sum(userid == transfer.takeover for userid, _ in state.relations)
    if status == TAKEN_OVER and owned >= state.settings.customers_max:
        status = LIMIT_REACHED
    transfer.status = status
    if status in FAIL_REASONS:
        fields = {"ChangeType": "transfer_fail", "FailReason": FAIL_REASONS[status]}
        who = {"UserID": transfer.takeover, "ExternalUserID": external}
        push_event(world, "change_external_contact", {**fields, **who})
        return
    transfer.takeover_at = int(transfer.due_at)
    old = state.relations.pop((transfer.handover, external), None)
    known = (transfer.takeover, external) in state.relations
    if not known:
        state.relations[transfer.takeover, external] = _successor(transfer, old)
    member = {"UserID": transfer.handover, "ExternalUserID": external, "Source": "DELETE_BY_TRANSFER"}
    push_event(world, "change_external_contact", {"ChangeType": "del_external_contact", **member})
    if not known:
        member = {"UserID": transfer.takeover, "ExternalUserID": external}
        push_event(world, "change_external_contact", {"ChangeType": "add_external_contact", **member})


def _successor(transfer: Transfer, old: Relation | None) -> Relation:
    # (K) the remark and tags of the one before come along.
    inherited: dict[str, Any] = {}
    if old is not None:
        inherited = {"remark": old.remark, "description": old.description, "tag_ids": list(old.tag_ids)}
    return Relation(
        transfer.takeover,
        transfer.external_userid,
        transfer.takeover_at,
        add_way=ADMINISTRATOR,
        talked_at=float(transfer.takeover_at),
        **inherited,
    )


async def transfer_result(request: Request) -> Response:
    """`POST externalcontact/transfer_result`: 1 taken over, 2 waiting, 3 refused, 4 the taker's limit."""
    return await _result(request, resigned=False)


async def resigned_transfer_result(request: Request) -> Response:
    """`POST externalcontact/resigned/transfer_result`: as `transfer_result`, of a member who left."""
    return await _result(request, resigned=True)


async def _result(request: Request, *, resigned: bool) -> Response:
    world = customer_contact(request)
    body = await json_body(request)
    handover, takeover = phrase(body, "handover_userid", 64), phrase(body, "takeover_userid", 64)
    settle(world)
    found = [
        one
        for one in wecom_of(world).transfers
        if (one.handover, one.takeover, one.resigned) == (handover, takeover, resigned)
    ]
    rows, more = page(found, body, PAGE_MAX, PAGE_MAX)
    return ok(
        customer=[
            {
                "external_userid": one.external_userid,
                "status": one.status,
                "takeover_time": int(one.due_at) if one.status == WAITING else one.takeover_at,
            }
            for one in rows
        ],
        **more,
    )


async def unassigned(request: Request) -> Response:
    """`POST externalcontact/get_unassigned_list`: customers whose members have left, the latest first."""
    world = customer_contact(request)
    body = await json_body(request)
    settle(world)
    gone = {one.userid: one.resigned_at for one in wecom_of(world).members if one.resigned_at is not None}
    waiting = {
        (one.handover, one.external_userid) for one in wecom_of(world).transfers if one.status == WAITING
    }
    found = [
        {"handover_userid": userid, "external_userid": external, "dimission_time": gone[userid]}
        for userid, external in wecom_of(world).relations
        if userid in gone and (userid, external) not in waiting
    ]
    found.sort(key=lambda row: -int(str(row["dimission_time"])))
    rows, more = page(found, body, PAGE_MAX, PAGE_MAX, limit_name="page_size")
    return ok(info=rows, is_last=not more, next_cursor=more.get("next_cursor", ""))


ROUTES: list[Route] = [
    Route(f"{PREFIX}/transfer_customer", transfer_customer, methods=["POST"]),
    Route(f"{PREFIX}/transfer_result", transfer_result, methods=["POST"]),
    Route(f"{PREFIX}/resigned/transfer_customer", resigned_transfer_customer, methods=["POST"]),
    Route(f"{PREFIX}/resigned/transfer_result", resigned_transfer_result, methods=["POST"]),
    Route(f"{PREFIX}/get_unassigned_list", unassigned, methods=["POST"]),
]
