"""What the forms of a drop offer and what they say: a plan of each kind, and whom to invite."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.utils import timezone

from seta.boutique import queries as boutique
from seta.clienteling import queries as clienteling
from seta.desk import labels, rules
from seta.desk.rules import FormRefused, Refusal
from seta.desk.shell import language, zone_of
from seta.drops import queries
from seta.drops.queries import DropCard
from seta.drops.rules import HOLD_SECONDS, RANK_MAX, Kind, Proof, Ranks, State, Terms
from seta.houses.access import StaffRequest
from seta.kit.words import in_language
from seta.loyalty import queries as loyalty
from seta.people import queries as people

GUESTS_SHOWN = 200
Choice = TypeVar("Choice", Kind, Proof)


def form_of(
    request: StaffRequest, card: DropCard | None, written: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What the form of a plan shows: what is there to choose, and what was written or the draft as it stands."""
    house_id = request.member.house_id
    products = boutique.products(house_id=house_id, language=language())
    live = loyalty.live_rules(house_id)
    rights = live.program.rights if live is not None else {}
    return {
        "variants": [(str(each.id), _title(one.name, each)) for one in products for each in one.variants],
        "kinds": [(kind.value, labels.label("drop_kind", kind)) for kind in Kind],
        "proofs": [(proof.value, labels.label("drop_proof", proof)) for proof in Proof],
        "rights": [(code, in_language(right.name, language())) for code, right in sorted(rights.items())],
        "ranks": [str(rank) for rank in range(1, RANK_MAX + 1)],
        "draft": card,
        "values": written or _as_it_stands(request, card),
    }


def _title(name: str, variant: boutique.VariantCard) -> str:
    label = f" {variant.label}" if variant.label else ""
    return f"{name}{label} · {variant.sku} · {variant.available}"


def _as_it_stands(request: StaffRequest, card: DropCard | None) -> dict[str, str]:
    """The draft as its form says it, or what a new one begins with."""
    if card is None:
        return {"pieces": "10", "hold": str(HOLD_SECONDS // 60)}
    return {
        "code": card.code,
        "seen": card.edition,
        "variant": str(card.product.variants[0].id) if card.product.variants else "",
        "pieces": str(card.pieces),
        "kind": card.kind,
        "hold": str(card.hold_seconds // 60),
        "proof": card.proof,
        "right": card.right,
        "check_rank": str(card.check_rank or ""),
        "refuse_rank": str(card.refuse_rank or ""),
        "registration": "1" if card.needs_registration else "",
        "ticketed": "1" if card.needs_ticket else "",
        **_times(request, card),
    }


def _times(request: StaffRequest, card: DropCard) -> dict[str, str]:
    zone = zone_of(request)
    told = {"opens": card.opens_at, "turns": card.turns_at, "closes": card.closes_at}
    return {
        name: f"{timezone.localtime(at, zone):%Y-%m-%dT%H:%M}" for name, at in told.items() if at is not None
    }


def plan_of(request: StaffRequest) -> dict[str, Any]:
    """What the form says, as `plan_drop` takes it. Raises FormRefused for what cannot be read."""
    kind = _one_of(Kind, request.POST.get("kind", ""))
    return {
        "code": _code(request.POST.get("code", "")),
        "seen": request.POST.get("seen", ""),
        "variant_id": rules.number(request.POST.get("variant", "")),
        "pieces": rules.number(request.POST.get("pieces", "")),
        "opens_at": _instant(request, "opens"),
        "closes_at": _instant(request, "closes"),
        "hold_seconds": rules.number(request.POST.get("hold", "")) * 60,
        "terms": Terms(
            kind=kind,
            turns_at=_instant(request, "turns") if kind != Kind.FIRST_COME else None,
            needs_registration=bool(request.POST.get("registration")),
            proof=_one_of(Proof, request.POST.get("proof", "")),
            is_ticketed=bool(request.POST.get("ticketed")),
            right=_right(request),
            ranks=Ranks(_rank(request, "check_rank"), _rank(request, "refuse_rank")),
        ),
    }


def _one_of(words: type[Choice], said: str) -> Choice:
    try:
        return words(said)
    except ValueError:
        raise FormRefused(Refusal.UNKNOWN_CHOICE, said[:40]) from None


def _code(said: str) -> str:
    """A short name for addresses: small letters, digits and hyphens."""
    plain = said.strip().lower()
    if not 1 <= len(plain) <= 40 or not plain.isascii() or not plain.replace("-", "").isalnum():
        raise FormRefused(Refusal.UNKNOWN_CHOICE, said[:40])
    return plain


def _right(request: StaffRequest) -> str:
    said = request.POST.get("right", "")
    live = loyalty.live_rules(request.member.house_id)
    if said and (live is None or said not in live.program.rights):
        raise FormRefused(Refusal.UNKNOWN_CHOICE, said[:40])
    return said


def _rank(request: StaffRequest, name: str) -> int | None:
    said = request.POST.get(name, "")
    return rules.number(said) if said else None


def screening(card: DropCard) -> dict[str, Any]:
    """Whom WeChat found risky, by name, for whoever decides."""
    rows = queries.screenings(drop_id=card.id, limit=GUESTS_SHOWN)
    return {"screenings": rows, "screened_names": names(row.person_id for row in rows)}


def _instant(request: StaffRequest, name: str) -> datetime:
    """A time by the house's clock."""
    said = request.POST.get(name, "")
    try:
        local = datetime.fromisoformat(said)
    except ValueError:
        raise FormRefused(Refusal.BAD_DAY, said[:40]) from None
    return local.replace(tzinfo=zone_of(request)) if local.tzinfo is None else local


def guests(request: StaffRequest, card: DropCard) -> dict[str, Any]:
    """Who has pieces to give, who is invited, and what there is to invite by."""
    house_id = request.member.house_id
    advisers = {row.associate.id: row.associate.name for row in clienteling.associates(house_id)}
    invited = queries.invitations(drop_id=card.id, limit=GUESTS_SHOWN)
    return {
        "allocations": queries.allocations(drop_id=card.id),
        "advisers": advisers,
        "invitations": invited,
        "guest_names": names(row.person_id for row in invited),
        "tiers": [(code, str(words)) for code, words in labels.KINDS["tier_of_client"].items()],
        "can_invite": card.state != State.CLOSED,
    }


def names(person_ids: Iterable[int]) -> dict[int, str]:
    """Clients' names by their ids."""
    return {key: card.display_name for key, card in people.cards(person_ids).items()}
