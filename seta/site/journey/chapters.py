"""The twelve chapters, in order."""

from collections.abc import Sequence

from seta.site.journey.arrival import meet_the_ad, scan_the_poster, type_duomo
from seta.site.journey.closing import close_the_day, look_back, refund_a_part
from seta.site.journey.launch import race_for_ten
from seta.site.journey.planning import book_an_appointment, plan_a_day
from seta.site.journey.purchase import buy_at_the_till, buy_what_was_shared
from seta.site.journey.store import meet_the_associate
from seta.site.journey.story import Chapter

CHAPTERS: Sequence[Chapter] = (
    Chapter("A Moments advertisement is seen and tapped", "朋友圈广告：看见，点开", meet_the_ad),
    Chapter(
        "The Duomo poster is scanned, the account followed, the welcome sent",
        "扫海报，关注，欢迎语与小程序卡片",
        scan_the_poster,
    ),
    Chapter("`duomo` and 大教堂 find the same place", "输入 duomo 与 大教堂", type_duomo),
    Chapter("A day in Milan is planned inside the opening hours", "登录小程序，一日行程", plan_a_day),
    Chapter("An appointment is booked and confirmed", "预约精品店，订阅消息与日历", book_an_appointment),
    Chapter(
        "Check-in, an associate's contact, consent, and a reviewed alert",
        "到店，加顾问，同意存档，预警复核",
        meet_the_associate,
    ),
    Chapter(
        "A shared product is ordered and paid in CNY, booked in EUR",
        "顾问推荐，微信支付，双币入账",
        buy_what_was_shared,
    ),
    Chapter("A second purchase at the till by Alipay barcode", "收银台，支付宝付款码", buy_at_the_till),
    Chapter("Ten pieces, two hundred buyers, none oversold", "限量十件，两百人同时抢", race_for_ten),
    Chapter("A quarter of an order is refunded", "部分退款", refund_a_part),
    Chapter(
        "The day closes: bills, one planted break, settlement in EUR", "日终对账，结算欧元", close_the_day
    ),
    Chapter("From impression to paid: what it all meant", "从曝光到成交的复盘", look_back),
)
