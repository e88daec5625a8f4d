"""The part's API alone, for its tests."""

from django.urls import path
from ninja import NinjaAPI

from seta.clienteling.api import router

api = NinjaAPI(urls_namespace="clienteling-alone")
api.add_router("", router)

urlpatterns = [path("api/", api.urls)]
