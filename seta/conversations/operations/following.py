"""Followers come, scan, tap the menu and leave; the worker greets them and learns who they are."""

from datetime import datetime

from django.db import transaction

from seta.callbacks.rules import Answer, Inbound
from seta.conversations import rules
from seta.conversations.events import AccountFollowed, AccountUnfollowed, CodeScanned
from seta.conversations.models import Follow
from seta.conversations.operations.keeping import Kept, keep_batch
from seta.conversations.operations.sending import send_card, upload_picture
from seta.conversations.rules import Reply
from seta.events.operations import publish
from seta.houses import queries as houses
from seta.kit.scenes import Scene
from seta.people import queries as people
from seta.people.operations import recognise
from seta.people.rules import IdentityKey


@transaction.atomic
def follow(inbound: Inbound, now: datetime) -> Answer:
    """Keep a new follower with the code they scanned, and greet them. Handles `event.subscribe`."""
    text = _scene_text(inbound)
    scene = Scene.decode(text)
    house = houses.house(inbound.house_id)
    kept = _keep(inbound, Reply(rules.welcome_text(house.name, scene)), now)
    spells = Follow.objects.filter(account_id=inbound.account_id, person_id=kept.person_id)
    returning = spells.exists()
    spells.filter(unfollowed_at=None).update(unfollowed_at=now)
    row = Follow.objects.create(
        house_id=inbound.house_id,
        account_id=inbound.account_id,
        person_id=kept.person_id,
        followed_at=now,
        scene=text,
        campaign=scene.campaign,
    )
    publish(
        AccountFollowed(
            house_id=inbound.house_id,
            occurred_at=now,
            person_id=kept.person_id,
            campaign=scene.campaign,
            account_id=inbound.account_id,
            follow_id=row.pk,
            scene=text,
            place=scene.place,
            boutique=scene.boutique,
            associate=scene.associate,
            product=scene.product,
            returning=returning,
        )
    )
    return kept.answer


@transaction.atomic
def unfollow(inbound: Inbound, now: datetime) -> Answer:
    """End the follower's spell; nothing can be answered. Handles `event.unsubscribe`."""
    kept = _keep(inbound, None, now)
    spell = Follow.objects.filter(
        account_id=inbound.account_id, person_id=kept.person_id, unfollowed_at=None
    ).first()
    if spell is None:
        return None
    spell.unfollowed_at = now
    spell.save(update_fields=["unfollowed_at"])
    publish(
        AccountUnfollowed(
            house_id=inbound.house_id,
            occurred_at=now,
            person_id=kept.person_id,
            campaign=spell.campaign,
            account_id=inbound.account_id,
            follow_id=spell.pk,
        )
    )
    return None


@transaction.atomic
def rescan(inbound: Inbound, now: datetime) -> Answer:
    """Answer a follower who scans a code. Handles `event.SCAN`."""
    text = _scene_text(inbound)
    scene = Scene.decode(text)
    kept = _keep(inbound, Reply(rules.scan_text(scene)), now)
    publish(
        CodeScanned(
            house_id=inbound.house_id,
            occurred_at=now,
            person_id=kept.person_id,
            campaign=scene.campaign,
            account_id=inbound.account_id,
            scene=text,
            place=scene.place,
            boutique=scene.boutique,
        )
    )
    return kept.answer


@transaction.atomic
def click_menu(inbound: Inbound, now: datetime) -> Answer:
    """Answer a menu button. Handles `event.CLICK`."""
    key = str(inbound.fields.get("EventKey") or "")
    return _keep(inbound, rules.click_reply(key), now).answer


def ignore(inbound: Inbound, now: datetime) -> Answer:
    """Take note of nothing: for events that need neither an answer nor a row, such as VIEW."""
    return None


def learn_follower(fact: AccountFollowed, now: datetime) -> None:
    """Ask the platform for the follower's unionid, by which the mini program knows the same person."""
    assert fact.person_id is not None
    account = houses.account_by_id(fact.account_id)
    openid = people.openid(people.current_id(fact.person_id), account.app_id) if account else None
    if account is None or openid is None:
        return
    follower = houses.official_account(fact.house_id).user_info(openid)
    if follower.unionid:
        identities = [
            IdentityKey("openid", account.app_id, openid),
            IdentityKey("unionid", "", follower.unionid),
        ]
        recognise(house_id=fact.house_id, identities=identities, now=now)


def send_welcome_card(fact: AccountFollowed, now: datetime) -> None:
    """Send the mini program card that the greeting announced; once a follow, however often it is called."""
    assert fact.person_id is not None
    house = houses.house(fact.house_id)
    picture = upload_picture(
        house_id=fact.house_id, picture=rules.card_picture(house.accent), filename="welcome.png", now=now
    )
    title, path = rules.welcome_card(house.name, fact.scene)
    send_card(
        house_id=fact.house_id,
        person_id=fact.person_id,
        title=title,
        path=path,
        image_media_id=picture,
        now=now,
        key=f"welcome:{fact.follow_id}",
    )


def _keep(inbound: Inbound, reply: Reply | None, now: datetime) -> Kept:
    (kept,) = keep_batch([inbound], [reply], now)
    return kept


def _scene_text(inbound: Inbound) -> str:
    key = inbound.fields.get("EventKey")
    return key.removeprefix("qrscene_")[:64] if isinstance(key, str) else ""
