"""The mini program's door to loyalty: where I stand, how I earned it, what earns, and all of it to take along."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router

from seta.kit.words import in_language
from seta.loyalty import queries
from seta.loyalty.rules.deeds import way_name
from seta.people.auth import Client, ClientAuth

router = Router(auth=ClientAuth(), tags=["loyalty"])


def said(request: HttpRequest) -> Client:
    """Who asks."""
    client: Client = request.auth  # type: ignore[attr-defined]
    return client


@router.get("/standing")
def my_standing(request: HttpRequest) -> dict[str, Any]:
    """My tier, its rights, my points and how far the next tier is; `is_live` is false while the house has no rules."""
    client = said(request)
    found = queries.standing(client.person_id, datetime.now(UTC), language=client.language)
    return {"is_live": bool(found.tier), **_standing(found)}


def _standing(found: queries.Standing) -> dict[str, Any]:
    names = zip(found.rights, found.right_names, strict=True)
    return {
        "program": found.program,
        "tier": found.tier,
        "name": found.name,
        "text": found.text,
        "avatar": {"level": found.level, "levels": found.levels},
        "points": found.points,
        "rights": [{"code": code, "name": name} for code, name in names],
        "next": {"tier": found.next_tier, "name": found.next_name, "missing": found.missing}
        if found.next_tier
        else None,
    }


@router.get("/earned")
def how_i_earned(request: HttpRequest) -> dict[str, Any]:
    """Every deed of mine, newest first, with what it counts for now and why not for more."""
    client = said(request)
    rows = queries.earned(client.person_id, datetime.now(UTC), language=client.language)
    return {"earned": [asdict(row) for row in rows]}


@router.get("/program")
def what_earns(request: HttpRequest) -> dict[str, Any]:
    """The rules in force in words: what each way gives, the most a day, how long it lasts, the tiers and rights."""
    client = said(request)
    live = queries.live_rules(client.house_id)
    if live is None:
        return {"is_live": False, "ways": [], "tiers": []}
    program, language = live.program, client.language
    return {
        "is_live": True,
        "name": in_language(program.name, language),
        "version": live.number,
        "since": live.since,
        "last_days": program.last_days,
        "ways": [
            {
                "way": way,
                "name": way_name(way, language),
                "points": terms.points,
                "per_yuan": terms.per,
                "daily_cap": terms.daily_cap,
            }
            for way, terms in program.earnings.items()
        ],
        "tiers": [
            {
                "tier": tier.code,
                "name": in_language(tier.name, language),
                "text": in_language(tier.text, language),
                "from": tier.start,
                "rights": [in_language(program.rights[code].name, language) for code in tier.rights],
            }
            for tier in program.tiers
        ],
    }


@router.get("/export")
def all_of_mine(request: HttpRequest) -> dict[str, Any]:
    """Everything that loyalty keeps of me, to take along."""
    client, now = said(request), datetime.now(UTC)
    return {
        "exported_at": now,
        "standing": _standing(queries.standing(client.person_id, now, language=client.language)),
        "ledger": [asdict(line) for line in queries.ledger(client.person_id)],
    }
