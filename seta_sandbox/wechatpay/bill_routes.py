"""Where merchants fetch their bills: a signed answer with a 30-second address, then an unsigned file."""

from datetime import date, datetime, time, timedelta
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.world import World
from seta_sandbox.wechatpay import bills, errors, signing
from seta_sandbox.wechatpay.documents import BEIJING
from seta_sandbox.wechatpay.door import Answer, Call, signed, unsigned
from seta_sandbox.wechatpay.state import Download, wechatpay_of

DOWNLOAD_SECONDS = 30
READY_AT = time(9)
KEPT_DAYS = 92


async def trade_bill(call: Call) -> Answer:
    """The address and hash of a day's trade bill; only bill_type ALL is made here."""
    if call.request.query_params.get("bill_type", "ALL") != "ALL":
        raise errors.parameter("bill_type", "沙箱仅提供ALL账单", location="query")
    return _offer(call, "trade")


async def fund_bill(call: Call) -> Answer:
    """The address and hash of a day's fund bill of the BASIC account."""
    if call.request.query_params.get("account_type", "BASIC") != "BASIC":
        raise errors.parameter("account_type", "沙箱仅提供BASIC账户", location="query")
    return _offer(call, "fund")


async def download(call: Call) -> Response:
    """The file itself, without a signature, while its address lives."""
    state = wechatpay_of(call.world)
    found = state.downloads.get(call.request.query_params.get("token", ""))
    if found is None or call.world.clock.now() > found.expires_at:
        raise errors.Refusal(400, "INVALID_REQUEST", "下载地址已失效，请重新申请账单")
    return Response(found.body, media_type="application/octet-stream")


def bill_of(world: World, kind: str, day: date) -> bytes:
    """A day's bill: as it was closed, or made now when the day is over and it is past nine in the morning.

    Refuses a day that is too old, not over, not ready or empty.
    """
    state = wechatpay_of(world)
    if (kept := state.bills.get((kind, day))) is not None:
        return kept
    now = datetime.fromtimestamp(world.clock.now(), BEIJING)
    if day < now.date() - timedelta(days=KEPT_DAYS):
        raise errors.invalid("账单日期超过可下载期限(三个月)")
    if day >= now.date():
        raise errors.Refusal(400, "NO_STATEMENT_EXIST", "账单文件不存在")
    if now < datetime.combine(day + timedelta(days=1), READY_AT, BEIJING):
        raise errors.Refusal(400, "STATEMENT_CREATING", "账单生成中，请稍后再试")
    return make(world, kind, day, None)[0]


def make(
    world: World, kind: str, day: date, plant: str | None, *, allow_empty: bool = False
) -> tuple[bytes, int, bills.Break | None]:
    """Make and keep a bill; returns the file, its number of lines and the break planted in it."""
    state = wechatpay_of(world)
    domestic = [order for order in state.orders.values() if order.scheme == "domestic"]
    lines = bills.lines_of(domestic, state.settings.fee_rate)
    of_day = [line for line in lines if bills.day_of(line.at) == day]
    if not of_day and not allow_empty:
        raise errors.Refusal(400, "NO_STATEMENT_EXIST", "账单文件不存在")
    planted = None
    if plant:
        of_day, planted = bills.plant(of_day, plant, day)
    content = bills.trade_bill(of_day) if kind == "trade" else bills.fund_bill(lines, day)
    state.bills[kind, day] = content
    return content, len(of_day), planted


def _offer(call: Call, kind: str) -> Answer:
    params = call.request.query_params
    try:
        day = date.fromisoformat(params.get("bill_date", ""))
    except ValueError:
        raise errors.parameter("bill_date", "格式应为YYYY-MM-DD", params.get("bill_date"), "query") from None
    tar_type = params.get("tar_type", "")
    if tar_type not in ("", "GZIP"):
        raise errors.parameter("tar_type", "应为GZIP", tar_type, "query")
    content = bill_of(call.world, kind, day)
    token = signing.make_nonce(call.world.rng, 48)
    wechatpay_of(call.world).downloads[token] = Download(
        bills.compress(content) if tar_type else content, call.world.clock.now() + DOWNLOAD_SECONDS
    )
    address = f"{str(call.request.base_url).rstrip('/')}/v3/billdownload/file?token={quote(token)}"
    return 200, {"hash_type": "SHA1", "hash_value": bills.sha1(content), "download_url": address}


ROUTES: list[Route] = [
    Route("/v3/bill/tradebill", signed(trade_bill)),
    Route("/v3/bill/fundflowbill", signed(fund_bill)),
    Route("/v3/billdownload/file", unsigned(download)),
]
