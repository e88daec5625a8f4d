"""Who may come in, and what each role and each house may see."""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from seta.desk.labels import JOB_URL
from seta.desk.rules import TRIES_MAX
from seta.houses.rules import JOBS
from tests.desk.conftest import PASSWORD, ROLES, World

IDS = {
    "conversation_id": 1,
    "article_id": 1,
    "publication_id": 1,
    "broadcast_id": 1,
    "person_id": 1,
    "follow_up_id": 1,
    "alert_id": 1,
    "order_id": 1,
    "variant_id": 1,
    "product_id": 1,
    "collection_id": 1,
    "lookbook_id": 1,
    "look_id": 1,
    "price_id": 1,
    "window_id": 1,
    "picture_id": 1,
    "transfer_id": 1,
    "request_id": 1,
    "proposal_id": 1,
    "seat_id": 1,
    "drop_id": 1,
    "popup_id": 1,
    "rule_set_id": 1,
    "payment_id": 1,
    "refund_id": 1,
    "break_id": 1,
    "batch_id": 1,
    "journal_id": 1,
    "export_id": 1,
    "hold_id": 1,
    "run_id": 1,
    "witness_id": 1,
    "handover_id": 1,
    "terminal_id": 1,
    "item_id": 1,
    "trigger": "arrival",
    "what": "note",
    "delivery_id": 1,
    "dispute_id": 1,
    "closing_id": 1,
    "change_id": 1,
    "draw_id": 1,
    "hit_id": 1,
    "release_id": 1,
    "rule_id": "pay.personal-transfer",
    "endpoint_id": 1,
    "draft_id": 1,
    "fitting_id": 1,
    "bag_id": 1,
    "outreach_id": 1,
    "way_id": 1,
    "house_id": 1,
    "house": "serica",
    "name": "0" * 64,
    "account_id": 1,
    "size": 1,
    "public_id": "cons_none",
    "recording_id": 1,
    "media_id": 1,
    "version_id": 1,
    "verb": "submit",
    "sha256": "0" * 64,
    "code": "duomo",
    "currency": "EUR",
}
OPEN = {"composer_cover", "composer_enter", "sign_in", "sign_out"}


def addresses() -> list[str]:
    """Every address of the desk."""
    found = []
    for resolver in get_resolver().url_patterns:
        for pattern in getattr(resolver, "url_patterns", []):
            if getattr(resolver, "app_name", "") == "desk" and pattern.name not in OPEN:
                wanted = {name: IDS[name] for name in pattern.pattern.converters}
                found.append(reverse(f"desk:{pattern.name}", kwargs=wanted))
    return found


@pytest.mark.django_db
def test_a_stranger_is_sent_to_the_sign_in_from_every_address() -> None:
    assert len(addresses()) > 50
    for address in addresses():
        for answer in (Client().get(address), Client().post(address)):
            assert answer.status_code == 302, address
            assert answer["Location"].startswith(("/desk/sign-in/", "/desk/")), address
        final = Client().get(address, follow=True)
        assert final.redirect_chain[-1][0].startswith("/desk/sign-in/"), address


def test_the_right_password_opens_the_desk_in_the_members_language(world: World) -> None:
    client = Client()

    done = client.post(
        "/desk/sign-in/", {"username": "finance", "password": PASSWORD, "next": "/desk/money/"}
    )

    assert (done.status_code, done["Location"]) == (302, "/desk/money/")
    assert done.cookies["django_language"].value == "en"
    assert client.get("/desk/money/").status_code == 200


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_led_away_after_signing_in(world: World, where: str) -> None:
    done = Client().post("/desk/sign-in/", {"username": "admin", "password": PASSWORD, "next": where})

    assert done["Location"] == "/desk/"


def test_a_wrong_password_is_told_and_too_many_lock_the_name(world: World) -> None:
    wrong = {"username": "finance", "password": "not it"}
    answers = [
        Client().post("/desk/sign-in/", wrong, headers={"accept-language": "it"}) for _ in range(TRIES_MAX)
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert "Il nome o la password non è giusto" in answers[0].content.decode()

    right = Client().post("/desk/sign-in/", {"username": "finance", "password": PASSWORD})
    other = Client().post("/desk/sign-in/", {"username": "admin", "password": PASSWORD})

    assert right.status_code == 429
    assert other.status_code == 302


def test_signing_out_ends_the_session(world: World) -> None:
    client = world.sign_in("finance")

    client.post("/desk/sign-out/")

    assert client.get("/desk/money/").status_code == 302


def test_a_form_without_its_token_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(_user(world, "finance"))

    answer = client.post("/desk/money/settle/", {"currency": "EUR", "day": "2026-11-22"})

    assert answer.status_code == 403
    assert "too old" in answer.content.decode()


def _user(world: World, name: str):  # type: ignore[no-untyped-def]
    from django.contrib.auth import get_user_model  # noqa: PLC0415  Django must be ready

    return get_user_model().objects.get(pk=world.user_id(name))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_own_jobs_and_no_other(world: World, role: str) -> None:
    client = world.sign_in(role)
    for job, name in JOB_URL.items():
        answer = client.get(reverse(name), follow=True)
        assert (answer.status_code == 200) == (job in JOBS[role]), (role, job)
        assert answer.status_code in (200, 403)


def test_a_page_of_another_job_says_so_and_shows_the_way_back(world: World) -> None:
    answer = world.sign_in("associate").get("/desk/money/")

    assert answer.status_code == 403
    assert "belongs to another job" in answer.content.decode()
    assert 'href="/desk/"' in answer.content.decode()


def test_another_houses_rows_are_no_pages(world: World) -> None:
    client, theirs = world.sign_in("admin"), world.theirs
    judged = {"verdict": "true_positive", "reason": "x"}
    reads = [
        f"conversations/{theirs.conversation}/",
        f"clients/{theirs.client}/",
        f"boutique/orders/{theirs.order.order_id}/",
        f"boutique/till/{theirs.order.order_id}/",
        f"drops/{theirs.drop}/",
        f"review/{theirs.alert}/",
        "money/payments/999/",
        "money/batches/999/",
        "stores/nowhere/screen/",
    ]
    presses = [
        f"conversations/{theirs.conversation}/reply/",
        f"boutique/orders/{theirs.order.order_id}/refund/",
        f"boutique/till/{theirs.order.order_id}/cancel/",
        f"boutique/till/{theirs.order.order_id}/charge/",
        f"drops/{theirs.drop}/open/",
        f"review/{theirs.alert}/verdict/",
        f"review/{theirs.alert}/claim/",
        "money/breaks/999/resolve/",
        "money/batches/999/confirm/",
        "money/refunds/999/approve/",
        "boutique/refunds/999/approve/",
    ]

    assert {path: client.get(f"/desk/{path}").status_code for path in reads} == dict.fromkeys(reads, 404)
    assert {path: client.post(f"/desk/{path}", judged).status_code for path in presses} == dict.fromkeys(
        presses, 404
    )
    theirs_now = world.sign_in("marketing-lucente").get("/desk/drops/").content.decode()
    assert "Draft" in theirs_now


def test_a_piece_that_refreshes_after_the_session_has_ended_takes_the_whole_page_along(world: World) -> None:
    answer = Client().get("/desk/sign-in/?next=/desk/today/live/", headers={"hx-request": "true"})

    assert answer["HX-Redirect"] == "/desk/sign-in/"
