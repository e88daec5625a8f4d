"""Who calls: the app behind an access token of a request."""

from starlette.requests import Request

from seta_sandbox.kit.apps import App
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.world import World

WECOM_SCOPE = "wecom"


def world_of(request: Request) -> World:
    """The present world."""
    world: World = request.app.state.world
    return world


def calling_app(request: Request, *kinds: str) -> App:
    """The Official Account or mini program whose token this is; 48001 when its kind may not call here."""
    world = world_of(request)
    grant = world.tokens.check(request.query_params.get("access_token"), unknown_code=40001)
    app = world.find_app(grant.owner)
    if app is None:
        raise ApiError(40001, "invalid credential, access_token is invalid or not latest")
    if kinds and app.kind not in kinds:
        raise ApiError(48001, "api unauthorized")
    return app


def media_owner(request: Request) -> str:
    """The appid or corpid that uploads; media paths are the same for WeChat and WeCom, so the token decides."""
    world = world_of(request)
    token = request.query_params.get("access_token")
    known = world.tokens.grants.get(token or "")
    if known is not None and known.scope == WECOM_SCOPE:
        request.state.envelope = WECOM_SCOPE
        return world.tokens.check(token, unknown_code=40014).owner.split("/")[0]
    return calling_app(request).appid
