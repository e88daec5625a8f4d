"""Conversations of the Official Account: today's first, each as a thread with an answer box."""

from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.conversations import operations as conversations
from seta.conversations import queries
from seta.desk import labels
from seta.desk.shell import day_began, form, language, page, show, show_part, tell, telling, warn
from seta.houses.access import StaffRequest
from seta.kit.ids import new_token
from seta.oversight.queries import advice

TEXT_CHARS_MAX = 600
"""WeChat takes 2,048 bytes; 600 Chinese characters are 1,800."""
LIST_MAX = 200


@page("conversations")
def conversation_list(request: StaffRequest) -> HttpResponse:
    """Who waits for an answer, then who wrote today; or all, or those that a search finds."""
    now, house_id = datetime.now(UTC), request.member.house_id
    asked = {
        "unanswered": request.GET.get("unanswered") == "1",
        "all": request.GET.get("all") == "1",
        "q": request.GET.get("q", "").strip()[:60],
    }
    since = None if asked["all"] or asked["q"] else day_began(request, now)
    rows = queries.conversations(house_id, since=since, unanswered=bool(asked["unanswered"]), limit=LIST_MAX)
    wanted = str(asked["q"]).casefold()
    if wanted:
        rows = [row for row in rows if wanted in f"{row.person_name}\n{row.last_body}".casefold()]
    context = {
        "rows": rows,
        "asked": asked,
        "totals": queries.totals(house_id, since=day_began(request, now)),
    }
    if request.headers.get("HX-Request"):
        return show_part(request, "parts/conversation_rows.html", context)
    return show(request, "conversations", "conversations/list.html", context)


@page("conversations")
def conversation(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """A thread; its messages come in by themselves."""
    context = _thread(request, conversation_id)
    if request.headers.get("HX-Request"):
        return show_part(request, "parts/messages.html", context)
    return show(request, "conversations", "conversations/thread.html", context)


def _thread(request: StaffRequest, conversation_id: int) -> dict[str, Any]:
    found = queries.thread(
        house_id=request.member.house_id, conversation_id=conversation_id, now=datetime.now(UTC)
    )
    if found is None:
        raise Http404
    return {"thread": found, "text_chars_max": TEXT_CHARS_MAX, "key": new_token()}


@form("marketing", "associate", "supervisor", back="desk:conversations")
def reply(request: StaffRequest, conversation_id: int) -> HttpResponseBase:
    """Write to the client; policy and WeChat's window have the last word, and say why."""
    thread = _thread(request, conversation_id)["thread"]
    said = request.POST.get("text", "").strip()
    if not 1 <= len(said) <= TEXT_CHARS_MAX:
        warn(request, _("Write a message of at most 600 characters."))
        return redirect("desk:conversation", conversation_id)
    with telling(request):
        card = conversations.send_text(
            house_id=request.member.house_id,
            person_id=thread.conversation.person_id,
            text=said,
            now=datetime.now(UTC),
            key=f"desk:{request.POST.get('key', '')[:64]}" if request.POST.get("key") else "",
        )
        if card.state == "sent":
            tell(request, _("Sent."))
        else:
            warn(request, why_not_sent(card.state, card.reason, request.member.house_id))
    return redirect("desk:conversation", conversation_id)


def why_not_sent(state: str, reason: str, house_id: int) -> str:
    """Why a message did not leave, and what to do."""
    if state == "held":
        rules = [each.strip() for each in reason.removeprefix("policy:").split(",")]
        held = _("Not sent: it breaks the house's policy.")
        return " ".join([held, *advice(rules, house_id=house_id, language=language())])
    if reason in labels.REASON:
        return labels.label("reason", reason)
    return " ".join([_("Not sent: WeChat refused it."), reason]).strip()
