"""Endpoints of WeCom: tokens per application secret, customer contact, messages and the archive."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.access import world_of
from seta_sandbox.wecom import archive, contact_ways, contacts, messaging
from seta_sandbox.wecom.access import application_of, ok


async def gettoken(request: Request) -> Response:
    """`GET /cgi-bin/gettoken`: one token for each application, the same while it is valid."""
    world, query = world_of(request), request.query_params
    application = application_of(world, query.get("corpid"), query.get("corpsecret"))
    grant = world.tokens.same(f"{query['corpid']}/{application}")
    return ok(access_token=grant.token, expires_in=int(grant.expires_at - world.clock.now() + 0.5))


ROUTES: list[Route] = [
    Route("/cgi-bin/gettoken", gettoken, methods=["GET"]),
    *contact_ways.ROUTES,
    *contacts.ROUTES,
    *messaging.ROUTES,
    *archive.ROUTES,
]
