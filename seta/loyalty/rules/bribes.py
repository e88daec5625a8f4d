"""Finds what WeChat forbids to reward: sharing, following, inviting, collecting sets, luck and levels below levels.

Mini program operation rules 5.1 (滥用分享): nothing may be unlocked, given or raffled for sharing or following, nor for
collecting pieces; no benefit by chance lures anybody in; no reward in several levels. A wording is judged as a reader
would take it: an action and, near it in the same sentence, what it brings; words that say that it brings nothing pass.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from opencc import OpenCC

from seta.kit.words import in_language
from seta.loyalty.rules.program import Unreadable, nodes_of, scalars


class Bribe(StrEnum):
    """What is forbidden, by name."""

    SHARE_TO_EARN = "share_to_earn"
    FOLLOW_TO_EARN = "follow_to_earn"
    COLLECT_TO_WIN = "collect_to_win"
    CHANCE = "chance"
    MULTI_LEVEL = "multi_level"


REASONS: Mapping[Bribe, Mapping[str, str]] = {
    Bribe.SHARE_TO_EARN: {
        "zh": "不得以转发、分享或邀请好友换取积分、礼品、优惠或解锁内容（微信小程序运营规范 5.1）。"
        "请改为到店、预约、工坊或购买获得。",
        "en": "Nothing may be given or unlocked for sharing, forwarding or inviting friends (WeChat's mini program "
        "operation rules, 5.1). Let visits, appointments, workshops or purchases earn it.",
        "it": "Nulla può essere dato o sbloccato per chi condivide, inoltra o invita amici (regole operative dei mini "
        "program WeChat, 5.1). Lo si guadagni con visite, appuntamenti, laboratori o acquisti.",
    },
    Bribe.FOLLOW_TO_EARN: {
        "zh": "不得以关注公众号换取积分、礼品或优惠（微信小程序运营规范 5.1）。关注与否，权益须相同。",
        "en": "Nothing may be given for following an account (WeChat's mini program operation rules, 5.1). Those who "
        "follow and those who do not must have the same.",
        "it": "Nulla può essere dato a chi segue un account (regole operative dei mini program WeChat, 5.1). Chi segue "
        "e chi non segue deve avere lo stesso.",
    },
    Bribe.COLLECT_TO_WIN: {
        "zh": "不得以集卡、集齐、集赞等方式换取奖励（微信小程序运营规范 5.1）。请直接说明获得方式。",
        "en": "Nothing may be won by collecting cards, stamps, pieces or likes (WeChat's mini program operation rules, "
        "5.1). Say plainly which deed earns what.",
        "it": "Nulla può essere vinto raccogliendo carte, timbri, pezzi o like (regole operative dei mini program "
        "WeChat, 5.1). Dica semplicemente quale gesto dà cosa.",
    },
    Bribe.CHANCE: {
        "zh": "不得以抽奖、转盘、盲盒等随机利益诱导参与（微信小程序运营规范 5.1）。请给出确定的权益。",
        "en": "No benefit by chance may lure people in: no raffle, wheel or mystery box (WeChat's mini program "
        "operation rules, 5.1). Give a right that is certain.",
        "it": "Nessun vantaggio affidato al caso può attirare: niente lotterie, ruote o scatole a sorpresa (regole "
        "operative dei mini program WeChat, 5.1). Dia un diritto certo.",
    },
    Bribe.MULTI_LEVEL: {
        "zh": "不得设置多级返利、分销或下线奖励（微信小程序运营规范 5.1）。每位客户只凭自己的行为获得。",
        "en": "No reward may pass through levels of people: no downline, no commission on friends of friends (WeChat's "
        "mini program operation rules, 5.1). Each client earns by their own deeds only.",
        "it": "Nessun premio può passare per livelli di persone: niente rete, niente provvigioni su amici di amici "
        "(regole operative dei mini program WeChat, 5.1). Ogni cliente guadagna solo con i propri gesti.",
    },
}


@dataclass(frozen=True, order=True)
class Finding:
    """A forbidden thing on a line (from 1), in the words in which it stands."""

    line: int
    bribe: Bribe
    phrase: str

    def reason(self, language: str) -> str:
        """Why it may not be, and what to do instead, in the reader's language."""
        return in_language(REASONS[self.bribe], language)


_ZH_GAIN = (
    "(?:领取|即领|可领|再领|就领|免费领|领(?=券|奖|红包|积分|好礼|福利|优惠|[0-9一])|有礼|好礼|豪礼|礼品|礼物|礼券|礼包|积分|奖"
    "|赠|送|返(?!回)|优惠|红包|现金|券|解锁|开启|特权|权益|升级|免费|立减|获得|可得|赢|兑换|佣金|加分|[0-9]+分|会员价)"
)
_ZH_SHARE = "(?:转发|转载|分享|晒单|晒图|发朋友圈|发圈|发到朋友圈|转到朋友圈)"
_ZH_FOLLOW = "(?:关注|订阅公众号|加粉)"
_ZH_INVITE = (
    "(?:(?:邀请|推荐|介绍|拉|带|召集)(?:您的?|你的?|身边的?|[0-9一两三四五几多]+[位个名])?"
    "(?:好友|朋友|亲友|友人|新人|新客|新用户|新会员|闺蜜|家人|人注册|位注册)|邀新|拉新|拉人|老带新)"
)
_ZH_FIRST = "(?:领取|获得|解锁|赢取|得到|兑换|享受?|升级)"
_ZH_MUST = "(?:需要?|请|须|先|只要|仅需|前提|条件|方法)"
_NEAR, _FAR = "[^。；！？\n]{0,8}?", "[^。；！？\n]{0,14}?"

_EN_GAIN = (
    r"\b(?:earns?|gets?|wins?|receives?|unlocks?|rewards?|rewarded|points?|gifts?|free|discounts?|coupons?|vouchers?"
    r"|bonus(?:es)?|cash ?back|credits?|perks?|prizes?|% off|upgrades?)"
)
_EN_SHARE = (
    r"\b(?:(?:re-?)?shar(?:e|es|ed|ing)(?! of\b)|forward(?:s|ed|ing)? (?:this|the|it|to|our)\b|re-?post(?:s|ing)?\b"
    r"|post(?:s|ing)? (?:this|it|to|on)\b|(?:invit|refer)(?:e|es|ed|ing|s|r?ing|red)? "
    r"(?:your |a |an |\d+ |two |three |more )?"
    r"(?:friends?|others|someone|people)\b|referrals?\b|bring (?:a|your) friends?\b)"
)
_EN_FOLLOW = (
    r"\b(?:follow(?:s|ed|ing|ers?)?(?! (?:these|the steps|up|that))\b|subscrib(?:e|es|ed|ing|ers?)\b)"
)
_IT_GAIN = (
    r"\b(?:ricev\w+|otten\w+|ottien\w+|guadagn\w+|vinc\w+|premi\w*|punt[oi]|regal\w+|omaggi\w*|scont[oi]|sblocc\w+|gratis"
    r"|gratuit\w+|buon[oi]|vantagg\w+)"
)
_IT_SHARE = (
    r"\b(?:condivi\w+|inoltr\w+|(?:invit\w+|present\w+|port\w+|segnal\w+) (?:un |una |\d+ |due |tre |gli |i |i tuoi |"
    r"i suoi )?amic\w+)"
)
_IT_FOLLOW = r"\b(?:segui(?!re le)\w*|iscriv\w+ (?:al|all)\w*'? ?(?:canale|account|profilo))"
_APART = r"[^.;!?\n]{0,40}?"


def _both(action: str, gain: str, gap: str, link: str) -> str:
    return f"(?:{action}{gap}{gain}|{gain}{gap}{link}{gap}{action})"


_EN_LINK = r"\b(?:for|by|when|if|after|once|simply|just)\b"
_IT_LINK = r"\b(?:per|se|quando|dopo|basta|chi|con)\b"

WORDINGS: Mapping[Bribe, str] = {
    Bribe.SHARE_TO_EARN: "|".join(
        (
            f"(?:{_ZH_SHARE}|{_ZH_INVITE}){_NEAR}{_ZH_GAIN}",
            f"{_ZH_FIRST}{_NEAR}{_ZH_MUST}{_NEAR}(?:{_ZH_SHARE}|{_ZH_INVITE})",
            "邀请有礼|推荐有礼|好友助力|砍价|砍一刀|帮我砍|拉新返利",
            _both(_EN_SHARE, _EN_GAIN, _APART, _EN_LINK),
            _both(_IT_SHARE, _IT_GAIN, _APART, _IT_LINK),
        )
    ),
    Bribe.FOLLOW_TO_EARN: "|".join(
        (
            f"{_ZH_FOLLOW}{_NEAR}{_ZH_GAIN}",
            f"{_ZH_FIRST}{_NEAR}{_ZH_MUST}{_NEAR}{_ZH_FOLLOW}",
            _both(_EN_FOLLOW, _EN_GAIN, _APART, _EN_LINK),
            _both(_IT_FOLLOW, _IT_GAIN, _APART, _IT_LINK),
        )
    ),
    Bribe.COLLECT_TO_WIN: "|".join(
        (
            "集卡|集齐|集福|集碎片|集字|集赞|点赞满|攒赞",
            f"(?:收集|拼齐|凑齐){_FAR}(?:卡|碎片|徽章|拼图|印章|福){_FAR}{_ZH_GAIN}",
            rf"\bcollect(?:s|ed|ing)?{_APART}\b(?:cards?|stamps?|pieces|badges|letters|likes"
            rf"|(?:whole |full )?set)\b{_APART}{_EN_GAIN}",
            rf"\b(?:colleziona\w*|raccogli\w*|complet\w+){_APART}\b(?:carte|figurine|timbri|pezzi|like|collezione)\b"
            rf"{_APART}{_IT_GAIN}",
        )
    ),
    Bribe.CHANCE: "|".join(
        (
            "抽奖|抽大奖|转盘|刮刮卡|刮刮乐|刮奖|盲盒|福袋|开宝箱|摇一摇|中奖|幸运(?:奖|大奖|用户|儿|顾客|客户)"
            "|随机(?:送|赠|奖|获|得|红包|掉落|抽)|有机会(?:赢|获|得|抽)|手气",
            r"\b(?:lotter(?:y|ies)|raffles?|prize draws?|lucky (?:draws?|winners?|dip)|sweepstakes?|spin the wheel"
            r"|wheel of fortune|mystery (?:box|boxes|gifts?)|blind box(?:es)?|scratch cards?|chance to win"
            r"|loot box(?:es)?)\b",
            r"\b(?:lotteri[ae]|estrazione a premi|gratta e vinci|ruota della fortuna|scatol[ae] a sorpresa"
            r"|concors[oi] a premi|possibilità di vincere|sorteggi\w* (?:premi|un premio))\b",
        )
    ),
    Bribe.MULTI_LEVEL: "|".join(
        (
            "[二两三多2-9]级(?:分销|返|奖|佣|推广|代理|邀请|好友)|下线|裂变|分销|层层(?:返|奖)|逐级(?:返|奖)|间接(?:推荐|邀请)"
            "|团队(?:奖|佣|业绩)|(?:好友|朋友)的(?:好友|朋友)",
            r"\b(?:multi-?level|downlines?|uplines?|pyramids?|second-(?:tier|level) referrals?"
            r"|friends of (?:your |their )?friends|friends' friends)\b",
            r"\b(?:multilivello|sottoret[ei]|amici degli amici|piramid\w+)\b",
        )
    ),
}
_PATTERNS = {bribe: re.compile(wording) for bribe, wording in WORDINGS.items()}
_DENIED_WITHIN = re.compile(
    "不会|不能|不可|不再|不送|不给|不得|不奖|不算|不计|不累计|不获|不赠|没有|并不|无法|均无|概不"
    r"|\b(?:not|never|nothing|without|no|cannot|non|senza|mai|nulla|niente|nessun\w*)\b|n't\b"
)
_DENIED_AFTER = re.compile(r"\s*(?:nothing|no\b|niente|nulla)")
_DENIED_BEFORE = re.compile(
    r"(?:无需|不需要?|不用|不必|不靠|不因|不以|禁止|不得|请勿|并非|不设|没有|无|\bnever|\bnot|\bno|\bwithout|\bdon't"
    r"|\bdo not|\bnon|\bsenza|\bmai|\bnessun\w*)(?:\s+\w+){0,2}\s*$"
)
_TELLING_FROM = re.compile(r"[,，.:：。；;!！?？—\n]")

_NAMES: Mapping[Bribe, re.Pattern[str]] = {
    Bribe.SHARE_TO_EARN: re.compile(
        "share[sd]?|sharing|forward|reposts?|moments|invit(?:e[sd]?|ation|ations|o|i)|refer(?:s|rals?)?|recruits?"
        "|condivi(?:di|sione)"
    ),
    Bribe.FOLLOW_TO_EARN: re.compile("follow(?:s|ers?|ing)?|subscri(?:be|bers?|ption)|seguire"),
    Bribe.COLLECT_TO_WIN: re.compile("collects?|cards|stamps|puzzle|likes|pieces|badges|collezione|figurine"),
    Bribe.CHANCE: re.compile(
        "lottery|raffle|wheel|lucky|random|chance|gacha|sweepstakes?|jackpot|probability|lotteria"
    ),
    Bribe.MULTI_LEVEL: re.compile(
        "downline|upline|multilevel|mlm|levels?[0-9]*|generations|pyramid|sottorete"
    ),
}
_NAMES_ZH: Mapping[Bribe, re.Pattern[str]] = {
    Bribe.SHARE_TO_EARN: re.compile("转发|分享|邀请"),
    Bribe.FOLLOW_TO_EARN: re.compile("关注"),
    Bribe.COLLECT_TO_WIN: re.compile("集卡|收集"),
    Bribe.CHANCE: re.compile("抽奖|随机"),
    Bribe.MULTI_LEVEL: re.compile("下线|分销"),
}
"""A name has no sentence around it: 转发 as something that earns is enough."""


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def _plain(text: str) -> str:
    """As read aloud: one width, small letters, simplified, nothing invisible, no marks between Chinese characters."""
    wide = unicodedata.normalize("NFKC", text)
    seen = "".join(letter for letter in wide if unicodedata.category(letter) != "Cf")
    simple: str = _simplifier().convert(seen).casefold()
    return re.sub(r"(?<=[一-鿿])[\s·・.\-_*|/~'\"“”‘’「」、+&]+(?=[一-鿿])", "", simple)


def bribes_in(text: str, *, line: int = 1) -> list[Finding]:
    """What a wording promises that it may not; `line` is where it begins."""
    found = set()
    for index, each in enumerate(text.split("\n")):
        plain = _plain(each)
        for bribe, phrase in _matches(plain):
            found.add(Finding(line + index, bribe, phrase))
    return sorted(found)


def _matches(plain: str) -> Iterator[tuple[Bribe, str]]:
    for bribe, pattern in _PATTERNS.items():
        for match in pattern.finditer(plain):
            if not _is_denied(plain, match):
                yield bribe, match.group()[:60]


def _is_denied(plain: str, match: re.Match[str]) -> bool:
    """Whether the sentence says that it brings nothing, or that it is not needed."""
    before = _TELLING_FROM.split(plain[: match.start()])[-1]
    return bool(
        _DENIED_WITHIN.search(match.group())
        or _DENIED_BEFORE.search(before)
        or _DENIED_AFTER.match(plain, match.end())
    )


def lint(text: str) -> list[Finding]:
    """All that a file of rules may not hold, in its names and in its wordings, by line; [] when nothing is found.

    A file that cannot be read as YAML is judged line by line as words.
    """
    try:
        words = list(scalars(nodes_of(text)))
    except Unreadable:
        return bribes_in(text)
    found: set[Finding] = set()
    for line, word, is_name in words:
        found.update(_named(line, word) if is_name else ())
        found.update(bribes_in(word, line=line))
    return sorted(found)


def _named(line: int, word: str) -> Iterator[Finding]:
    tokens = set(re.split(r"[_\-\s]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word).casefold()))
    plain = _plain(word)
    for bribe in Bribe:
        if any(map(_NAMES[bribe].fullmatch, tokens)) or _NAMES_ZH[bribe].search(plain):
            yield Finding(line, bribe, word[:60])
