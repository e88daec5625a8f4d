"""What the pages show and what their forms do, on real rows."""

import csv
import io

import pytest
from django.test import Client

from seta.boutique import queries as boutique
from seta.clienteling import queries as clienteling
from seta.conversations.models import Message
from seta.drops import queries as drops
from seta.oversight.models import Alert, AuditEvent
from seta.stores import queries as stores
from tests.desk.conftest import SCRIPT, World, enrol, import_some_partners, ready
from tests.payments.conftest import connect
from tests.sandbox_server import RunningSandbox

SAFE = "&lt;script&gt;"


@pytest.mark.parametrize(
    ("language", "word"),
    [("zh-hans", "优先处理"), ("en", "What needs a person"), ("it", "Che cosa serve per primo")],
)
def test_today_speaks_the_language_that_was_chosen(world: World, language: str, word: str) -> None:
    client = world.sign_in("admin")
    client.cookies["django_language"] = language

    page = client.get("/desk/").content.decode()

    assert word in page
    assert f'lang="{language}"' in page.lower()


def test_today_leads_to_what_waits_for_a_person(world: World) -> None:
    page = world.sign_in("admin").get("/desk/today/live/").content.decode()

    assert f"/desk/review/{world.ours.alert}/" in page
    assert f"/desk/conversations/{world.ours.conversation}/" in page


@pytest.mark.parametrize(
    "path", ["conversations/", "conversations/{c}/", "clients/", "clients/{p}/", "review/{a}/"]
)
def test_a_script_in_what_people_write_is_shown_as_text(world: World, path: str) -> None:
    ours = world.ours
    address = path.format(c=ours.conversation, p=ours.client, a=ours.alert)

    client = world.sign_in("admin")
    client.post("/desk/review/purpose/", {"purpose": "alert_review"})
    page = client.get(f"/desk/{address}").content.decode()

    assert SCRIPT not in page
    assert SAFE in page


def test_an_alert_marks_the_words_that_were_found(world: World) -> None:
    client = world.sign_in("supervisor")
    client.post("/desk/review/purpose/", {"purpose": "alert_review"})
    page = client.get(f"/desk/review/{world.ours.alert}/").content.decode()

    assert '您直接<mark title="pay.personal-transfer">微信转账到我个人账户 &lt;script&gt;' in page
    assert AuditEvent.objects.filter(house_id=world.ours.id, kind="conversation.read").exists()


def test_an_alert_is_taken_given_back_and_judged_with_a_reason(world: World) -> None:
    client, path = world.sign_in("supervisor"), f"/desk/review/{world.ours.alert}/"
    client.post("/desk/review/purpose/", {"purpose": "alert_review"})
    client.post(f"{path}claim/")
    assert Alert.objects.get(pk=world.ours.alert).state == "claimed"
    client.post(f"{path}release/")

    without = client.post(f"{path}verdict/", {"verdict": "true_positive", "reason": " "}, follow=True)
    judged = client.post(f"{path}verdict/", {"verdict": "true_positive", "reason": "私下收款"}, follow=True)

    assert "why you judge so" in without.content.decode()
    assert "私下收款" in judged.content.decode()
    assert Alert.objects.get(pk=world.ours.alert).state == "closed"


def test_a_reply_that_wechat_will_not_take_says_why(world: World) -> None:
    Message.objects.filter(conversation_id=world.ours.conversation).update(kind="event.VIEW")
    path = f"/desk/conversations/{world.ours.conversation}/"

    page = world.sign_in("associate").post(f"{path}reply/", {"text": "您好"}, follow=True).content.decode()

    assert "48-hour window is closed" in page
    assert Message.objects.get(direction="out").state == "failed"


def test_a_reply_against_policy_is_held_with_advice(world: World) -> None:
    path = f"/desk/conversations/{world.ours.conversation}/"

    page = (
        world.sign_in("associate")
        .post(f"{path}reply/", {"text": "您直接微信转账到我个人账户"}, follow=True)
        .content.decode()
    )

    assert "breaks the house&#x27;s policy" in page
    assert "official payment link" in page
    assert Message.objects.get(direction="out").state == "held"


def test_an_associate_opens_their_own_clients_only(world: World) -> None:
    enrol(world.ours.id, "colleague")
    path = f"/desk/clients/{world.ours.client}/"

    own = world.sign_in("associate").get(path)
    others = world.sign_in("colleague").get(path)
    supervisor = world.sign_in("supervisor").get(path)

    assert (own.status_code, others.status_code, supervisor.status_code) == (200, 403, 200)
    assert "this opening is logged" in supervisor.content.decode()
    assert "陈晓" not in world.sign_in("colleague").get("/desk/clients/").content.decode()
    assert AuditEvent.objects.filter(house_id=world.ours.id, kind="client.refused").exists()


def test_a_product_is_shared_from_the_clients_page(world: World) -> None:
    form = {"person_id": world.ours.client, "product_code": "scarf", "note": "为您留了一条。"}

    world.sign_in("associate").post("/desk/clients/share/", form)
    assert not clienteling.shares(world.ours.id), "nobody is written to who has not agreed to messages"
    ready(world)
    page = world.sign_in("associate").post("/desk/clients/share/", form, follow=True).content.decode()

    (share,) = clienteling.shares(world.ours.id)
    assert share.token in page
    refused = {**form, "note": "您直接微信转账到我个人账户"}
    page = world.sign_in("associate").post("/desk/clients/share/", refused, follow=True).content.decode()
    assert "breaks the house&#x27;s policy" in page
    assert len(clienteling.shares(world.ours.id)) == 1


def test_an_associate_checks_a_client_in(world: World) -> None:
    form = {"person_id": world.ours.client, "boutique": "monte-napoleone", "back": "client"}

    world.sign_in("associate").post("/desk/stores/check-in/", form)

    (visit,) = stores.visits_of(world.ours.client)
    assert (visit.means, visit.associate_id) == ("associate", world.ours.associates[0])


def test_a_stores_screen_shows_a_code_that_checks_in(world: World) -> None:
    answer = world.sign_in("associate").get(
        "/desk/stores/monte-napoleone/screen/", headers={"hx-request": "true"}
    )

    page = answer.content.decode()
    assert "<svg" in page
    assert "seta:checkin=monte-napoleone." in page


def test_orders_are_filtered_and_exported_without_formulas(world: World) -> None:
    client = world.sign_in("finance")

    shown = client.get("/desk/boutique/orders/?state=placed").content.decode()
    none = client.get("/desk/boutique/orders/?state=refunded").content.decode()
    file = b"".join(client.get("/desk/boutique/orders.csv").streaming_content)  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))

    assert world.ours.order.number in shown
    assert world.ours.order.number not in none
    assert [row["number"] for row in rows] == [world.ours.order.number]
    assert rows[0]["total"] == "8888.00"


@pytest.mark.parametrize(
    "query", ["state=%27", "from=99999999", "from=-1", "channel=x&boutique=x&q=%F0%9F%98%80"]
)
def test_odd_filters_show_a_page(world: World, query: str) -> None:
    assert world.sign_in("finance").get(f"/desk/boutique/orders/?{query}").status_code == 200


def test_a_text_that_no_database_can_hold_is_turned_away(world: World) -> None:
    client = world.sign_in("finance")

    shown = client.get("/desk/boutique/orders/?q=%00")
    pressed = client.post("/desk/money/settle/", {"currency": "EUR\x00", "day": "2026-11-20"})
    named = Client().post("/desk/sign-in/", {"username": "fin\x00ance", "password": "x"})

    assert (shown.status_code, pressed.status_code, named.status_code) == (400, 400, 403)
    assert "cannot be read" in shown.content.decode()


def test_a_drop_is_opened_paused_and_closed_with_its_names_kept(world: World) -> None:
    client, path = world.sign_in("marketing"), f"/desk/drops/{world.ours.drop}/"

    for step in ("open", "pause", "open", "close"):
        client.post(f"{path}{step}/")
    page = client.post(f"{path}open/", follow=True).content.decode()

    assert "does not allow this" in page
    actions = drops.actions(drop_id=world.ours.drop)
    assert [action.verb for action in actions] == ["plan", "open", "pause", "open", "close"]
    assert {action.user_id for action in actions[1:]} == {world.user_id("marketing")}


def test_a_places_hours_are_confirmed(world: World) -> None:
    client = world.sign_in("marketing")
    before = client.get("/desk/guide/places/?unsure=1").content.decode().count("to confirm")

    client.post("/desk/guide/places/duomo/confirm/")

    after = client.get("/desk/guide/places/?unsure=1").content.decode().count("to confirm")
    assert after == before - 1
    assert "by marketing" in client.get("/desk/guide/places/?q=duomo").content.decode()


def test_a_city_begins_with_its_partners_and_sells_nothing(world: World) -> None:
    from seta.houses.models import House  # noqa: PLC0415  only this test turns a maison into a city

    House.objects.filter(pk=world.ours.id).update(kind="destination")
    import_some_partners(world.ours.id)

    page = world.sign_in("marketing").get("/desk/guide/", follow=True).content.decode()

    assert "20 businesses are listed" in page
    assert "/desk/boutique/orders/" not in page


def test_money_pages_open_while_nothing_is_booked(world: World) -> None:
    client = world.sign_in("finance")

    for path in ("", "payments/", "breaks/", "batches/", "books/"):
        assert client.get(f"/desk/money/{path}").status_code == 200

    page = client.post("/desk/money/settle/", {"currency": "EUR", "day": "2026-11-20"}, follow=True)
    assert "Nothing is due" in page.content.decode()


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"provider": "bank", "day": "2026-11-20"}, "Choose one from the list."),
        ({"provider": "wechatpay", "day": "yesterday"}, "Choose a day"),
        ({"provider": "wechatpay", "day": "2026-11-20"}, "has not connected the account"),
    ],
)
def test_a_day_that_cannot_be_closed_says_why(world: World, form: dict[str, str], says: str) -> None:
    page = world.sign_in("finance").post("/desk/money/close-day/", form, follow=True).content.decode()

    assert says in page


def test_the_bill_of_a_day_without_sales_is_told_by_the_platform(
    world: World, sandbox: RunningSandbox
) -> None:
    connect(world.ours.id, sandbox)

    form = {"provider": "alipay", "day": "2026-11-20"}
    page = world.sign_in("finance").post("/desk/money/close-day/", form, follow=True).content.decode()

    assert 'class="notice' in page
    assert "Traceback" not in page


def test_the_search_box_finds_orders_clients_and_places_of_this_house_only(world: World) -> None:
    client = world.sign_in("admin")

    order = client.get(f"/desk/search/?q={world.ours.order.number}").content.decode()
    theirs = client.get(f"/desk/search/?q={world.theirs.order.number}").content.decode()
    person = client.get("/desk/search/?q=chenxiao").content.decode()
    place = client.get("/desk/search/?q=duomo").content.decode()

    assert f"/desk/boutique/orders/{world.ours.order.order_id}/" in order
    assert "Nothing found" in theirs
    assert f"/desk/clients/{world.ours.client}/" in person
    assert "/desk/guide/places/?q=duomo" in place


def test_every_component_has_its_place(world: World) -> None:
    page = world.sign_in("finance").get("/desk/design/").content.decode()

    for part in (
        "notice bad",
        "empty",
        "skeleton",
        "funnel",
        "bubble",
        "figure",
        "tablewrap",
        "aria-invalid",
    ):
        assert part in page


def test_products_show_what_is_left_where(world: World) -> None:
    page = world.sign_in("finance").get("/desk/boutique/products/").content.decode()

    (card,) = boutique.products(house_id=world.ours.id, language="en")
    assert card.name in page
    assert "¥8,888.00" in page


def test_nothing_of_the_desk_is_kept_by_a_browser(world: World) -> None:
    client = world.sign_in("admin")

    for path in ("", "today/live/", f"clients/{world.ours.client}/"):
        assert "no-store" in client.get(f"/desk/{path}")["Cache-Control"]


def test_figures_come_after_the_page(world: World) -> None:
    client = world.sign_in("finance")

    page = client.get("/desk/insights/").content.decode()
    figures = client.get("/desk/insights/", headers={"hx-request": "true"}).content.decode()

    assert "Counting the facts" in page
    assert "From impression to paid" in figures
