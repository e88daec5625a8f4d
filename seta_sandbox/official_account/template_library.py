"""The public library of subscription notices: categories, titles and their keywords."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Keyword:
    """One line of a notice; `rule` is the kind that limits its value."""

    kid: int
    name: str
    rule: str
    example: str

    @property
    def field(self) -> str:
        """The keyword's name in `data`, such as `thing1`."""
        return f"{self.rule}{self.kid}"


@dataclass(frozen=True)
class Title:
    """A notice of the library; `kind` is 2 (one-off) or 3 (long-term)."""

    tid: int
    title: str
    category: int
    keywords: tuple[Keyword, ...]
    kind: int = 2


CATEGORIES: dict[int, str] = {307: "服装/鞋/箱包", 616: "旅游", 644: "商家自营"}


def _keywords(*lines: tuple[str, str, str]) -> tuple[Keyword, ...]:
    return tuple(Keyword(kid, *line) for kid, line in enumerate(lines, start=1))


TITLES: tuple[Title, ...] = (
    Title(
        1001,
        "预约成功通知",
        307,
        _keywords(("预约门店", "thing", "蒙特拿破仑大街店"), ("预约时间", "time", "2026年11月22日 15:30"),
                  ("预约状态", "phrase", "已确认"), ("备注", "thing", "请准时到店")),
    ),
    Title(
        1002,
        "订单支付成功通知",
        644,
        _keywords(("订单编号", "character_string", "SM-2026-001"), ("支付金额", "amount", "¥8,888.00"),
                  ("商品名称", "thing", "真丝方巾"), ("支付时间", "time", "2026年11月22日 15:30")),
    ),
    Title(
        1003,
        "订单发货通知",
        644,
        _keywords(("订单编号", "character_string", "SM-2026-001"), ("快递公司", "thing", "国际快递"),
                  ("快递单号", "character_string", "IT123456789"), ("发货时间", "time", "2026年11月22日 15:30")),
    ),
    Title(
        1004,
        "新品上架提醒",
        307,
        _keywords(("商品名称", "thing", "真丝方巾"), ("上架时间", "time", "2026年11月22日 15:30"),
                  ("温馨提示", "thing", "限量发售")),
    ),
    Title(
        1005,
        "行程开始提醒",
        616,
        _keywords(("行程名称", "thing", "米兰三日"), ("开始时间", "time", "2026年11月22日 09:00"),
                  ("出发地点", "thing", "大教堂广场"), ("联系电话", "phone_number", "+39-02-0000000")),
    ),
    Title(
        1006,
        "退款成功通知",
        644,
        _keywords(("订单编号", "character_string", "SM-2026-001"), ("退款金额", "amount", "¥8,888.00"),
                  ("退款时间", "time", "2026年11月22日 15:30")),
        kind=3,
    ),
)  # fmt: skip
BY_TID = {title.tid: title for title in TITLES}
