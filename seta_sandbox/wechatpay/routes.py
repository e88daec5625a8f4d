"""The family's endpoints."""

from starlette.routing import Route

ROUTES: list[Route] = []
