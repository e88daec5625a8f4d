"""The twelve chapters, in order."""

from collections.abc import Sequence

from seta.site.journey.arrival import meet_the_ad, scan_the_poster, type_duomo
from seta.site.journey.story import Chapter

CHAPTERS: Sequence[Chapter] = (
    Chapter("A Moments advertisement is seen and tapped", "朋友圈广告：看见，点开", meet_the_ad),
    Chapter(
        "The Duomo poster is scanned, the account followed, the welcome sent",
        "扫海报，关注，欢迎语与小程序卡片",
        scan_the_poster,
    ),
    Chapter("`duomo` and 大教堂 find the same place", "输入 duomo 与 大教堂", type_duomo),
)
