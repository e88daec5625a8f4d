"""The composer: a client's page at sidebar width, policy while typing, drafts, and a supervisor's decisions."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.boutique import queries as boutique
from seta.clienteling import operations as clienteling
from seta.clienteling import queries
from seta.clienteling.operations import DraftCard
from seta.clienteling.operations.preparing import media_type_of
from seta.clienteling.queries import AssociateCard
from seta.clienteling.rules.composing import CARD_PAGES, UNAPPROVED, Attachment
from seta.content import operations as content_work
from seta.content import queries as content
from seta.content.rules.states import Refused as ContentRefused
from seta.desk import labels, people, rules
from seta.desk.shell import (
    REFUSED,
    form,
    language,
    page,
    show,
    show_part,
    telling,
    today,
    warn,
    words_of,
)
from seta.desk.views.clients.reader import must_be_associate, of_house, own_of, sees_all
from seta.desk.views.composer_door import let_in, page_script
from seta.guide import queries as guide
from seta.houses.access import StaffRequest
from seta.kit.ids import new_token
from seta.oversight.queries import rule_of
from seta.people import queries as known

TEXT_CHARS_MAX = 4000
PICTURE_BYTES_MAX = 10 << 20
CLIENTS_SHOWN = 30
Choices = list[tuple[str, list[tuple[str, str]]]]


@page("clients")
def home(request: StaffRequest) -> HttpResponse:
    """Which client to write to: the one whose chat is on screen, or one of the book."""
    own = own_of(request)
    search = request.GET.get("q", "").strip()[:60]
    rows = []
    if own:
        rows = queries.client_book(
            request.member.house_id, associate_id=own.id, search=search, limit=CLIENTS_SHOWN
        )
    script = page_script(request)
    context = {"own": own, "rows": rows, "search": search, "script": script}
    return let_in(show(request, "clients", "composer/home.html", context), script)


@page("clients")
def found(request: StaffRequest) -> HttpResponseBase:
    """The client of the chat on screen, by the name that WeCom gives them."""
    rows = queries.places_of_contact(
        house_id=request.member.house_id, external_userid=request.GET.get("external_userid", "")[:128]
    )
    own = own_of(request)
    if own is None or own.id not in rows:
        warn(request, _("The person of this chat is not in your client book."))
        return redirect("desk:composer")
    return redirect("desk:compose", rows[own.id])


@page("clients")
def compose(request: StaffRequest, person_id: int) -> HttpResponse:
    """Write to one client: words, a card or a picture, with what the shelf has that fits."""
    own = must_be_associate(request)
    person_id = of_house(request, person_id)
    house_id, now = request.member.house_id, datetime.now(UTC)
    external = queries.contact_of(associate_id=own.id, person_id=person_id)
    if external is None:
        raise PermissionDenied(_("Only an associate with a client book may do this."))
    script = page_script(request)
    drafts = queries.drafts(house_id, associate_id=own.id, person_id=person_id, limit=8)
    context = {
        "person": people.of_house(house_id=house_id, person_id=person_id),
        "own": own,
        "external": external,
        "choices": attachments(request, now),
        "markets": queries.markets(house_id, now=now),
        "tags": queries.tags_of(house_id, person_id),
        "suggested": queries.suggestions(house_id, text="", market="", now=now),
        "drafts": [(row, why(house_id, row.rules)) for row in drafts],
        "text_chars_max": TEXT_CHARS_MAX,
        "key": new_token(),
        "script": script,
    }
    return let_in(show(request, "clients", "composer/compose.html", context), script)


@form("associate", "supervisor", back="desk:composer")
def judge(request: StaffRequest) -> HttpResponse:
    """What policy says of the words so far, and what the shelf has that is near them."""
    house_id, now = request.member.house_id, datetime.now(UTC)
    text = request.POST.get("text", "")[:TEXT_CHARS_MAX]
    channel = "moments" if request.POST.get("to") == "many" else "composer"
    version = request.POST.get("version", "")
    row = content.version(house_id, rules.whole(version), now=now) if version else None
    check = clienteling.check_draft(
        house_id=house_id,
        text=text,
        version_id=row.id if row and row.is_in_force else None,
        language=language(),
        channel=channel,
        now=now,
    )
    context = {
        "check": check,
        "why": why(house_id, check.rules),
        "text": text,
        "suggested": queries.suggestions(
            house_id, text=text, market=request.POST.get("market", "")[:8], now=now
        ),
    }
    return show_part(request, "composer/verdict.html", context)


@form("associate", back="desk:composer")
def send(request: StaffRequest, person_id: int) -> HttpResponseBase:
    """Ask leave for a message; outside WeCom what is cleared goes to the associate's phone to be confirmed."""
    own, wants_json = must_be_associate(request), request.headers.get("Accept") == "application/json"
    person_id, now = of_house(request, person_id), datetime.now(UTC)
    try:
        card = clienteling.submit_draft(
            house_id=request.member.house_id,
            associate_id=own.id,
            person_id=person_id,
            text=request.POST.get("text", "").strip()[:TEXT_CHARS_MAX],
            attachment=_attachment(request, now),
            version_id=rules.whole(request.POST.get("version", "")) or None,
            key=request.POST.get("key", "")[:64] or new_token(),
            language=language(),
            now=now,
        )
    except (*REFUSED, ContentRefused) as refused:
        words = refused.text(language()) if isinstance(refused, ContentRefused) else words_of(refused)
        if wants_json:
            return JsonResponse({"state": "refused", "words": words})
        warn(request, words)
        return redirect("desk:compose", person_id)
    if wants_json:
        return JsonResponse({"state": card.state, "draft": card.id, "words": _told(request, card)})
    if card.state == "cleared":
        _to_phone(request, own, card.id)
    else:
        warn(request, _told(request, card))
    return redirect("desk:compose", person_id)


def _told(request: StaffRequest, card: DraftCard) -> str:
    """What became of a draft, why, and what to write instead."""
    said = [labels.label("draft", card.state) + "."]
    said += [f"{each}." for each in why(request.member.house_id, card.rules)]
    return " ".join([*said, *card.advice])


def _to_phone(request: StaffRequest, own: AssociateCard, draft_id: int) -> None:
    with telling(request, _("It is on your phone: confirm it in WeCom.")):
        clienteling.prepare_draft(
            house_id=request.member.house_id, associate_id=own.id, draft_id=draft_id, now=datetime.now(UTC)
        )


@form("associate", back="desk:composer")
def hand(request: StaffRequest, draft_id: int) -> HttpResponseBase:
    """What WeCom's client shall send for a draft that may leave."""
    own = must_be_associate(request)
    origin = f"{request.scheme}://{request.get_host()}"
    try:
        handing = clienteling.hand_over(
            house_id=request.member.house_id,
            associate_id=own.id,
            draft_id=draft_id,
            origin=origin,
            now=datetime.now(UTC),
        )
    except REFUSED as refused:
        return JsonResponse({"state": "refused", "words": words_of(refused)})
    return JsonResponse({"state": "ready", "draft": draft_id, "messages": handing.messages})


@form("associate", back="desk:composer")
def handed(request: StaffRequest, draft_id: int) -> HttpResponseBase:
    """The associate has sent it in the chat."""
    own = must_be_associate(request)
    try:
        clienteling.note_handed(
            house_id=request.member.house_id, associate_id=own.id, draft_id=draft_id, now=datetime.now(UTC)
        )
    except REFUSED as refused:
        return JsonResponse({"state": "refused", "words": words_of(refused)})
    return JsonResponse({"state": "sent", "words": _("Sent.")})


@form("associate", back="desk:composer")
def prepare(request: StaffRequest, draft_id: int) -> HttpResponseBase:
    """Put a released or cleared draft on the associate's phone."""
    own = must_be_associate(request)
    row = queries.draft(request.member.house_id, draft_id)
    if row is None or row.associate_id != own.id:
        raise Http404
    _to_phone(request, own, draft_id)
    return redirect("desk:compose", row.person_id)


@page("clients")
def held(request: StaffRequest) -> HttpResponse:
    """What waits for a supervisor, and what was decided lately; an associate sees their own."""
    house_id, own = request.member.house_id, own_of(request)
    is_judge = sees_all(request)
    mine = None if is_judge or own is None else own.id
    if mine is None and not is_judge:
        raise PermissionDenied(_("Only an associate with a client book may do this."))
    waiting = queries.drafts(house_id, associate_id=mine, states=["held"])
    decided = queries.drafts(house_id, associate_id=mine, states=["released", "refused"], limit=20)
    many = queries.outreaches(house_id, associate_id=mine, states=["held"])
    names = known.cards({row.person_id for row in [*waiting, *decided]})
    context = {
        "waiting": [(row, names[row.person_id], why(house_id, row.rules)) for row in waiting],
        "decided": [(row, names[row.person_id], why(house_id, row.rules)) for row in decided],
        "many": [(row, why(house_id, row.rules)) for row in many],
        "is_judge": is_judge,
        "user_id": request.member.user_id,
    }
    return show(request, "clients", "composer/held.html", context)


@page("clients")
def picture(request: StaffRequest, name: str) -> HttpResponse:
    """A picture that is meant for clients, to whoever may write to them."""
    image = content.picture(request.member.house_id, name)
    if image is None:
        raise Http404
    response = HttpResponse(image, content_type=media_type_of(image))
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@form("supervisor", back="desk:held")
def decide(request: StaffRequest, draft_id: int) -> HttpResponseBase:
    """Release a held message or refuse it, with the reason."""
    release = request.POST.get("release") == "yes"
    with telling(request, _("Released.") if release else _("Refused; the associate sees why.")):
        clienteling.decide_draft(
            house_id=request.member.house_id,
            user_id=request.member.user_id,
            draft_id=draft_id,
            release=release,
            reason=request.POST.get("reason", "")[:500],
            now=datetime.now(UTC),
        )
    return redirect("desk:held")


def why(house_id: int, rule_ids: Iterable[str]) -> list[str]:
    """The rules that stopped a message, as the kinds of breach they stand for."""
    found = []
    for rule_id in rule_ids:
        rule = rule_of(house_id, rule_id)
        if rule_id == UNAPPROVED:
            found.append(_("Not among the approved content"))
        elif rule is not None:
            found.append(labels.label("category", rule.category))
    return list(dict.fromkeys(found))


def attachments(request: StaffRequest, now: datetime, *, to_many: bool = False) -> Choices:
    """What may go with a message, by kind: the value a form sends and the title a client reads."""
    house_id = request.member.house_id
    approved = {row.product_code for row in content.in_force(house_id, now=now) if row.text}
    products = [
        (f"product:{each.code}", each.name)
        for each in boutique.products(house_id=house_id)
        if each.code in approved and not to_many
    ]
    day = today(request, now)
    places = [
        (f"place:{each.code}", each.name) for each in guide.places(house_id, day=day, language="zh-hans")
    ]
    points = [
        (f"appointment:{each.code}", f"预约到店 · {each.code}")
        for each in boutique.sales_points(house_id=house_id)
    ]
    titles = {"home": "首页", "boutique": "精品店", "plan": "我的行程"}
    cards = [(f"card:{code}", titles.get(code, code)) for code in CARD_PAGES]
    groups = [
        (_("Product"), products),
        (_("Place"), places),
        (_("Appointment link"), points),
        (_("Mini program"), cards),
    ]
    return [(name, rows) for name, rows in groups if rows]


def _attachment(request: StaffRequest, now: datetime) -> Attachment:
    """What the form chose or uploaded."""
    names = pictures_of(request)
    if names:
        return Attachment("image", picture=names[0])
    return chosen(request, now)


def chosen(request: StaffRequest, now: datetime, *, to_many: bool = False) -> Attachment:
    """The card that the form chose from the list; raises FormRefused."""
    wanted = request.POST.get("attach", "")
    if not wanted:
        return Attachment()
    titles = {
        value: title for _group, rows in attachments(request, now, to_many=to_many) for value, title in rows
    }
    if wanted not in titles:
        raise rules.FormRefused(rules.Refusal.UNKNOWN_CHOICE)
    kind, _colon, code = wanted.partition(":")
    return Attachment(kind, code, titles[wanted])


def pictures_of(request: StaffRequest) -> list[str]:
    """The uploaded pictures, kept; raises the shelf's Refused for what is no picture."""
    names = []
    for file in request.FILES.getlist("picture")[:9]:
        data = file.read(PICTURE_BYTES_MAX + 1) if file.size and file.size <= PICTURE_BYTES_MAX else b""
        names.append(content_work.keep_picture(house_id=request.member.house_id, image=data))
    return names
