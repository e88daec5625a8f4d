"""Alipay's one door: read parameters from query and form, verify, refuse, sign the answer's own text."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from seta_sandbox.alipay import errors, keys, signing
from seta_sandbox.alipay.certificates import Certificates
from seta_sandbox.alipay.errors import Refusal
from seta_sandbox.alipay.state import alipay_of
from seta_sandbox.kit.world import World

FAMILY = "alipay"
BEIJING = timezone(timedelta(hours=8))
MOMENT = "%Y-%m-%d %H:%M:%S"
REQUIRED = {
    "app_id": "isv.missing-app-id",
    "method": "isv.missing-method",
    "sign_type": "isv.missing-signature-type",
    "sign": "isv.missing-signature",
    "timestamp": "isv.missing-timestamp",
}
CHOICES = {
    "format": ("isv.invalid-format", ("json",)),
    "charset": ("isv.invalid-charset", ("utf-8", "gbk", "gb2312")),
    "version": ("isv.invalid-version", ("1.0",)),
}


@dataclass(frozen=True)
class Call:
    """A request whose signature holds; `content` is its biz_content, `host` the address it came to."""

    world: World
    params: dict[str, str]
    content: dict[str, Any]
    host: str

    def text(self, name: str, *, required: bool = False, length_max: int = 256) -> str:
        """A field of biz_content as text; refuses a missing or over-long one."""
        value = self.content.get(name)
        text = "" if value is None else str(value)
        if (required and not text) or len(text) > length_max:
            raise errors.invalid(name)
        return text

    @property
    def notify_url(self) -> str:
        """Where this call's notifications go, `""` for nowhere."""
        return self.params.get("notify_url", "")


Inner = dict[str, Any]
Method = Callable[[Call], Awaitable[Inner]]


def keys_of(world: World) -> keys.AlipayKeys:
    """The application's and the platform's keys, made on first use."""
    state = alipay_of(world)
    if state.keys is None:
        state.keys = keys.make(world.keys)
    return state.keys


def moment(at: float) -> str:
    """Unix time as Alipay writes it: Beijing, no zone."""
    return datetime.fromtimestamp(int(at), UTC).astimezone(BEIJING).strftime(MOMENT)


async def read_params(request: Request) -> dict[str, str]:
    """Every parameter of query and form; clients differ in which they use for what. The form wins."""
    query = parse_qsl(request.scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    body = (await request.body()).decode("utf-8", "replace") if request.method == "POST" else ""
    return dict(query) | dict(parse_qsl(body, keep_blank_values=True))


def verify(world: World, params: dict[str, str]) -> None:
    """Refuse a request whose common parameters are missing or wrong, or whose signature does not hold."""
    known = keys_of(world)
    for name, sub_code in REQUIRED.items():
        if not params.get(name):
            raise errors.gateway(sub_code, f"缺少{name}参数", "40001")
    if params["app_id"] != known.appid:
        raise errors.gateway("isv.invalid-app-id", "无效的AppID参数")
    if params["sign_type"] != "RSA2":
        raise errors.gateway("isv.invalid-signature-type", "无效的签名类型，应为RSA2")
    for name, (sub_code, allowed) in CHOICES.items():
        if params.get(name) and params[name].lower() not in allowed:
            raise errors.gateway(sub_code, f"无效的{name}参数")
    _verify_certificates(known.certificates, params)
    try:
        datetime.strptime(params.get("timestamp", ""), MOMENT)
    except ValueError:
        raise errors.gateway("isv.invalid-timestamp", "非法的时间戳参数") from None
    text = signing.request_content(params)
    if not signing.verify(known.app.public_key(), text, params.get("sign", "")):
        hint = f"验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为：{text}"
        raise errors.gateway("isv.invalid-signature", hint)


def _verify_certificates(known: Certificates, params: dict[str, str]) -> None:
    """Certificate mode is asked for by naming certificates; then both must be the ones on file."""
    if not is_certified(params):
        return
    wanted = {"app_cert_sn": known.app_sn, "alipay_root_cert_sn": known.root_sn}
    for name, sn in wanted.items():
        if params.get(name) != sn:
            sub_code = f"isv.invalid-{name.replace('_', '-')}"
            raise errors.gateway(sub_code, f"{name}与应用配置的证书不一致")


def is_certified(params: dict[str, str]) -> bool:
    """Whether a request is one of certificate mode."""
    return bool(params.get("app_cert_sn") or params.get("alipay_root_cert_sn"))


def answer(
    world: World,
    path: str,
    method: str,
    inner: Inner,
    *,
    is_gateway: bool = False,
    is_certified: bool = False,
) -> Response:
    """The signed envelope, which names Alipay's certificate in certificate mode.

    The faults `bad_signature` and `nosig` make it a forged one.
    """
    name = "error_response" if is_gateway else method.replace(".", "_") + "_response"
    fault = world.faults.take(FAMILY, f"{path} {method}", {"bad_signature", "nosig"})
    known = keys_of(world)
    sn = known.certificates.platform_sn if is_certified else ""
    body = signing.envelope(known.platform, name, inner, broken=fault is not None, certificate_sn=sn)
    if fault is not None and fault.kind == "nosig":
        body = signing.bare(name, inner)
    return Response(body, media_type="application/json;charset=utf-8")


def success(**fields: Any) -> Inner:
    """The inner object of a call that worked."""
    return {"code": "10000", "msg": errors.MESSAGES["10000"], **fields}


def refuse_as_planned(world: World, path: str, method: str) -> None:
    """Refuse when the fault plan says so; the fault's value is the sub_code, a system error by default.

    A sub_code of the gateway's own (isv., isp., aop.) comes as `error_response`, under the code it belongs to.
    """
    fault = world.faults.take(FAMILY, f"{path} {method}", {"errcode"})
    if fault is None:
        return
    if fault.value:
        sub_code = str(fault.value)
        is_gateway = sub_code.startswith(("isv.", "isp.", "aop."))
        code = errors.GATEWAY_CODES.get(sub_code, "40002" if is_gateway else "40004")
        raise Refusal(code, sub_code, "planned by the fault plan", is_gateway=is_gateway)
    raise errors.unknown()
