"""Addresses of everything that Django answers; the hot doors stand beside it in asgi.py."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from seta.articles import views as article_views
from seta.boutique import views as boutique_views
from seta.boutique.api import router as boutique_router
from seta.boutique.api_service import router as boutique_service_router
from seta.clienteling.api import router as clienteling_router
from seta.consultations.api import refused as consultation_refused
from seta.consultations.api import room_router
from seta.consultations.api import router as consultations_router
from seta.consultations.rules import ConsultationRefused
from seta.conversations.api import router as conversations_router
from seta.desk.views import consultation_page, fairness_page
from seta.desk.views.till_codes import landing
from seta.drops.api import router as drops_router
from seta.guide.api import router as guide_router
from seta.guide.api_practical import router as practical_router
from seta.guide.pack import router as pack_router
from seta.guide.views import photo as guide_photo
from seta.guide.views import place_page
from seta.loyalty.api import router as loyalty_router
from seta.oversight.views import witness
from seta.payments.api import router as till_router
from seta.payments.api.page import docs_page
from seta.payments.api_static import router as pay_here_router
from seta.people.api import router as people_router
from seta.popups import views as popup_views
from seta.popups.api import router as popups_router
from seta.privacy.api import router as privacy_router
from seta.stores.api import router as stores_router
from seta.webhooks.views import keys as webhook_keys

client_api = NinjaAPI(title="Seta for the mini program", version="1", urls_namespace="mp", docs_url="docs")
client_api.add_router("", people_router)
client_api.add_router("guide", guide_router)
client_api.add_router("guide", practical_router)
client_api.add_router("guide/pack", pack_router)
client_api.add_router("stores", stores_router)
client_api.add_router("boutique", boutique_router)
client_api.add_router("boutique", boutique_service_router)
client_api.add_router("drops", drops_router)
client_api.add_router("clienteling", clienteling_router)
client_api.add_router("pay-here", pay_here_router)
client_api.add_router("consultations", consultations_router)
client_api.add_router("loyalty", loyalty_router)
client_api.add_router("popups", popups_router)
client_api.add_router("me", privacy_router)
client_api.add_router("conversations", conversations_router)

till_api = NinjaAPI(title="Seta at the till", version="1", urls_namespace="till", docs_url=None)
till_api.add_router("", till_router)

room_api = NinjaAPI(title="Seta in a consultation", version="1", urls_namespace="rooms", docs_url=None)
room_api.add_router("", room_router)

_SIGN_IN_AGAIN = {
    "zh": "登录已过期，请您重新打开小程序。",
    "en": "Your session has ended; please open the mini program again.",
    "it": "La sessione è scaduta; riapra il mini program.",
}
_SEND_A_KEY = {
    "zh": "请发送有效的密钥（Authorization: Bearer），或先登录后台。",
    "en": "Send a key that is valid as Authorization: Bearer, or sign in at the desk.",
    "it": "Mandi una chiave valida come Authorization: Bearer, o acceda al desk.",
}
_UNREADABLE = {
    "zh": "请求内容有误，请检查后重试。",
    "en": "Something in the request is missing or of the wrong kind: ",
    "it": "Nella richiesta manca qualcosa o è del tipo sbagliato: ",
}


def _in(words: dict[str, str], request: HttpRequest) -> str:
    return words.get(getattr(request, "LANGUAGE_CODE", "zh")[:2], words["zh"])


def _say(api: NinjaAPI) -> None:
    """Every refusal of an API in one shape: {"error": {"code", "message"}}, in the caller's language."""

    def error(request: HttpRequest, status: int, code: str, words: str) -> HttpResponse:
        return api.create_response(request, {"error": {"code": code, "message": words}}, status=status)

    @api.exception_handler(HttpError)
    def refused(request: HttpRequest, problem: HttpError) -> HttpResponse:
        return error(request, problem.status_code, str(problem.status_code), str(problem))

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, problem: AuthenticationError) -> HttpResponse:
        words = _SEND_A_KEY if api is till_api else _SIGN_IN_AGAIN
        return error(request, 401, "sign_in_again", _in(words, request))

    @api.exception_handler(ValidationError)
    def unreadable(request: HttpRequest, problem: ValidationError) -> HttpResponse:
        where = ", ".join(".".join(str(part) for part in one["loc"][1:]) for one in problem.errors)
        return error(request, 422, "unreadable", f"{_in(_UNREADABLE, request)}{where[:200]}")

    @api.exception_handler(ConsultationRefused)
    def not_this_call(request: HttpRequest, problem: ConsultationRefused) -> HttpResponse:
        status, body = consultation_refused(request, problem)
        return api.create_response(request, body, status=status)


for _api in (client_api, till_api, room_api):
    _say(_api)


def healthy(request: HttpRequest) -> HttpResponse:
    """That the server answers."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", healthy),
    path("api/mp/v1/", client_api.urls),
    path("api/till/v1/docs", docs_page(till_api)),
    path("api/till/v1/", till_api.urls),
    path("api/rooms/v1/", room_api.urls),
    path("consultations/<str:token>/", consultation_page.client_page, name="consultation_of_client"),
    path("consultations/<str:token>/calendar.ics", consultation_page.calendar),
    path("consultations/<str:token>/cancel/", consultation_page.cancel),
    path("desk/", include("seta.desk.urls")),
    path("pay/<slug:code>", landing),
    path("places/photos/<slug:sha256>.jpg", guide_photo),
    path("places/<str:code>", place_page),
    path("partners/", include("seta.partners.urls")),
    path("articles/pictures/<slug:sha256>.jpg", article_views.picture),
    path("articles/<slug:house>/<slug:code>", article_views.page),
    path("boutique/pictures/<slug:sha256>.jpg", boutique_views.picture),
    path("popups/covers/<slug:sha256>.jpg", popup_views.cover),
    path("popups/<int:popup_id>/<slug:poster>", popup_views.landing),
    path("drops/<slug:house>/<slug:code>/fairness", fairness_page.report, name="fairness_of_drop"),
    path("drops/<slug:house>/<slug:code>/draw.json", fairness_page.draw_record, name="draw_of_drop"),
    path("witness/v1/heads", witness),
    path("webhooks/v1/keys/<int:endpoint_id>", webhook_keys),
    path("i18n/", include("django.conf.urls.i18n")),
]
