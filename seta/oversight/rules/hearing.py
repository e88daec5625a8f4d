"""Tells words that only happen to sound like a term from a term that somebody hides behind its sound."""

from collections.abc import Sequence
from functools import cache

from pypinyin.constants import PHRASES_DICT

# Longer sounds are not met by chance.
PLAIN_SYLLABLES_MAX = 4
# Words of everyday talk that the phrase dictionary leaves out because they have one reading only.
_EVERYDAY = """
电话 手机 专业 面积 于是 微信 付款 时候 现在 今天 明天 昨天 客服 您好 你好 谢谢 感谢 请问 可以
这个 那个 这边 那边 这里 那里 我们 你们 他们 她们 咱们 自己 什么 怎么 怎样 为什 因为 所以 但是
而且 如果 已经 还是 还有 没有 就是 不是 只是 只要 只有 需要 应该 可能 时间 地方 东西 问题 情况
方式 办法 先生 女士 顾客 商品 产品 订单 发货 收货 快递 物流 仓库 地址 发票 退款 退货 换货 售后
质量 颜色 尺码 大小 价格 优惠 活动 积分 会员 店铺 专柜 门店 预约 到店 到货 现货 缺货 补货 下单
支付 银行 账户 余额 收到 签收 配送 派送 包装 礼盒 贺卡 材质 面料 羊毛 真丝 皮革 保养 清洗 维修
保修 检测 申请 处理 反馈 联系 沟通 核实 确认 查询 安排 帮您 帮你 给您 给你 发您 发你 跟您 和您
对您 为您 祝您 请您 让您 等您 看您 如有 欢迎 喜欢 推荐 款式 搭配 新款 经典 系列 品牌 设计 工艺
手工 意大 米兰 上海 北京 早上 上午 中午 下午 晚上 周末 假期 生日 礼物 朋友 家人 老公 老婆 妈妈
爸爸 孩子 宝宝 姐姐 妹妹 先看 看看 试试 试穿 适合 合适 舒服 漂亮 好看 质感 颜值 百搭 显瘦 宽松
修身 正常 一般 比较 非常 特别 稍微 真的 确实 其实 当然 一下 一点 一些 一直 一起 一定 一样 一款
一件 一条 一双 一只 一个 两个 三个 几个 多少 几点 哪个 哪里 哪天 每天 每个 全部 所有 完全 马上
立刻 稍等 稍后 之后 以后 之前 以前 目前 最近 刚刚 刚才 突然 直接 重新 继续 开始 结束 完成 成功
失败 超时 过期 有效 系统 页面 点击 打开 登录 注册 密码 手续 信息 资料 图片 照片 视频 截图 链接
二维 小程 程序 公众 关注 绑定 服务 态度 体验 满意 投诉 建议 抱歉 麻烦 辛苦 理解 放心 担心 注意
记得 忘记 知道 明白 清楚 了解 觉得 感觉 希望 建立 酒店 宾馆 房间 前台 早餐 景区 市区 附近 交通
出租 机场 车站 地铁 停车 环境 干净 设施 卫生 方便 安静 位置 价位 性价 性能 屏幕 键盘 电池 散热
声音 速度 内容 作者 故事 小说 文章 读者 书籍 知识 学习 学校 学生 老师 工作 公司 社会 生活 世界
中国 人生 思想 历史 文化 出版 印刷 翻译 主要 重要 很多 许多 不少 不同 不过 不要 不会 不能 不错
不好 不知 不到 不了 不用 不如 而已 而言 以及 或者 还要 还会 还能 才能
"""


@cache
def everyday() -> frozenset[str]:
    """Words of two characters that ordinary talk uses."""
    return frozenset((*_EVERYDAY.split(), *(phrase for phrase in PHRASES_DICT if len(phrase) == 2)))


def plainly_said(folded: str, places: Sequence[tuple[int, int]], term: str) -> bool:
    """Whether what sounds like a term is ordinary words: a character that the term lacks stands in one of them.

    `places` are the spans in folded text of the sound's syllables, as many as the term has characters.
    """
    known = everyday()
    for (low, high), wanted in zip(places, term, strict=True):
        if high - low != 1 or folded[low] == wanted:
            continue
        if folded[max(0, low - 1) : low + 1] in known or folded[low : low + 2] in known:
            return True
    return False
