"""Handing a follower over to customer service: those who wait, sessions that begin, and the chat record."""

from typing import Any

from seta_sandbox.kit.apps import App
from seta_sandbox.kit.callback import push
from seta_sandbox.kit.world import World
from seta_sandbox.official_account.common import event
from seta_sandbox.official_account.records import KfRecord
from seta_sandbox.official_account.state import oa_of

KF_WAIT, KF_ACCEPT, KF_CREATE, KF_HEARS = 1000, 1001, 1002, 2003


def write_record(world: World, app: App, openid: str, opercode: int, text: str, worker: str) -> None:
    """A line of the chat record."""
    records = oa_of(world).of(app.appid).service.records
    records.append(KfRecord(openid, opercode, text, world.clock.unix(), worker))


def begin(world: World, app: App, openid: str, worker: str, *, code: int = KF_ACCEPT) -> None:
    """The worker serves the customer from now on: `kf_create_session`, or `kf_switch_session` from another."""
    service = oa_of(world).of(app.appid).service
    before = service.sessions.get(openid, ("", 0))[0]
    if before == worker:
        return
    service.waiting.pop(openid, None)
    service.sessions[openid] = (worker, world.clock.unix())
    write_record(world, app, openid, code, "", worker)
    fields: dict[str, Any] = {"KfAccount": worker}
    if before:
        fields = {"FromKfAccount": before, "ToKfAccount": worker}
    name = "kf_switch_session" if before else "kf_create_session"
    push(world, app, openid, event(world, app, openid, name, **fields))


def hand_over(world: World, app: App, openid: str, reply: dict[str, Any]) -> None:
    """A `transfer_customer_service` reply: to the worker it names, when online, otherwise into the queue."""
    service = oa_of(world).of(app.appid).service
    wished = (
        str((reply.get("TransInfo") or {}).get("KfAccount", ""))
        if isinstance(reply.get("TransInfo"), dict)
        else ""
    )
    if openid in service.sessions:
        return
    worker = service.workers.get(wished)
    if worker is not None and worker.online:
        begin(world, app, openid, wished)
        return
    service.waiting.setdefault(openid, (wished, world.clock.unix()))
    write_record(world, app, openid, KF_WAIT, "", wished)


def hear(world: World, app: App, openid: str, text: str) -> None:
    """What a customer writes during a session goes to the record."""
    worker = oa_of(world).of(app.appid).service.sessions.get(openid, ("", 0))[0]
    if worker:
        write_record(world, app, openid, KF_HEARS, text, worker)
