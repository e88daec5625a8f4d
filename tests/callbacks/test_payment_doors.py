"""A payment notification is believed only when its provider signed it, and sent again until it is booked."""

import time
from collections.abc import Iterator

import pytest

from seta.callbacks.models import Callback
from tests.callbacks import world
from tests.callbacks.world import Doors

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def doors() -> Iterator[Doors]:
    with world.open_doors() as doors:
        yield doors


def test_a_genuine_notification_is_handled_once_however_often_it_comes(doors: Doors) -> None:
    body, headers = world.paid()

    statuses = [doors.post("wechatpay", body, headers=headers).status_code for _ in range(3)]

    assert statuses == [204, 204, 204]
    assert doors.handled == ["EV-1"]
    assert Callback.objects.get().repeats == 2


@pytest.mark.parametrize(
    "forgery",
    [
        {"Wechatpay-Signature": "WECHATPAY/SIGNTEST/c2lnbmVk"},
        {"Wechatpay-Signature": "bm90IHNpZ25lZA=="},
        {"Wechatpay-Serial": "PUB_KEY_ID_OF_A_STRANGER"},
        {"Wechatpay-Timestamp": "1"},
        {"Wechatpay-Timestamp": "9" * 4_000},
    ],
)
def test_a_forgery_and_the_platforms_own_probe_are_not_acknowledged(
    doors: Doors, forgery: dict[str, str]
) -> None:
    body, headers = world.paid()

    reply = doors.post("wechatpay", body, headers={**headers, **forgery})

    assert reply.status_code == 401
    assert reply.json()["code"] == "FAIL"
    assert Callback.objects.count() == 0


def test_a_notification_that_cannot_be_booked_is_refused_and_then_booked_once(doors: Doors) -> None:
    doors.failing = 1
    body, headers = world.paid()

    replies = [doors.post("wechatpay", body, headers=headers) for _ in range(3)]

    assert [reply.status_code for reply in replies] == [500, 204, 204]
    assert replies[0].json()["code"] == "FAIL"
    assert doors.handled == ["EV-1"]
    assert Callback.objects.count() == 1


def test_alipay_hears_success_only_when_its_notification_is_booked(doors: Doors) -> None:
    doors.failing = 1
    form = world.alipay_form()

    replies = [doors.post("alipay", form) for _ in range(3)]

    assert [(reply.status_code, reply.text) for reply in replies] == [
        (500, "fail"),
        (200, "success"),
        (200, "success"),
    ]
    assert doors.handled == ["N-1"]


def test_an_altered_alipay_notification_is_refused(doors: Doors) -> None:
    form = world.alipay_form().replace(b"SETA0002", b"SETA0003")

    reply = doors.post("alipay", form)

    assert reply.status_code == 403
    assert reply.text != "success"
    assert Callback.objects.count() == 0


def test_what_another_merchant_or_another_seller_is_told_is_refused(doors: Doors) -> None:
    resource = {"out_trade_no": "SETA0001", "mchid": "1900009999", "sub_mchid": world.APP_IDS["wechatpay"]}
    stranger = world.keys.notification({**resource, "trade_state": "SUCCESS"})
    headers = world.keys.signed_headers(stranger, at=int(time.time()))

    replies = [
        doors.post("wechatpay", stranger, headers=headers),
        doors.post("alipay", world.alipay_form(seller_id="2099")),
        doors.post("alipay", world.alipay_form(app_id="2021000000000002")),
    ]

    assert [reply.status_code for reply in replies] == [401, 403, 403]
    assert doors.handled == []
    assert Callback.objects.count() == 0


def test_an_old_notification_that_is_sent_again_later_is_refused(doors: Doors) -> None:
    body, _ = world.paid()
    headers = world.keys.signed_headers(body, at=int(time.time()) - 301)

    assert doors.post("wechatpay", body, headers=headers).status_code == 401
    assert Callback.objects.count() == 0
