"""A house's rules as it writes them: read whole, or refused with the line to mend."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

import yaml

from seta.kit.words import Words, in_language
from seta.loyalty.rules.merit import Way

TEXT_BYTES_MAX = 20_000
DEPTH_MAX = 6
TIERS_MAX = 9
POINTS_MAX = 1_000_000
LANGUAGES = ("zh", "en", "it")
_CODE = re.compile(r"[a-z][a-z0-9_-]{0,31}")

T = TypeVar("T")


@dataclass(frozen=True)
class Earning:
    """What one way gives: points for a deed (for a purchase: for each full `per` yuan), at most so many a day."""

    way: Way
    points: int
    daily_cap: int
    per: int = 0


@dataclass(frozen=True)
class Right:
    """Something that a tier opens: an early hour, a drop, a room."""

    code: str
    name: Words


@dataclass(frozen=True)
class Tier:
    """A step that is reached by points, with the rights it opens."""

    code: str
    start: int
    name: Words
    text: Words
    rights: tuple[str, ...]


@dataclass(frozen=True)
class Program:
    """Rules that can be read; tiers by rising points, the first from zero."""

    name: Words
    last_days: int
    earnings: Mapping[Way, Earning]
    rights: Mapping[str, Right]
    tiers: tuple[Tier, ...]

    def tier_at(self, points: int) -> tuple[int, Tier]:
        """The level (1 for the first) and the tier that so many points reach."""
        level = sum(tier.start <= points for tier in self.tiers)
        return level, self.tiers[level - 1]

    def next_after(self, points: int) -> Tier | None:
        """The next tier to reach; None on the highest."""
        return next((tier for tier in self.tiers if tier.start > points), None)


@dataclass(frozen=True)
class Problem:
    """What is wrong on a line (from 1), by name; `detail` is the word it is about."""

    line: int
    code: str
    detail: str = ""

    def text(self, language: str) -> str:
        """What to mend, in the reader's language."""
        return in_language(_PROBLEMS[self.code], language).format(detail=self.detail)


class Unreadable(ValueError):
    """Rules that cannot be read; `problems` say where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


_PROBLEMS: Mapping[str, Words] = {
    "too_long": {
        "zh": f"规则最多{TEXT_BYTES_MAX}字节。",
        "en": f"Rules hold at most {TEXT_BYTES_MAX} bytes.",
        "it": f"Le regole contengono al massimo {TEXT_BYTES_MAX} byte.",
    },
    "not_yaml": {
        "zh": "这一行不是有效的 YAML：{detail}",
        "en": "This line is not YAML: {detail}",
        "it": "Questa riga non è YAML: {detail}",
    },
    "too_deep": {
        "zh": "层级过多或使用了别名，请写成简单的列表。",
        "en": "Nested too deep, or an alias; write plain lists and names.",
        "it": "Troppi livelli, o un alias; scriva elenchi semplici.",
    },
    "unknown_key": {
        "zh": "未知项目“{detail}”。",
        "en": "“{detail}” is not known here.",
        "it": "«{detail}» qui non è previsto.",
    },
    "repeated": {
        "zh": "“{detail}”重复。",
        "en": "“{detail}” stands here twice.",
        "it": "«{detail}» compare due volte.",
    },
    "missing": {"zh": "缺少“{detail}”。", "en": "“{detail}” is missing.", "it": "Manca «{detail}»."},
    "wrong_kind": {
        "zh": "“{detail}”的写法不对，请参照示例。",
        "en": "“{detail}” is not written as it should be; see the example.",
        "it": "«{detail}» non è scritto come dovrebbe; veda l'esempio.",
    },
    "wrong_number": {
        "zh": "“{detail}”须为整数，1 至 1000000（首个等级的 from 为 0）。",
        "en": "“{detail}” has to be a whole number from 1 to 1000000 (0 for the first tier).",
        "it": "«{detail}» deve essere un intero da 1 a 1000000 (0 per il primo livello).",
    },
    "wrong_code": {
        "zh": "代码“{detail}”只能用小写字母、数字、下划线与连字符。",
        "en": "The code “{detail}” may hold small letters, digits, _ and - only.",
        "it": "Il codice «{detail}» può contenere solo minuscole, cifre, _ e -.",
    },
    "tier_order": {
        "zh": "等级须从 0 分开始并逐级提高：“{detail}”。",
        "en": "Tiers begin at 0 and rise: “{detail}”.",
        "it": "I livelli partono da 0 e crescono: «{detail}».",
    },
    "too_many_tiers": {
        "zh": f"最多 {TIERS_MAX} 个等级。",
        "en": f"At most {TIERS_MAX} tiers.",
        "it": f"Al massimo {TIERS_MAX} livelli.",
    },
    "unknown_right": {
        "zh": "权益“{detail}”未在 rights 中定义。",
        "en": "The right “{detail}” is not among the rights.",
        "it": "Il diritto «{detail}» non è tra i diritti.",
    },
}


@dataclass(frozen=True)
class Node:
    """A value of the file with the line that it begins on."""

    value: object
    line: int

    def __str__(self) -> str:
        return str(self.value)


def nodes_of(text: str) -> Node:
    """The file as values that know their lines; raises Unreadable. No alias, no tag and no depth gets through."""
    if len(text.encode()) > TEXT_BYTES_MAX:
        raise Unreadable([Problem(1, "too_long")])
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEPTH_MAX or isinstance(event, yaml.AliasEvent):
                mark = event.start_mark
                raise Unreadable([Problem(mark.line + 1 if mark else 1, "too_deep")])
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        what = str(getattr(problem, "problem", None) or getattr(problem, "reason", ""))[:80]
        raise Unreadable([Problem(mark.line + 1 if mark else 1, "not_yaml", what)]) from problem
    if root is None:
        raise Unreadable([Problem(1, "missing", "program")])
    return _node(root)


def _node(raw: yaml.Node) -> Node:
    line = raw.start_mark.line + 1
    if isinstance(raw, yaml.MappingNode):
        return Node([(_node(key), _node(value)) for key, value in raw.value], line)
    if isinstance(raw, yaml.SequenceNode):
        return Node(tuple(_node(item) for item in raw.value), line)
    if raw.tag == "tag:yaml.org,2002:int" and re.fullmatch(r"[0-9]{1,9}", raw.value):
        return Node(int(raw.value), line)
    return Node(str(raw.value), line)


def scalars(node: Node, *, is_key: bool = False) -> Iterator[tuple[int, str, bool]]:
    """Every word of the file with its line, and whether it is a name rather than a text."""
    if isinstance(node.value, list):
        for key, value in node.value:
            yield from scalars(key, is_key=True)
            yield from scalars(value, is_key=str(key.value) in ("code", "rights"))
    elif isinstance(node.value, tuple):
        for item in node.value:
            yield from scalars(item, is_key=is_key)
    else:
        yield node.line, str(node.value), is_key


def read(text: str) -> Program:
    """The rules; raises Unreadable with every problem that was found, by line."""
    reader = _Reader()
    program = reader.program(nodes_of(text))
    if reader.problems or program is None:
        raise Unreadable(sorted(set(reader.problems), key=lambda problem: (problem.line, problem.code)))
    return program


class _Reader:
    """Reads on after a problem, so that the author is told all of them at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def say(self, node: Node, code: str, detail: object = "") -> None:
        self.problems.append(Problem(node.line, code, str(detail)[:60]))

    def mapping(
        self, node: Node, name: str, wanted: tuple[str, ...] = (), may: tuple[str, ...] = ()
    ) -> dict[str, Node]:
        if not isinstance(node.value, list):
            self.say(node, "wrong_kind", name)
            return {}
        found: dict[str, Node] = {}
        for key, value in node.value:
            word = str(key.value)
            if word in found:
                self.say(key, "repeated", word)
            elif wanted and word not in (*wanted, *may):
                self.say(key, "unknown_key", word)
            found[word] = value
        for word in wanted:
            if word not in found:
                self.say(node, "missing", word)
        return found

    def number(self, node: Node | None, name: str, *, least: int = 1) -> int:
        if node is None:
            return least
        if not isinstance(node.value, int) or not least <= node.value <= POINTS_MAX:
            self.say(node, "wrong_number", name)
            return least
        return node.value

    def words(self, node: Node | None, name: str) -> Words:
        if node is None:
            return dict.fromkeys(LANGUAGES, "")
        found = self.mapping(node, name, LANGUAGES)
        for language, word in found.items():
            if isinstance(word.value, list | tuple) or not str(word.value).strip() or len(str(word)) > 300:
                self.say(word, "wrong_kind", f"{name}.{language}")
        return {language: str(found[language]) if language in found else "" for language in LANGUAGES}

    def code(self, node: Node | None, holder: Node) -> str:
        word = str(node.value) if node else ""
        if not _CODE.fullmatch(word):
            self.say(node or holder, "wrong_code", word)
        return word

    def program(self, root: Node) -> Program | None:
        given = self.mapping(root, "program", ("program", "points_last_days", "earn", "rights", "tiers"))
        if self.problems and not given:
            return None
        rights: dict[str, Right] = self._part(given, "rights", self.rights, {})
        return Program(
            name=self.words(given.get("program"), "program"),
            last_days=self.number(given.get("points_last_days"), "points_last_days"),
            earnings=self._part(given, "earn", self.earnings, {}),
            rights=rights,
            tiers=self._part(given, "tiers", lambda node: self.tiers(node, rights), ()),
        )

    @staticmethod
    def _part(given: Mapping[str, Node], name: str, read: Callable[[Node], T], none: T) -> T:
        return read(given[name]) if name in given else none

    def earnings(self, node: Node) -> dict[Way, Earning]:
        found = {}
        for word, terms in self.mapping(node, "earn").items():
            if word not in list(Way):
                self.say(terms, "unknown_key", word)
                continue
            way = Way(word)
            wanted = ("points", "daily_cap", *(("per",) if way == Way.PURCHASE else ()))
            given = self.mapping(terms, word, wanted)
            found[way] = Earning(
                way,
                self.number(given.get("points"), "points"),
                self.number(given.get("daily_cap"), "daily_cap"),
                self.number(given.get("per"), "per") if way == Way.PURCHASE else 0,
            )
        if not found and not self.problems:
            self.say(node, "missing", "earn")
        return found

    def rights(self, node: Node) -> dict[str, Right]:
        found = {}
        for word, name in self.mapping(node, "rights").items():
            self.code(Node(word, name.line), node)
            found[word] = Right(word, self.words(name, word))
        return found

    def tiers(self, node: Node, rights: Mapping[str, Right]) -> tuple[Tier, ...]:
        if not isinstance(node.value, tuple) or not node.value:
            self.say(node, "wrong_kind", "tiers")
            return ()
        if len(node.value) > TIERS_MAX:
            self.say(node, "too_many_tiers")
        found: list[Tier] = []
        for item in node.value:
            tier = self.tier(item, rights)
            if (tier.start <= found[-1].start) if found else tier.start != 0:
                self.say(item, "tier_order", tier.code)
            if tier.code in {earlier.code for earlier in found}:
                self.say(item, "repeated", tier.code)
            found.append(tier)
        return tuple(found)

    def tier(self, node: Node, rights: Mapping[str, Right]) -> Tier:
        given = self.mapping(node, "tiers", ("code", "from", "name", "rights"), ("text",))
        listed = given.get("rights", Node((), node.line))
        opened = listed.value if isinstance(listed.value, tuple) else ()
        if not isinstance(listed.value, tuple):
            self.say(listed, "wrong_kind", "rights")
        for right in opened:
            if str(right) not in rights:
                self.say(right, "unknown_right", right)
        return Tier(
            self.code(given.get("code"), node),
            self.number(given.get("from"), "from", least=0),
            self.words(given.get("name"), "name"),
            self.words(given.get("text"), "text"),
            tuple(str(right) for right in opened),
        )
