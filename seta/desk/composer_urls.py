"""Addresses of the composer, of group sends and of Moments."""

from django.urls import path

from seta.desk.views import composer, composer_door, outreach

urlpatterns = [
    path("composer/wecom/<slug:house>/", composer_door.enter, name="composer_enter"),
    path("composer/covers/<int:house_id>.png", composer_door.cover, name="composer_cover"),
    path("composer/", composer.home, name="composer"),
    path("composer/found/", composer.found, name="composer_found"),
    path("composer/judge/", composer.judge, name="composer_judge"),
    path("composer/pictures/<str:name>/", composer.picture, name="composer_picture"),
    path("composer/held/", composer.held, name="held"),
    path("composer/<int:person_id>/", composer.compose, name="compose"),
    path("composer/<int:person_id>/send/", composer.send, name="send_draft"),
    path("composer/drafts/<int:draft_id>/hand/", composer.hand, name="hand_draft"),
    path("composer/drafts/<int:draft_id>/sent/", composer.handed, name="draft_handed"),
    path("composer/drafts/<int:draft_id>/prepare/", composer.prepare, name="prepare_draft"),
    path("composer/drafts/<int:draft_id>/decide/", composer.decide, name="decide_draft"),
    path("outreach/", outreach.outreach_list, name="outreach"),
    path("outreach/plan/", outreach.plan, name="plan_outreach"),
    path("outreach/<int:outreach_id>/", outreach.one, name="outreach_one"),
    path("outreach/<int:outreach_id>/decide/", outreach.decide, name="decide_outreach"),
    path("outreach/<int:outreach_id>/cancel/", outreach.cancel, name="cancel_outreach"),
    path("outreach/<int:outreach_id>/refresh/", outreach.refresh, name="refresh_outreach"),
    path("outreach/<int:outreach_id>/remind/", outreach.remind, name="remind_outreach"),
    path("clients/codes/<int:way_id>/poster.svg", outreach.poster, name="code_poster"),
    path("clients/codes/welcome/", outreach.welcome, name="set_welcome"),
]
