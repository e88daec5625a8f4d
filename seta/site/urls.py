"""Addresses of everything that Django answers; the hot doors stand beside it in asgi.py."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI
from ninja.errors import HttpError

from seta.people.api import router as people_router

client_api = NinjaAPI(title="Seta for the mini program", version="1", urls_namespace="mp", docs_url="docs")
client_api.add_router("", people_router)


@client_api.exception_handler(HttpError)
def say_error(request: HttpRequest, problem: HttpError) -> HttpResponse:
    """Every refusal in one shape: {"error": {"code", "message"}}."""
    body = {"error": {"code": str(problem.status_code), "message": str(problem)}}
    return client_api.create_response(request, body, status=problem.status_code)


def healthy(request: HttpRequest) -> HttpResponse:
    """That the server answers."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", healthy),
    path("api/mp/v1/", client_api.urls),
]
