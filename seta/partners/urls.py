"""Addresses of the partners' pages, each below its house."""

from django.urls import path

from seta.partners.views import door, listing, payments, wechat

app_name = "partners"

urlpatterns = [
    path("<slug:house>/", door.home, name="home"),
    path("<slug:house>/link/", door.send_link, name="link"),
    path("<slug:house>/enter/<str:token>/", door.enter, name="enter"),
    path("<slug:house>/wechat/", wechat.enter, name="wechat"),
    path("<slug:house>/leave/", door.leave, name="leave"),
    path("<slug:house>/close/", door.close, name="close"),
    path("<slug:house>/new/", listing.new, name="new"),
    path("<slug:house>/hours/", listing.hours, name="hours"),
    path("<slug:house>/requests/<int:proposal_id>/withdraw/", listing.withdraw, name="withdraw"),
    path("<slug:house>/claim/<slug:code>/", listing.claim, name="claim"),
    path("<slug:house>/at/<slug:code>/", listing.edit, name="edit"),
    path("<slug:house>/at/<slug:code>/poster.pdf", listing.poster, name="poster"),
    path("<slug:house>/at/<slug:code>/payments/", payments.payments, name="payments"),
    path("<slug:house>/at/<slug:code>/payments/ask/", payments.ask, name="ask_payments"),
    path("<slug:house>/at/<slug:code>/payments/withdraw/", payments.withdraw, name="withdraw_payments"),
    path("<slug:house>/at/<slug:code>/payments/<slug:kind>/", payments.give, name="give_document"),
    path("<slug:house>/at/<slug:code>/payments/<slug:kind>/delete/", payments.take, name="take_document"),
    path("<slug:house>/at/<slug:code>/photos/", listing.add_photo, name="add_photo"),
    path(
        "<slug:house>/at/<slug:code>/photos/<slug:sha256>/remove/", listing.remove_photo, name="remove_photo"
    ),
]
