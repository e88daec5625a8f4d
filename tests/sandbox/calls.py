"""Short ways to call the emulated platforms in tests."""

from typing import Any

from tests.sandbox_server import RunningSandbox


def get(sandbox: RunningSandbox, path: str, **query: Any) -> dict[str, Any]:
    """GET and parse the JSON answer."""
    answer: dict[str, Any] = sandbox.client.get(sandbox.base_url + path, params=query).json()
    return answer


def post(sandbox: RunningSandbox, path: str, body: Any, **query: Any) -> dict[str, Any]:
    """POST JSON and parse the JSON answer."""
    answer: dict[str, Any] = sandbox.client.post(sandbox.base_url + path, params=query, json=body).json()
    return answer


def token(sandbox: RunningSandbox, family: str = "official_account") -> str:
    """An access token of the Official Account or the mini program."""
    app = sandbox.config[family]
    answer = get(
        sandbox, "/cgi-bin/token", grant_type="client_credential", appid=app["appid"], secret=app["secret"]
    )
    return str(answer["access_token"])


def wecom_token(sandbox: RunningSandbox, application: str = "contact") -> str:
    """An access token of one of WeCom's applications."""
    corp = sandbox.config["wecom"]
    answer = get(
        sandbox, "/cgi-bin/gettoken", corpid=corp["corpid"], corpsecret=corp[f"{application}_secret"]
    )
    return str(answer["access_token"])


def say(sandbox: RunningSandbox, openid: str, text: str, access_token: str) -> int:
    """Send a customer-service text and return the errcode."""
    body = {"touser": openid, "msgtype": "text", "text": {"content": text}}
    return int(post(sandbox, "/cgi-bin/message/custom/send", body, access_token=access_token)["errcode"])
