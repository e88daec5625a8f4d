"""A house's own rules: proposed by one person, agreed to by another, tried in shadow, then live."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import F, Max, QuerySet

from seta.oversight import policy as policies
from seta.oversight.models import HouseList, HousePolicy, PolicyRelease
from seta.oversight.operations.audit import append_audit
from seta.oversight.rules import PolicyError, compile_rules, fold
from seta.oversight.rules.proving import failures

LIST_WORDS_MAX = 50_000
WORD_CHARS_MAX = 100
YAML_CHARS_MAX = 1_000_000
NOTE_CHARS_MAX = 300
_State = PolicyRelease.State


class ReleaseRefusal(StrEnum):
    """Why a release or list may not be changed so."""

    UNKNOWN = "unknown"
    OWN_RELEASE = "own_release"
    NOT_APPROVED = "not_approved"
    WRONG_STATE = "wrong_state"
    BAD_LIST = "bad_list"
    TOO_LONG = "too_long"


class ReleaseRefused(ValueError):
    """A change of a house's policy that was refused; nothing has changed."""

    def __init__(self, code: ReleaseRefusal) -> None:
        super().__init__(code.value)
        self.code = code


@transaction.atomic
def propose_release(*, house_id: int, yaml: str, author_id: int, now: datetime, note: str = "") -> int:
    """Keep a document as a draft; returns its id. A rule with the id of a shipped rule will take its place.

    Raises PolicyError naming the rule and line when it cannot be used or a rule fails its own tests, ReleaseRefused
    TOO_LONG.
    """
    if len(yaml) > YAML_CHARS_MAX or len(note) > NOTE_CHARS_MAX:
        raise ReleaseRefused(ReleaseRefusal.TOO_LONG)
    rules = policies.check(yaml, house_id)
    if not rules:
        raise PolicyError("release.yaml: has no rule")
    failed = failures(compile_rules(rules))
    if failed:
        raise PolicyError(f"release.yaml: {failed[0]} ({len(failed)} of its tests fail)")
    _lock(house_id, now)
    last = PolicyRelease.objects.filter(house_id=house_id).aggregate(last=Max("number"))["last"]
    release = PolicyRelease.objects.create(
        house_id=house_id,
        number=(last or 0) + 1,
        yaml=yaml,
        sha256=hashlib.sha256(yaml.encode()).hexdigest(),
        note=note,
        author_id=author_id,
        created_at=now,
        changed_at=now,
    )
    _log(release, "policy.proposed", author_id, now)
    return release.pk


@transaction.atomic
def approve_release(*, house_id: int, release_id: int, approver_id: int, now: datetime) -> None:
    """Agree to a release; never one's own. Raises ReleaseRefused."""
    release = _release(house_id, release_id)
    if release.author_id == approver_id:
        raise ReleaseRefused(ReleaseRefusal.OWN_RELEASE)
    if release.state not in (_State.DRAFT, _State.SHADOW):
        raise ReleaseRefused(ReleaseRefusal.WRONG_STATE)
    release.approved_by_id, release.approved_at, release.changed_at = approver_id, now, now
    release.save()
    _log(release, "policy.approved", approver_id, now)


@transaction.atomic
def try_release(*, house_id: int, release_id: int, user_id: int, now: datetime) -> None:
    """Run a draft in shadow: its hits are noted, nothing is held; a release tried before is a draft again."""
    _lock(house_id, now)
    release = _release(house_id, release_id)
    if release.state != _State.DRAFT:
        raise ReleaseRefused(ReleaseRefusal.WRONG_STATE)
    _move(PolicyRelease.objects.filter(house_id=house_id, state=_State.SHADOW), _State.DRAFT, now)
    release.state, release.changed_at = _State.SHADOW, now
    release.save()
    _changed(house_id, now)
    _log(release, "policy.shadow", user_id, now)


@transaction.atomic
def publish_release(*, house_id: int, release_id: int, user_id: int, now: datetime) -> None:
    """Put an approved release in force for the house; the release before it is retired. Raises ReleaseRefused.

    Never by its author: who writes a rule does not put it in force.
    """
    _lock(house_id, now)
    release = _release(house_id, release_id)
    if release.author_id == user_id:
        raise ReleaseRefused(ReleaseRefusal.OWN_RELEASE)
    if release.state not in (_State.DRAFT, _State.SHADOW):
        raise ReleaseRefused(ReleaseRefusal.WRONG_STATE)
    if release.approved_at is None:
        raise ReleaseRefused(ReleaseRefusal.NOT_APPROVED)
    _move(PolicyRelease.objects.filter(house_id=house_id, state=_State.LIVE), _State.RETIRED, now)
    release.state, release.changed_at = _State.LIVE, now
    release.save()
    _changed(house_id, now)
    _log(release, "policy.published", user_id, now)


@transaction.atomic
def retire_release(*, house_id: int, release_id: int, user_id: int, now: datetime) -> None:
    """Take a release out of force or off trial; the shipped rules judge again. Raises ReleaseRefused.

    An author may withdraw what judges nobody yet; what is in force ends by another.
    """
    _lock(house_id, now)
    release = _release(house_id, release_id)
    if release.state == _State.LIVE and release.author_id == user_id:
        raise ReleaseRefused(ReleaseRefusal.OWN_RELEASE)
    if release.state == _State.RETIRED:
        raise ReleaseRefused(ReleaseRefusal.WRONG_STATE)
    release.state, release.changed_at = _State.RETIRED, now
    release.save()
    _changed(house_id, now)
    _log(release, "policy.retired", user_id, now)


@transaction.atomic
def set_list(*, house_id: int, name: str, words: Sequence[str], user_id: int, now: datetime) -> None:
    """Give the house's words for a list of its rules, in place of those given before; none takes the list away.

    Raises ReleaseRefused BAD_LIST for too many words, a long one, or one with nothing to look for.
    """
    kept = list(dict.fromkeys(word.strip() for word in words))
    if len(kept) > LIST_WORDS_MAX or not 1 <= len(name) <= 80:
        raise ReleaseRefused(ReleaseRefusal.BAD_LIST)
    if any(len(word) > WORD_CHARS_MAX or not fold(word) for word in kept):
        raise ReleaseRefused(ReleaseRefusal.BAD_LIST)
    _lock(house_id, now)
    if kept:
        HouseList.objects.update_or_create(
            house_id=house_id, name=name, defaults={"words": kept, "changed_at": now}
        )
    else:
        HouseList.objects.filter(house_id=house_id, name=name).delete()
    _changed(house_id, now)
    details = {"list": name, "words": len(kept), "user": user_id}
    append_audit(house_id=house_id, kind="policy.list", details=details, now=now)


def _lock(house_id: int, now: datetime) -> None:
    """One change of a house's policy at a time."""
    HousePolicy.objects.get_or_create(house_id=house_id, defaults={"changed_at": now})
    HousePolicy.objects.select_for_update().get(house_id=house_id)


def _changed(house_id: int, now: datetime) -> None:
    """Let every process compile anew; a policy that cannot be compiled undoes the change."""
    policies.build(house_id)
    HousePolicy.objects.filter(house_id=house_id).update(revision=F("revision") + 1, changed_at=now)


def _release(house_id: int, release_id: int) -> PolicyRelease:
    found = (
        PolicyRelease.objects.select_for_update(of=("self",)).filter(house_id=house_id, pk=release_id).first()
    )
    if found is None:
        raise ReleaseRefused(ReleaseRefusal.UNKNOWN)
    return found


def _move(releases: QuerySet[PolicyRelease], state: str, now: datetime) -> None:
    releases.update(state=state, changed_at=now)


def _log(release: PolicyRelease, kind: str, user_id: int, now: datetime) -> None:
    details = {"release": release.number, "sha256": release.sha256, "user": user_id}
    append_audit(house_id=release.house_id, kind=kind, details=details, now=now)
