"""Writes Chinese and Latin words the way people write them to be read by a person and missed by a filter."""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache

import opencc
from pypinyin import Style, lazy_pinyin, pinyin

Disguise = Callable[[str, random.Random], str]
EMOJI = ("❤️", "✨", "🌸", "👍", "😊", "💰", "🔥", "⭐")
JOINERS = (" ", ".", "·", "-", "_", "*", "丶", "，", "/", "|", "~", "…")
INVISIBLE = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff")
DIGITS = {
    "circled": "⓪①②③④⑤⑥⑦⑧⑨",
    "banker": "零壹贰叁肆伍陆柒捌玖",
    "written": "〇一二三四五六七八九",
    "full width": "０１２３４５６７８９",
}
SPLIT = {
    "转": "车专", "钱": "钅戋", "折": "扌斤", "付": "亻寸", "代": "亻弋", "购": "贝勾", "私": "禾厶",
    "加": "力口", "信": "亻言", "打": "扌丁", "价": "亻介", "货": "化贝", "给": "纟合", "支": "十又",
    "现": "王见", "银": "钅艮", "行": "彳亍", "账": "贝长", "红": "纟工", "好": "女子", "扣": "扌口",
    "优": "亻尤", "便": "亻更", "宜": "宀且", "返": "辶反", "利": "禾刂", "仿": "亻方", "码": "石马",
    "拍": "扌白", "证": "讠正", "件": "亻牛", "泄": "氵世", "部": "咅阝", "汇": "氵匚", "款": "士示欠",
    "版": "片反", "做": "亻故", "他": "亻也", "她": "女也", "你": "亻尔", "送": "辶关", "让": "讠上",
    "提": "扌是", "成": "戊丁", "客": "宀各", "的": "白勺", "级": "纟及", "低": "亻氐", "明": "日月",
    "林": "木木", "保": "亻呆", "话": "讠舌", "电": "曰乚", "机": "木几", "号": "口丂", "收": "丩攵",
    "私人": "禾厶人", "骗": "马扁", "赔": "贝咅", "投": "扌殳", "诉": "讠斥", "假": "亻叚", "礼": "礻乚",
    "绝": "纟色", "顶": "丁页", "唯": "口隹", "全": "人王", "国": "囗玉", "最": "曰取", "滚": "氵衮",
    "穷": "宀八力", "吃": "口乞", "睛": "目青", "清": "氵青", "单": "⺍田十", "批": "扌比", "渠": "氵巨木",
    "佣": "亻用", "回": "囗口", "图": "囗冬", "秘": "禾必", "名": "夕口", "刷": "尸巾刂", "汇率": "氵匚率",
}  # fmt: skip
ALIAS: Mapping[str, tuple[str, ...]] = {
    "微信": ("V信", "薇❤", "徽信", "威信", "vx", "VX", "wx", "微❤", "v❤", "薇信", "緢信", "WeChat"),
    "支付宝": ("zfb", "ZFB", "支f宝", "支付饱", "吱付宝"),
    "钱": ("💰", "米", "qian", "錢"),
    "红包": ("🧧", "红b", "葒包"),
    "加": ("➕", "+", "十", "茄"),
    "转": ("轉", "砖", "赚"),
    "电话": ("☎️", "📞", "dh"),
    "手机": ("📱", "手ji", "sj"),
    "包": ("👜", "苞"),
    "人民币": ("RMB", "软妹币", "rmb"),
    "银行卡": ("银行咔", "yhk", "🏦卡"),
    "卡": ("咔", "💳"),
    "代购": ("dg", "代g", "dai购", "代㊥购", "代GOU"),
    "返现": ("fx", "返xian", "返💰"),
    "返点": ("反点", "返d", "F点"),
    "折": ("Z", "哲", "㊫"),
    "优惠": ("u惠", "优hui", "yh"),
    "高仿": ("高f", "gao仿", "高彷"),
    "复刻": ("fk", "复k", "復刻"),
    "正品": ("zp", "正p"),
    "小红书": ("小🍠", "小地瓜", "xhs", "📕"),
    "淘宝": ("🍑宝", "某宝", "tb"),
    "闲鱼": ("咸鱼", "🐟", "xy"),
    "私人": ("si人", "厶人"),
    "私": ("厶", "思"),
    "朋友圈": ("pyq", "🧑‍🤝‍🧑圈"),
    "二维码": ("2维码", "ewm", "二维🐎"),
    "回扣": ("hk", "回🔘", "回抠"),
    "佣金": ("yj", "佣💰", "拥金"),
    "身份证": ("sfz", "SFZ", "身份証", "身分证"),
    "护照": ("hz", "护🈺", "passport"),
    "海外": ("hw", "🌊外"),
    "发票": ("fp", "發票", "发🎫"),
    "最": ("zui", "醉", "蕞"),
    "第一": ("NO.1", "第①", "1st"),
    "国家级": ("国jia级", "G家级"),
    "投诉": ("ts", "tou诉", "投🗣"),
    "退": ("tui", "蜕"),
    "假": ("🍠假", "贾", "jia"),
    "A货": ("🅰货", "a huo", "Ａ货"),
    "客户": ("kh", "客🏠"),
    "名单": ("md", "名dan"),
    "内部": ("nb", "内bu", "內部"),
    "新款": ("xk", "新🆕款"),
    "傻": ("煞", "sha", "㒓"),
    "穷": ("qiong", "窮", "穹"),
    "滚": ("gun", "🎱滚", "衮"),
}
_TRADITIONAL = opencc.OpenCC("s2t")
_LEET = str.maketrans({"a": "@", "e": "3", "i": "1", "o": "0", "s": "$"})
_LOOKS = str.maketrans({"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "x": "х"})


def is_han(character: str) -> bool:
    """Whether a character is a Chinese one of the basic block."""
    return "\u4e00" <= character <= "\u9fff"


def traditional(text: str) -> str:
    """The text in traditional characters."""
    return str(_TRADITIONAL.convert(text))


def separated(span: str, rng: random.Random) -> str:
    """One of: spaces, points, emoji, invisible characters between the characters, or full-width forms."""
    how = rng.randrange(6)
    if how == 0 and any("!" <= each <= "~" for each in span):
        return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in span)
    if how <= 1:
        return rng.choice(INVISIBLE).join(span)
    if how <= 3:
        return rng.choice(EMOJI).join(span)
    return rng.choice(JOINERS).join(span)


def one_homophone(span: str, rng: random.Random) -> str:
    """One Chinese character of the span replaced by a common one of the same sound."""
    choices = _homophones(span)
    return _replaced(span, [rng.choice(choices)], rng) if choices else span


def all_homophones(span: str, rng: random.Random) -> str:
    """Every Chinese character that has a common homophone replaced by one."""
    return _replaced(span, _homophones(span), rng)


def mixed_pinyin(span: str, rng: random.Random) -> str:
    """One Chinese character, in long spans sometimes two, written as its pinyin in Latin letters."""
    places = [at for at, each in enumerate(span) if is_han(each)]
    wanted = set(rng.sample(places, k=min(len(places), 1 + (len(places) > 4 and rng.random() < 0.4))))
    sounds = _sounds(span)
    return "".join(sounds[at] if at in wanted else each for at, each in enumerate(span))


def whole_pinyin(span: str, rng: random.Random) -> str:
    """The whole span in Latin letters, syllables apart or written together."""
    return rng.choice((" ", "", " ")).join(lazy_pinyin(span, v_to_u=False)).strip()


def split_characters(span: str, rng: random.Random) -> str:
    """Up to two characters of the span written as their parts."""
    places = [at for at, each in enumerate(span) if each in SPLIT]
    wanted = set(rng.sample(places, k=min(len(places), 2)))
    return "".join(SPLIT[each] if at in wanted else each for at, each in enumerate(span))


def aliased(span: str, rng: random.Random) -> str:
    """Words of the span written as the abbreviations, emoji and look-alike glyphs that are used for them."""
    names = [name for name in ALIAS if name in span]
    if names:
        name = max(names, key=len)
        return span.replace(name, rng.choice(ALIAS[name]), 1)
    if sum(each.isdigit() for each in span) > 0:
        digits = DIGITS[rng.choice(list(DIGITS))]
        return "".join(digits[int(each)] if each in "0123456789" else each for each in span)
    return span


def combined(span: str, rng: random.Random) -> str:
    """A homophone, then traditional characters, then an emoji or point between some characters."""
    changed = traditional(one_homophone(span, rng))
    joiner = rng.choice((*EMOJI, *JOINERS))
    return "".join(each + (joiner if rng.random() < 0.5 else "") for each in changed[:-1]) + changed[-1:]


def respelt(span: str, rng: random.Random) -> str:
    """Latin words with digits and signs for letters, or with Cyrillic letters that look the same."""
    return span.translate(rng.choice((_LEET, _LOOKS)))


CHINESE: Mapping[str, Disguise] = {
    "traditional": lambda span, _: traditional(span),
    "separators": separated,
    "homophone_one": one_homophone,
    "homophone_all": all_homophones,
    "pinyin_mixed": mixed_pinyin,
    "pinyin_whole": whole_pinyin,
    "split": split_characters,
    "alias": aliased,
    "combined": combined,
}
LATIN: Mapping[str, Disguise] = {"separators": separated, "respelt": respelt}


@cache
def _common() -> Mapping[str, tuple[str, ...]]:
    """Level-1 characters of GB 2312, the 3,755 commonest, by their usual sound without tone."""
    found: dict[str, list[str]] = defaultdict(list)
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            try:
                character = bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            found[pinyin(character, style=Style.NORMAL)[0][0]].append(character)
    return {sound: tuple(characters) for sound, characters in found.items()}


def _sounds(span: str) -> list[str]:
    """The sound of each character as it is read in the span; other characters stand for themselves."""
    found: list[str] = []
    for run in re.findall(r"[\u4e00-\u9fff]+|[^\u4e00-\u9fff]+", span):
        found.extend(lazy_pinyin(run, v_to_u=False) if is_han(run[0]) else run)
    return found


def _homophones(span: str) -> list[int]:
    sounds = _sounds(span)
    return [
        at for at, each in enumerate(span) if is_han(each) and set(_common().get(sounds[at], ())) - {each}
    ]


def _replaced(span: str, places: list[int], rng: random.Random) -> str:
    sounds = _sounds(span)
    characters = list(span)
    for at in places:
        others = [each for each in _common()[sounds[at]] if each != span[at]]
        characters[at] = rng.choice(others)
    return "".join(characters)
