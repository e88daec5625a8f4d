"""The phone page and its JSON."""

from starlette.routing import BaseRoute

ROUTES: list[BaseRoute] = []
