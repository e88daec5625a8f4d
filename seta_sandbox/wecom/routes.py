"""Endpoints of WeCom: tokens per application secret, customer contact, messages and the archive."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.access import world_of
from seta_sandbox.kit.keys import ALPHANUMERIC
from seta_sandbox.wecom import (
    app_messages,
    archive,
    archive_api,
    contact_ways,
    contacts,
    group_chats,
    intercepts,
    mass,
    messaging,
    moments,
    pages,
    products,
    statistics,
    strategies,
    tags,
    transfers,
    uploads,
)
from seta_sandbox.wecom.access import application_of, calling, ok

TICKET_SECONDS = 7200


async def gettoken(request: Request) -> Response:
    """`GET /cgi-bin/gettoken`: one token for each application, the same while it is valid."""
    world, query = world_of(request), request.query_params
    application = application_of(world, query.get("corpid"), query.get("corpsecret"))
    grant = world.tokens.same(f"{query['corpid']}/{application}")
    return ok(access_token=grant.token, expires_in=int(grant.expires_at - world.clock.now() + 0.5))


async def jsapi_ticket(request: Request) -> Response:
    """`GET /cgi-bin/get_jsapi_ticket` of the corporation, `ticket/get?type=agent_config` of the application."""
    world = calling(request, "agent", "contact")
    scope = "agent" if request.url.path.endswith("/ticket/get") else "corp"
    ticket = world.keys.secret(f"wecom/ticket/{scope}", 86, ALPHANUMERIC + "-_")
    return ok(ticket=ticket, expires_in=TICKET_SECONDS)


ROUTES: list[Route] = [
    Route("/cgi-bin/gettoken", gettoken, methods=["GET"]),
    Route("/cgi-bin/get_jsapi_ticket", jsapi_ticket, methods=["GET"]),
    Route("/cgi-bin/ticket/get", jsapi_ticket, methods=["GET"]),
    *contact_ways.ROUTES,
    *contacts.ROUTES,
    *tags.ROUTES,
    *strategies.ROUTES,
    *messaging.ROUTES,
    *app_messages.ROUTES,
    *uploads.ROUTES,
    *mass.ROUTES,
    *moments.ROUTES,
    *intercepts.ROUTES,
    *products.ROUTES,
    *group_chats.ROUTES,
    *transfers.ROUTES,
    *statistics.ROUTES,
    *archive.ROUTES,
    *archive_api.ROUTES,
    *pages.ROUTES,
]
