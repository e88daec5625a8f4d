"""Who is asked: the real platform when its credentials are in the environment, the sandbox otherwise."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

HOSTS = {
    "OA": "https://api.weixin.qq.com",
    "MP": "https://api.weixin.qq.com",
    "WECOM": "https://qyapi.weixin.qq.com",
    "PAY": "https://api.mch.weixin.qq.com",
    "ALIPAY": "https://openapi.alipay.com",
}
# Name in the environment -> key of the sandbox's config.json.
NAMES: dict[str, dict[str, str]] = {
    "OA": {"APPID": "appid", "SECRET": "secret"},
    "MP": {"APPID": "appid", "SECRET": "secret"},
    "WECOM": {"CORPID": "corpid", "CONTACT_SECRET": "contact_secret"},
    "PAY": {
        "MCHID": "mchid",
        "APPID": "appid",
        "APIV3_KEY": "apiv3_key",
        "SERIAL": "merchant_serial",
        "PRIVATE_KEY_FILE": "merchant_private_key",
        "PUBLIC_KEY_ID": "public_key_id",
        "PUBLIC_KEY_FILE": "public_key",
    },
    "ALIPAY": {
        "APPID": "appid",
        "PRIVATE_KEY_FILE": "app_private_key",
        "PUBLIC_KEY_FILE": "alipay_public_key",
    },
}
FAMILIES = {
    "OA": "official_account",
    "MP": "mini_program",
    "WECOM": "wecom",
    "PAY": "wechat",
    "ALIPAY": "alipay",
}


@dataclass(frozen=True)
class Target:
    """A platform and who we are there."""

    base_url: str
    credentials: Mapping[str, str]
    is_live: bool
    http: httpx.Client

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """GET; the platform's JSON, which the social families always send with HTTP 200."""
        return self._read(self.http.get(self.base_url + path, params=query))

    def post(self, path: str, body: object, **query: str) -> dict[str, Any]:
        """POST JSON, or bytes as they are."""
        url = self.base_url + path
        if isinstance(body, bytes):
            return self._read(self.http.post(url, params=query, content=body))
        return self._read(self.http.post(url, params=query, json=body))

    def _read(self, answer: httpx.Response) -> dict[str, Any]:
        assert answer.status_code == 200, f"{answer.status_code} {answer.text[:200]}"
        found: dict[str, Any] = answer.json()
        return found


def choose(platform: str, sandbox: Mapping[str, Any], http: httpx.Client) -> Target:
    """The target for one of OA, MP, WECOM, PAY and ALIPAY; the sandbox unless every credential is given."""
    given: dict[str, str] = {}
    for name, key in NAMES[platform].items():
        value = os.environ.get(f"SETA_LIVE_{platform}_{name}", "")
        given[key] = Path(value).read_text() if value and name.endswith("_FILE") else value
    if all(given.values()):
        url = os.environ.get(f"SETA_LIVE_{platform}_URL", HOSTS[platform])
        return Target(url.rstrip("/"), given, True, http)
    return Target(sandbox["base_url"], sandbox[FAMILIES[platform]], False, http)
