"""What keeps an article from being submitted or published, said so that its writer can mend it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from seta.articles.rules.content import FIRST, LANGUAGES, SUMMARY_CHARS_MAX, TITLE_CHARS_MAX, Content
from seta.articles.rules.markup import is_address, is_inside, targets

PAGE_CHARS_MAX = 20_000
"""What WeChat takes as one article's body."""


class Why(StrEnum):
    """Why a step is refused, or what has to be mended first."""

    UNKNOWN = "unknown"
    CODE = "code"
    CODE_TAKEN = "code_taken"
    CHANGED = "changed"
    IN_REVIEW = "in_review"
    WRONG_STATE = "wrong_state"
    SAME_PERSON = "same_person"
    NOTE = "note"
    PICTURE = "picture"
    CREDIT = "credit"
    LANGUAGE = "language"
    WHEN = "when"
    UNDER_WAY = "under_way"
    NO_TITLE = "no_title"
    NO_COVER = "no_cover"
    EMPTY = "empty"
    NO_WORDS = "no_words"
    NO_PICTURE = "no_picture"
    GONE = "gone"
    ADDRESS = "address"
    TOO_LONG = "too_long"
    RISKY = "risky"
    POLICY = "policy"
    REJECTED = "rejected"
    PLATFORM = "platform"


@dataclass(frozen=True)
class Problem:
    """One thing to mend: in which block (from 1, 0 for none) and about what."""

    why: Why
    block: int = 0
    about: str = ""

    def text(self, language: str) -> str:
        """The problem in zh, it or English, with what to do."""
        key = language[:2].lower()
        key = key if key in LANGUAGES else "en"
        said = TEXTS[self.why][key].replace("{about}", self.about)
        return f"{_BLOCK[key].format(self.block)}{said}" if self.block else said


class ArticleRefused(Exception):
    """A step that is refused; nothing changed. It says everything that has to be mended, not only the first."""

    def __init__(self, *problems: Problem) -> None:
        assert problems
        super().__init__("; ".join(problem.text("en") for problem in problems))
        self.problems = problems

    def text(self, language: str) -> str:
        """All problems in the reader's language."""
        return " ".join(problem.text(language) for problem in self.problems)


def refused(why: Why, about: str = "") -> ArticleRefused:
    """A refusal for one reason."""
    return ArticleRefused(Problem(why, about=about))


def inside_of(content: Content) -> tuple[str, ...]:
    """Everything of ours that cards and words lead to, each once."""
    return tuple(dict.fromkeys(target for _block, target in _leads(content) if is_inside(target)))


def problems_of(content: Content, *, there: Collection[str], pictures: Collection[int]) -> list[Problem]:
    """All that keeps content from leaving; `there` are the places and pieces that can be shown now."""
    found: list[Problem] = []
    if 0 in content.missing(FIRST):
        found.append(Problem(Why.NO_TITLE))
    if content.cover not in pictures:
        found.append(Problem(Why.NO_COVER))
    if not content.blocks:
        found.append(Problem(Why.EMPTY))
    found += [Problem(Why.NO_WORDS, number) for number in content.missing(FIRST) if number]
    for number, block in enumerate(content.blocks, 1):
        if block.kind == "picture" and block.picture not in pictures:
            found.append(Problem(Why.NO_PICTURE, number))
        if block.kind in ("place", "product") and not block.code:
            found.append(Problem(Why.GONE, number))
    for number, target in _leads(content):
        if is_inside(target):
            if target not in there:
                found.append(Problem(Why.GONE, number, target.partition(":")[2]))
        elif not is_address(target):
            found.append(Problem(Why.ADDRESS, number, target[:80]))
    return found


def _leads(content: Content) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for number, block in enumerate(content.blocks, 1):
        if block.code:
            found.append((number, block.target))
        if block.kind == "text":
            words = (target for language in LANGUAGES for target in targets(block.text.get(language, "")))
            found += [(number, target) for target in dict.fromkeys(words)]
    return found


def passages(content: Content, language: str, *, chars_max: int) -> list[tuple[int, str]]:
    """What WeChat's content check is asked about: block number (0 for title and summary) and words within its limit."""
    head = "\n".join([content.title.get(language, ""), content.summary.get(language, ""), content.author])
    said = [(0, head)]
    said += [(number, block.text.get(language, "")) for number, block in enumerate(content.blocks, 1)]
    return [
        (number, words[start : start + chars_max])
        for number, words in said
        for start in range(0, len(words), chars_max)
        if words[start : start + chars_max].strip()
    ]


_BLOCK: Mapping[str, str] = {"zh": "第{}段：", "en": "Block {}: ", "it": "Blocco {}: "}

TEXTS: Mapping[Why, Mapping[str, str]] = {
    Why.UNKNOWN: {
        "zh": "本品牌没有这篇文章，请返回文章列表。",
        "en": "There is no such article in this house. Go back to the list.",
        "it": "In questa casa non c’è un articolo così. Torni all’elenco.",
    },
    Why.CODE: {
        "zh": "编号须为2至40个小写字母、数字或连字符，以字母开头。",
        "en": "The code has to be 2 to 40 small letters, digits or hyphens, beginning with a letter.",
        "it": "Il codice deve avere da 2 a 40 minuscole, cifre o trattini e iniziare con una lettera.",
    },
    Why.CODE_TAKEN: {
        "zh": "该编号已用于另一篇文章，请换一个。",
        "en": "Another article has this code. Choose another one.",
        "it": "Un altro articolo ha questo codice. Ne scelga un altro.",
    },
    Why.CHANGED: {
        "zh": "您打开之后，同事已修改此文。请重新打开，再写入您的修改。",
        "en": "A colleague changed the article after you opened it. Open it again and make your change there.",
        "it": "Un collega ha cambiato l’articolo dopo che Lei l’ha aperto. Lo riapra e rifaccia la modifica.",
    },
    Why.IN_REVIEW: {
        "zh": "文章正在等待审核，请先撤回再修改。",
        "en": "The article waits for approval. Take it back before you change it.",
        "it": "L’articolo attende l’approvazione. Lo ritiri prima di cambiarlo.",
    },
    Why.WRONG_STATE: {
        "zh": "当前状态不能执行此操作，请重新打开查看。",
        "en": "It is not at that step any more. Open it again to see where it is.",
        "it": "Non è più a quel passo. Lo riapra per vedere dov’è.",
    },
    Why.SAME_PERSON: {
        "zh": "参与撰写或提交的人不能审核，请由另一位同事审核。",
        "en": "Whoever wrote or submitted it cannot approve it. Ask a colleague.",
        "it": "Chi l’ha scritto o inviato non può approvarlo. Chieda a un collega.",
    },
    Why.NOTE: {
        "zh": "请写明需要修改什么。",
        "en": "Say what has to be changed.",
        "it": "Scriva che cosa va cambiato.",
    },
    Why.PICTURE: {
        "zh": "图片须为JPEG、PNG或WebP，宽度至少600像素，最大8 MB。",
        "en": "The picture has to be a JPEG, PNG or WebP, at least 600 pixels wide and at most 8 MB.",
        "it": "L’immagine deve essere JPEG, PNG o WebP, larga almeno 600 pixel e al massimo 8 MB.",
    },
    Why.CREDIT: {
        "zh": "请注明图片版权，并用中文说明画面内容。",
        "en": "Say whose picture it is and, in Chinese, what it shows.",
        "it": "Indichi di chi è l’immagine e, in cinese, che cosa mostra.",
    },
    Why.LANGUAGE: {
        "zh": "该语言版本尚不完整，请补全标题、摘要和各段文字。",
        "en": "The article is not whole in that language. Add its title, summary and words.",
        "it": "L’articolo non è completo in quella lingua. Aggiunga titolo, sommario e testi o scelga un’altra lingua.",
    },
    Why.WHEN: {
        "zh": "请选择一年以内的将来时间，或留空立即发布。",
        "en": "Choose a time to come within a year, or leave it empty to publish now.",
        "it": "Scelga un momento futuro entro un anno o lasci vuoto per pubblicare subito.",
    },
    Why.UNDER_WAY: {
        "zh": "该语言版本已在发布中或已排期。请等待完成，或先取消排期。",
        "en": "This language is being published or has its time already. Wait for the end, or cancel it first.",
        "it": "Questa lingua è in pubblicazione o ha già il suo orario. Attenda la fine o prima annulli.",
    },
    Why.NO_TITLE: {
        "zh": f"请填写中文标题（最多{TITLE_CHARS_MAX}字）和摘要（最多{SUMMARY_CHARS_MAX}字）。",
        "en": "Write the title and the summary in Chinese.",
        "it": "Scriva titolo e sommario in cinese.",
    },
    Why.NO_COVER: {
        "zh": "请选择封面图片。",
        "en": "Choose a picture as the cover.",
        "it": "Scelga un’immagine di copertina.",
    },
    Why.EMPTY: {
        "zh": "正文为空，请至少添加一段。",
        "en": "The body is empty. Add a block.",
        "it": "Il corpo è vuoto. Aggiunga un blocco.",
    },
    Why.NO_WORDS: {
        "zh": "缺少中文文字，请填写或删除此段。",
        "en": "it has no words in Chinese. Write them or remove the block.",
        "it": "mancano le parole in cinese. Le scriva o tolga il blocco.",
    },
    Why.NO_PICTURE: {
        "zh": "尚未选择图片，请选择或删除此段。",
        "en": "no picture is chosen. Choose one or remove the block.",
        "it": "non è scelta un’immagine. Ne scelga una o tolga il blocco.",
    },
    Why.GONE: {
        "zh": "链接的地点或作品“{about}”不存在或未上架，请更换或删除。",
        "en": "the place or piece “{about}” does not exist or is not listed. Choose another or remove the link.",
        "it": "il luogo o pezzo «{about}» non esiste o non è in elenco. Ne scelga un altro o tolga il collegamento.",
    },
    Why.ADDRESS: {
        "zh": "“{about}”不是可用的链接。请使用 https:// 地址、place:编号 或 product:编号。",
        "en": "“{about}” is no address to lead to. Write https://…, place:code or product:code.",
        "it": "«{about}» non è un indirizzo valido. Scriva https://…, place:codice o product:codice.",
    },
    Why.TOO_LONG: {
        "zh": f"正文排版后超过微信{PAGE_CHARS_MAX:,}字符的上限，请缩短。",
        "en": f"Laid out, the body is longer than the {PAGE_CHARS_MAX:,} characters WeChat takes. Shorten it.",
        "it": f"Impaginato, il corpo supera i {PAGE_CHARS_MAX:,} caratteri ammessi da WeChat. Lo accorci.",
    },
    Why.RISKY: {
        "zh": "微信内容安全检测认为这段文字有风险，请修改后重新提交审核。",
        "en": "WeChat’s content check finds these words risky. Change them and submit the article again.",
        "it": "Il controllo di WeChat giudica rischiose queste parole. Le cambi e invii di nuovo l’articolo.",
    },
    Why.POLICY: {
        "zh": "这段文字违反品牌的合规规定，请修改后重新提交审核。",
        "en": "the house’s own policy forbids these words. Change them and submit the article again.",
        "it": "la policy della casa vieta queste parole. Le cambi e invii di nuovo l’articolo.",
    },
    Why.REJECTED: {
        "zh": "微信未予发布（状态{about}）。请检查内容与原创声明后再试。",
        "en": "WeChat did not publish it (status {about}). Look at its contents and originality, then try again.",
        "it": "WeChat non l’ha pubblicato (stato {about}). Verifichi contenuti e originalità, poi riprovi.",
    },
    Why.PLATFORM: {
        "zh": "微信拒绝了请求或没有应答（{about}）。请检查公众号与小程序设置后再试。",
        "en": "WeChat refused or did not answer ({about}). Check the accounts, then try again.",
        "it": "WeChat ha rifiutato o non ha risposto ({about}). Verifichi gli account, poi riprovi.",
    },
}
