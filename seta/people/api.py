"""The mini program's door to a session and to consent."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from ninja.errors import HttpError

from seta.houses.queries import account_by_app, mini_program
from seta.kit.scenes import Scene
from seta.people import queries
from seta.people.auth import Client, ClientAuth
from seta.people.operations import UnknownPurpose, record_consent, start_session
from seta.platforms.core.errors import ErrorKind, PlatformError

router = Router()


class SessionIn(Schema):
    """What the mini program knows at launch; `appid` may be left out where one house runs on the server."""

    js_code: str
    appid: str
    click_id: str = ""
    scene: str = ""


class SessionOut(Schema):
    """The session of a client; `token` is a Bearer token for a week.

    `templates` names the subscribe messages that the client may be asked to allow.
    """

    token: str
    person_id: int
    openid: str
    language: str
    templates: dict[str, str]


class ConsentIn(Schema):
    """A yes or no to one purpose."""

    purpose: str
    granted: bool


@router.post("/session", response=SessionOut)
def open_session(request: HttpRequest, body: SessionIn) -> dict[str, Any]:
    """Exchange the code of wx.login for a session."""
    account = account_by_app("mini_program", body.appid)
    if account is None:
        raise HttpError(404, "no house on this server has this mini program")
    try:
        login = mini_program(account.house_id).code2session(body.js_code)
    except PlatformError as problem:
        status = 401 if problem.kind in (ErrorKind.AUTH, ErrorKind.INVALID, ErrorKind.STATE) else 503
        raise HttpError(status, f"WeChat did not accept the login code: {problem.message}") from problem
    language = getattr(request, "LANGUAGE_CODE", "zh-hans")
    person_id, token = start_session(
        house_id=account.house_id,
        appid=account.app_id,
        openid=login.openid,
        unionid=login.unionid or "",
        language=language,
        click_id=body.click_id[:80],
        scene=body.scene[:64],
        campaign=Scene.decode(body.scene).campaign,
        now=datetime.now(UTC),
    )
    return {
        "token": token,
        "person_id": person_id,
        "openid": login.openid,
        "language": language,
        "templates": _templates(account.secrets),
    }


def _templates(secrets: Mapping[str, str]) -> dict[str, str]:
    """Template ids by what they are for; accounts name them `template_<purpose>`, the rest share one."""
    named = {
        key.removeprefix("template_"): value for key, value in secrets.items() if key.startswith("template_")
    }
    return {"default": secrets["sub_template_id"], **named}


@router.post("/people/consents", auth=ClientAuth(), response={204: None})
def give_consent(request: HttpRequest, body: ConsentIn) -> Status[None]:
    """Say yes or no to a purpose."""
    client: Client = request.auth  # type: ignore[attr-defined]
    try:
        record_consent(
            house_id=client.house_id,
            person_id=client.person_id,
            purpose=body.purpose,
            granted=body.granted,
            source="mini_program",
            now=datetime.now(UTC),
        )
    except UnknownPurpose as problem:
        raise HttpError(422, str(problem)) from problem
    return Status(204, None)


@router.get("/people/consents", auth=ClientAuth())
def my_consents(request: HttpRequest) -> dict[str, Any]:
    """What the client has answered so far."""
    client: Client = request.auth  # type: ignore[attr-defined]
    given = queries.consents(client.person_id)
    return {"consents": [{"purpose": c.purpose, "granted": c.granted, "at": c.at} for c in given]}
