"""Talk for the search bench: short Chinese messages of common and rare words, latin names and numbers."""

import random
from collections.abc import Iterator

_COMMON = [
    "您好", "请问", "这款", "包", "有货", "吗", "可以", "看看", "谢谢", "好的", "没问题", "我们", "店里",
    "米兰", "上海", "门店", "预约", "明天", "下午", "周末", "过来", "试穿", "尺码", "颜色", "黑色", "白色",
    "米色", "真丝", "羊绒", "大衣", "连衣裙", "丝巾", "皮带", "钱包", "手袋", "新款", "限量", "到货",
    "通知", "客人", "女士", "先生", "什么", "时候", "多少", "价格", "退税", "欧元", "人民币", "付款",
    "微信", "支付", "订单", "发货", "快递", "物流", "地址", "收到", "喜欢", "非常", "不错", "适合", "您的",
    "生日", "礼物", "包装", "专属", "顾问", "为您", "保留", "三天", "如果", "需要", "随时", "联系", "我",
    "的", "了", "是", "在", "有", "也", "都", "还", "就", "要", "会", "能", "去", "来", "说", "想", "和",
    "给", "对", "不", "很", "再", "先", "那", "这", "一下", "一个", "两件", "今天", "昨天", "晚上", "早上",
    "朋友", "推荐", "搭配", "鞋子", "外套", "里面", "介绍", "面料", "产地", "意大利", "手工", "制作",
    "保养", "清洗", "售后", "维修", "换货", "退款", "申请", "审核", "通过", "稍等", "马上", "帮您", "查询",
    "库存", "调货", "其他", "城市", "北京", "广州", "成都", "机场", "酒店", "行程", "餐厅", "大教堂",
    "运河", "布雷拉", "蒙特拿破仑", "大街", "地图", "路线", "打车", "地铁", "门票", "展览", "时装周",
    "邀请", "活动", "贵宾", "沙龙", "香槟", "开始", "结束", "时间", "安排", "照片", "视频", "发我", "清楚",
    "细节", "正面", "背面", "上身", "效果", "模特", "身高", "体重", "穿着", "舒服", "宽松", "修身", "显瘦",
    "百搭", "经典", "永恒", "优雅", "气质", "惊喜", "期待", "见面", "开心",
]  # fmt: skip
_LATIN = [
    "ok", "Serica", "Milano", "size", "IT42", "FR38", "VIP", "Brera", "SS27", "look", "bag", "silk",
    "grazie", "ciao", "app", "code", "PRADO", "tax", "free",
]  # fmt: skip
_RARE_CHARACTERS = 3_000
_RARE_WORDS = 60_000


class Talk:
    """An endless conversation; the same seed says the same."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        rare = [self._rare_word() for _ in range(_RARE_WORDS)]
        self._words = [*_COMMON, *_LATIN, *rare]
        total = 0.0
        self._weights = []
        for place in range(len(self._words)):
            # Words are used in proportion to one over their rank, as people do.
            total += 1 / (place + 8)
            self._weights.append(total)

    def _rare_word(self) -> str:
        place = int(_RARE_CHARACTERS * self._random.random() ** 2)
        other = int(_RARE_CHARACTERS * self._random.random() ** 2)
        return chr(0x4E00 + place * 6) + chr(0x4E00 + other * 6)

    def messages(self, number: int) -> Iterator[str]:
        """So many messages, twenty-odd characters each."""
        draw, words, weights = self._random, self._words, self._weights
        for place in range(number):
            said = "".join(draw.choices(words, cum_weights=weights, k=3 + int(15 * draw.random())))
            yield said if place % 7 else f"{said}，单号{draw.randrange(10**8)}"
