"""The SDKs that judge the sandbox by calling it: their pins, their scripts, and what they found."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.routing import Match

from seta_sandbox.app import FAMILIES
from tests.judges.environment import environment, npm_environment, run
from tests.sandbox_server import RunningSandbox

HERE = Path(__file__).parent
NPM_PINS = ("co-wechat-api@3.11.0", "@wecom/crypto@1.0.1", "wechat-crypto@0.0.2")


@dataclass(frozen=True)
class Caller:
    """One judge: its script, what it is installed from, and whether it needs the providers' host names."""

    script: str
    pins: tuple[str, ...]
    name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    under_own_hosts: bool = False

    def judge(self, sandbox: RunningSandbox, **more: Any) -> list[dict[str, Any]]:
        """Reset the sandbox and run the script against it; returns its checks."""
        sandbox.control("reset", seed=1, callbacks=False)
        given = {"config": sandbox.config, "base_url": sandbox.base_url, **self.arguments, **more}
        extra = sandbox.judge_environment() if self.under_own_hosts else None
        if self.script.endswith(".cjs"):
            folder = npm_environment(self.name, self.pins)
            found = run("node", HERE / self.script, {**given, "folder": str(folder)}, extra)
        else:
            found = run(environment(self.name, self.pins), HERE / self.script, given, extra)
        checks: list[dict[str, Any]] = found["checks"]
        return checks

    @property
    def sdk(self) -> str:
        """The package's own name."""
        return "co-wechat-api" if self.name == "npm" else self.pins[0].split("==")[0]


def called(sandbox: RunningSandbox) -> set[str]:
    """The routes that were called since the sandbox was reset, by their templates."""
    entries = sandbox.journal(direction="in")
    asked = {(entry["method"], entry["path"].partition("?")[0]) for entry in entries}
    return {template for method, path in asked for template in templates_of(method, path)}


def templates_of(method: str, path: str) -> list[str]:
    """The template of the route that answers a request, if any."""
    scope = {"type": "http", "method": method, "path": path, "root_path": ""}
    for routes in FAMILIES.values():
        for route in routes:
            if route.matches(scope)[0] is Match.FULL:
                return [route.path]
    return []


PAY_PINS = ("wechatpayv3==2.0.4",)
WECHATPY_PINS = ("wechatpy==2.0.0a26", "cryptography==43.0.3")
CALLERS = {
    "wechatpy 2.0.0a26": Caller("wechatpy_calls.py", WECHATPY_PINS, "wechatpy", under_own_hosts=True),
    "wechatpy 2.0.0a26, WeCom": Caller("wechatpy_wecom.py", WECHATPY_PINS, "wechatpy", under_own_hosts=True),
    "wechatpy 2.0.0a26, an account": Caller(
        "wechatpy_account.py", WECHATPY_PINS, "wechatpy", under_own_hosts=True
    ),
    "co-wechat-api 3.11.0": Caller("co_wechat_api_calls.cjs", NPM_PINS, "npm"),
    "co-wechat-api 3.11.0, an account": Caller("co_wechat_api_account.cjs", NPM_PINS, "npm"),
    "wecomkit 0.2.0": Caller("wecomkit_calls.py", ("wecomkit==0.2.0",), "wecomkit"),
    "wechatpayv3 2.0.4, public key": Caller(
        "wechatpayv3_merchant.py", PAY_PINS, "wechatpayv3", {"mode": "public_key"}
    ),
    "wechatpayv3 2.0.4, certificate": Caller(
        "wechatpayv3_merchant.py", PAY_PINS, "wechatpayv3", {"mode": "certificate"}
    ),
    "python-alipay-sdk 3.4.0": Caller("alipay_merchant.py", ("python-alipay-sdk==3.4.0",), "alipay"),
}


@dataclass(frozen=True)
class Found:
    """What one judge found, and the routes it called."""

    checks: list[dict[str, Any]]
    called: set[str]


def remembered(sandbox: RunningSandbox, tls_sandbox: RunningSandbox) -> Callable[[str], Found]:
    """What an SDK of CALLERS found, each judge run once."""

    @functools.cache
    def judge(name: str) -> Found:
        caller = CALLERS[name]
        asked = tls_sandbox if caller.under_own_hosts else sandbox
        return Found(caller.judge(asked), called(asked))

    return judge
