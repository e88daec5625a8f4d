"""Why loyalty says no, in the languages of those who ask."""

from collections.abc import Mapping
from enum import StrEnum

from seta.kit.words import NamedRefusal, Words


class Refusal(StrEnum):
    """Named reasons; nothing has changed when one of them is given."""

    UNREADABLE = "unreadable"
    BRIBE = "bribe"
    UNKNOWN_RULES = "unknown_rules"
    NOT_PROPOSED = "not_proposed"
    OWN_PROPOSAL = "own_proposal"
    UNKNOWN_PERSON = "unknown_person"
    UNKNOWN_WORKSHOP = "unknown_workshop"
    NO_PROGRAM = "no_program"
    SAME_RULES = "same_rules"


TEXTS: Mapping[Refusal, Words] = {
    Refusal.UNREADABLE: {
        "zh": "规则文件有错误，请按所示行号修改后再提交。",
        "en": "The rules cannot be read. Mend the lines that are shown and propose them again.",
        "it": "Le regole non si leggono. Corregga le righe indicate e le riproponga.",
    },
    Refusal.BRIBE: {
        "zh": "规则含有诱导分享、关注或抽奖等内容，不能启用，请按所示原因修改。",
        "en": "These rules pay for sharing, following or luck, so they cannot go live. Mend what is shown.",
        "it": "Queste regole premiano condivisioni, iscrizioni o fortuna: non possono entrare in vigore. Le corregga.",
    },
    Refusal.UNKNOWN_RULES: {
        "zh": "未找到该规则版本，请从列表中选择。",
        "en": "There are no such rules. Choose them from the list.",
        "it": "Queste regole non esistono. Le scelga dall'elenco.",
    },
    Refusal.NOT_PROPOSED: {
        "zh": "该版本已处理，请刷新页面查看。",
        "en": "These rules have been decided already. Load the page again.",
        "it": "Su queste regole si è già deciso. Ricarichi la pagina.",
    },
    Refusal.OWN_PROPOSAL: {
        "zh": "规则须由另一位同事批准。",
        "en": "You proposed these rules yourself; a colleague has to put them live.",
        "it": "Ha proposto lei queste regole; deve metterle in vigore un collega.",
    },
    Refusal.UNKNOWN_PERSON: {
        "zh": "未找到该客户，请从客户名册中选择。",
        "en": "This client was not found. Choose them from the client book.",
        "it": "Cliente non trovato. Lo scelga dall'elenco clienti.",
    },
    Refusal.UNKNOWN_WORKSHOP: {
        "zh": "请填写工坊代码：字母、数字与连字符，最多40个字符。",
        "en": "Name the workshop by a code of letters, digits and hyphens, at most 40.",
        "it": "Indichi il laboratorio con un codice di lettere, cifre e trattini, al massimo 40.",
    },
    Refusal.NO_PROGRAM: {
        "zh": "尚无生效的礼遇规则，请先启用一份规则。",
        "en": "No rules are live yet. Put a set of rules live first.",
        "it": "Non ci sono ancora regole in vigore. Ne metta in vigore una versione.",
    },
    Refusal.SAME_RULES: {
        "zh": "内容与现行或待批版本相同。",
        "en": "The same rules are live or waiting already.",
        "it": "Le stesse regole sono già in vigore o in attesa.",
    },
}


class LoyaltyRefused(NamedRefusal[Refusal]):
    """Loyalty said no."""

    texts = TEXTS
