"""Characters written as something else: split into their parts, shown as a symbol, or called by another name."""

import re
from collections.abc import Iterable

# Each part as people type it side by side; one spelling a character, several where both are seen.
_SPLITS = """
加力口 信亻言 信人言 你亻尔 你人尔 们亻门 他亻也 代亻弋 付亻寸 付人寸 价亻介 价人介 件亻牛 低亻氐
便亻更 假亻叚 仿亻方 仿人方 做亻故 佣亻用 偷亻俞 借亻昔 优亻尤 优人尤 停亻亭 依亻衣 但亻旦 傻亻夋
仅亻又 保亻呆 保人呆 伙亻火 值亻直 像亻象 货化贝 贷代贝 账贝长 帐巾长 购贝勾 贩贝反 赔贝咅 赚贝兼
贱贝戋 财贝才 赃贝庄 费弗贝 员口贝 转车专 轻车圣 输车俞 辆车两 钱钅戋 钱金戋 银钅艮 银金艮 铺钅甫
销钅肖 错钅昔 钟钅中 铁钅失 打扌丁 折扌斤 扣扌口 扫扌彐 找扌戈 换扌奂 投扌殳 拍扌白 抢扌仓 招扌召
指扌旨 提扌是 报扌卩 拆扌斥 捎扌肖 拉扌立 搞扌高 挂扌圭 按扌安 授扌受 掉扌卓 诉讠斥 请讠青 说讠兑
话讠舌 证讠正 许讠午 谁讠隹 让讠上 认讠人 记讠己 议讠义 评讠平 语讠吾 谢讠射 试讠式 设讠殳 诚讠成
谎讠荒 码石马 破石皮 硬石更 红纟工 给纟合 级纟及 绝纟色 线纟戋 约纟勺 细纟田 组纟且 结纟吉 终纟冬
经纟圣 续纟卖 绿纟录 返辶反 退辶艮 送辶关 还辶不 这辶文 运辶云 过辶寸 进辶井 近辶斤 通辶甬 递辶弟
迟辶尺 远辶元 连辶车 选辶先 边辶力 逃辶兆 达辶大 现王见 现玉见 理王里 理玉里 珠王朱 球王求 玩王元
汇氵匚 没氵殳 法氵去 活氵舌 海氵每 清氵青 港氵巷 漏氵扇 滚氵衮 源氵原 洗氵先 消氵肖 深氵罙 温氵昷
流氵㐬 河氵可 池氵也 泄氵世 收丩攵 行彳亍 很彳艮 待彳寺 往彳主 律彳聿 征彳正 彼彳皮 朋月月 明日月
期其月 股月殳 服月卩 脑月凶 脏月庄 胖月半 胜月生 肥月巴 相木目 权木又 极木及 样木羊 机木几 松木公
林木木 格木各 校木交 根木艮 枪木仓 杆木干 板木反 柜木巨 标木示 桥木乔 村木寸 好女子 妈女马 她女也
如女口 妹女未 姐女且 姓女生 始女台 娘女良 婚女昏 奶女乃 呀口牙 吗口马 吧口巴 叫口丩 喝口曷 哪口那
吃口乞 骗马扁 验马佥 别另刂 到至刂 利禾刂 划戈刂 刚冈刂 剩乘刂 和禾口 种禾中 秘禾必 税禾兑 程禾呈
租禾且 私禾厶 称禾尔 秒禾少 积禾只 移禾多 群君羊 辞舌辛 放方攵 放方夂 故古攵 政正攵 改己攵 攻工攵
教孝攵 敢耳攵 欧区欠 欢又欠 歌哥欠 款士示欠 难又隹 对又寸 戏又戈 观又见 规夫见 视礻见 神礻申 礼礻乚
福礻畐 祝礻兄 社礻土 被衤皮 初衤刀 补衤卜 裤衤库 裙衤君 部咅阝 都者阝 邮由阝 限阝艮 院阝完 阳阝日
阴阝月 险阝佥 附阝付 际阝示 时日寸 晚日免 昨日乍 晒日西 暗日音 的白勺 物牛勿 特牛寺 牌片卑 版片反
短矢豆 知矢口 路足各 跟足艮 跑足包 踢足易 鞋革圭 酒氵酉 配酉己 动云力 助且力 功工力 劝又力 职耳只
联耳关 聊耳卯 取耳又 聪耳总 顶丁页 顺川页 预予页 须彡页 颜彦页 题是页 额客页 颗果页 顾厄页 鸡又鸟
鸭甲鸟 默黑犬 静青争 精米青 料米斗 粉米分 粗米且 所户斤 新亲斤 断米斤 斯其斤 弹弓单 强弓虽 张弓长
引弓丨 饭饣反 饿饣我 馆饣官 饰饣布 猪犭者 狗犭句 独犭虫 狠犭艮 猜犭青 情忄青 快忄夬 性忄生 怪忄圣
恨忄艮 怕忄白 慢忄曼 惨忄参 惯忄贯 懂忄董 忙忄亡 坏土不 块土夬 地土也 场土昜 坑土亢 城土成 址土止
增土曾 境土竟 埋土里 灯火丁 烧火尧 烦火页 炒火少 烂火兰 炮火包 眼目艮 睡目垂 瞎目害 盼目分 盯目丁
轮车仑 软车欠 较车交 站立占 竭立曷 端立耑 翻番羽 雕周隹 雅牙隹 剪前刀 召刀口 另口力 吕口口 古十口
叶口十 只口八 兄口儿 吞天口 告牛口 名夕口 各夂口 含今口 吾五口 品口口口 森木木木 众人人人 晶日日日 岩山石
炭山灰 尖小大 男田力 思田心 忘亡心 忍刃心 想相心 怎乍心 您你心 意音心 急刍心
念今心 惠叀心 宝宀玉 家宀豕 安宀女 字宀子 宝宀王 实宀头 客宀各 官宀㠯 寄宀奇 密宀必山 容宀谷 穷穴力
空穴工 突穴犬 窃穴切 笨竹本 笔竹毛 答竹合 筹竹寿 筒竹同 算竹目廾 荐艹存 花艹化 草艹早 药艹约 英艹央
薪艹新 薇艹微 蓝艹监 店广占 库广车 底广氐 床广木 应广丷 庄广土 病疒丙 疯疒风 痴疒知 闭门才 问门口
间门日 闹门市 闲门木 阅门兑 闪门人 国囗玉 团囗才 因囗大 回囗口 园囗元 困囗木 图囗冬 超走召 赶走干
越走戉 趣走取 起走己 赵走乂 醉酉卒 酷酉告
"""
_SYMBOLS = {
    "❤": "心",
    "♥": "心",
    "♡": "心",
    "💗": "心",
    "💕": "心",
    "💓": "心",
    "💖": "心",
    "💙": "心",
    "💚": "心",
    "💛": "心",
    "🧡": "心",
    "💜": "心",
    "🖤": "心",
    "💌": "信",
    "✉": "信",
    "📧": "信",
    "📩": "信",
    "📮": "信",
    "🧧": "红包",
    "💰": "钱",
    "💵": "钱",
    "💴": "钱",
    "💶": "钱",
    "💷": "钱",
    "💲": "钱",
    "💳": "卡",
    "🐧": "qq",
    "🛰": "卫星",
    "➕": "加",
    "+": "加",
    "＋": "加",
    "✚": "加",
    "✈": "飞机",
    "🌿": "草",
    "🐎": "马",
    "🐴": "马",
    "🐷": "猪",
    "🐶": "狗",
    "🐔": "鸡",
    "🥚": "蛋",
    "🍠": "小红书",
    "📕": "小红书",
    "👗": "裙",
    "👜": "包",
    "🎁": "礼物",
    "🉑": "可",
    "🈲": "禁",
    "🈶": "有",
    "🈚": "无",
    "🉐": "得",
    "🈴": "合",
    "🈵": "满",
    "㊙": "秘",
    "㊗": "祝",
    "🆚": "vs",
    "🆗": "ok",
    "✌": "v",
    "Ⓥ": "v",
    "🅥": "v",
    "🆅": "v",
    "🅅": "v",
    "🅆": "w",
    "🆇": "x",
    "🅇": "x",
}
# What people call a thing so that its name is not found; terms are looked for under every name of their parts.
ALIASES: dict[str, tuple[str, ...]] = {
    "微信": (
        "薇信",
        "徽信",
        "威信",
        "维信",
        "薇芯",
        "微芯",
        "微心",
        "薇心",
        "v信",
        "v心",
        "v芯",
        "vx",
        "wx",
        "v❤",
        "微x",
        "wei信",
        "薇",
        "葳信",
        "崴信",
        "魏信",
        "卫星",
        "围信",
        "胃信",
        "绿泡泡",
        "绿色软件",
        "绿色app",
        "绿泡",
        "薇x",
        "wechat",
        "溦信",
        "嶶信",
        "黴信",
        "徴信",
        "敚信",
        "微亻言",
        "威xin",
        "微言",
        "伟信",
        "娓信",
        "weixin",
        "w信",
    ),
    "支付宝": (
        "zfb",
        "支fu宝",
        "支付bao",
        "z付宝",
        "蓝色软件",
        "支宝",
        "知付宝",
        "吱付宝",
        "zhifubao",
        "alipay",
        "支付饱",
        "吱口令",
    ),
    "银行卡": ("yhk", "银行ka", "银联卡", "储蓄卡"),
    "红包": ("hb", "红bao", "宏包", "紅包包"),
    "转账": ("转帐", "转賬", "zz给", "赚账", "转zhang", "zhuan账"),
    "私人": ("私ren", "丝人", "s人"),
    "代购": ("带购", "dg", "代gou", "dai购", "代沟", "呆购"),
    "高仿": ("高fang", "gf货", "高防", "g仿", "高访"),
    "现金": ("xj", "现jin"),
    "返点": ("fd给", "反点", "饭点给"),
    "回扣": ("回kou", "hui扣"),
    "内部价": ("内部jia", "nei部价", "nbj"),
    "员工价": ("员工jia", "yuan工价", "ygj"),
    "傻逼": ("sb", "傻b", "煞笔", "沙比", "傻比", "傻叉", "傻x", "s13"),
    "身份证": ("sfz", "身份zheng", "身fen证"),
}
ALIASES_PER_TERM_MAX = 60

SPLITS: dict[str, str] = {
    entry[1:]: entry[0] for entry in _SPLITS.split() if len(entry) >= 3 and len(set(entry[1:])) >= 1
}
"""Parts side by side -> the character they make, in folded form."""
MEANINGS: dict[int, str] = {ord(symbol): meant for symbol, meant in _SYMBOLS.items()}
"""Symbols that stand for a word, for str.translate."""
MEANING_SYMBOLS = frozenset(_SYMBOLS)
NUMERALS: dict[int, str] = {
    ord(character): digit
    for digit, characters in {
        "0": "零〇oO",
        "1": "一壹幺lI",
        "2": "二贰两",
        "3": "三叁",
        "4": "四肆",
        "5": "五伍",
        "6": "六陆",
        "7": "七柒",
        "8": "八捌",
        "9": "九玖",
    }.items()
    for character in characters
}
"""Numbers written in words or look-alike letters, for str.translate; one character for one."""


_NAMES = re.compile("|".join(ALIASES))


def named_otherwise(term: str) -> Iterable[str]:
    """The term under the other names of its parts, without the term itself; at most sixty."""
    if not _NAMES.search(term):
        return ()
    others = ((name, other) for name, listed in ALIASES.items() if name in term for other in listed)
    found = dict.fromkeys(term.replace(name, other) for name, other in others)
    return list(found)[:ALIASES_PER_TERM_MAX]
