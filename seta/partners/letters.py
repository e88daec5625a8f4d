"""What we write to a business by mail, in its language: a link to come in by, and the city's answers."""

from django.conf import settings
from django.core.mail import EmailMessage

from seta.guide.rules.texts import language_index
from seta.houses.queries import HouseCard
from seta.partners.models import PaymentRequest, Proposal
from seta.partners.rules.onboarding_words import STATES, letter_words

_ENTRY = (
    (
        "{house}：登录链接",
        "您好：\n\n请打开以下链接，登录 {house} 的商户页面。链接30分钟内有效，只能使用一次：\n\n{url}\n\n"
        "如果不是您申请的，请忽略此邮件，什么都不会改变。\n",
    ),
    (
        "{house}: your link to come in",
        "Good day,\n\nopen this link to come in to your page at {house}. It is good once, for 30 minutes:\n\n{url}\n\n"
        "If you did not ask for it, leave this letter alone and nothing will change.\n",
    ),
    (
        "{house}: il suo link di accesso",
        "Buongiorno,\n\napra questo link per accedere alla sua pagina presso {house}. Vale una volta sola, "
        "per 30 minuti:\n\n{url}\n\nSe non l'ha chiesto lei, ignori questo messaggio: non cambierà nulla.\n",
    ),
)
_ANSWERS = {
    "approved": (
        ("{house}：您的申请已通过", "您好：\n\n{house} 已通过您关于「{name}」的申请。\n\n查看：{url}\n"),
        (
            "{house}: yes to your request",
            "Good day,\n\n{house} has approved your request about {name}.\n\nSee it here: {url}\n",
        ),
        (
            "{house}: richiesta approvata",
            "Buongiorno,\n\n{house} ha approvato la sua richiesta per {name}.\n\nLa vede qui: {url}\n",
        ),
    ),
    "refused": (
        (
            "{house}：您的申请未通过",
            "您好：\n\n{house} 未能通过您关于「{name}」的申请。\n\n理由：{reason}\n\n您可以修改后再提交：{url}\n",
        ),
        (
            "{house}: no to your request",
            "Good day,\n\n{house} could not approve your request about {name}.\n\nWhy: {reason}\n\n"
            "You can change it and send it again: {url}\n",
        ),
        (
            "{house}: richiesta non approvata",
            "Buongiorno,\n\n{house} non ha potuto approvare la sua richiesta per {name}.\n\nMotivo: {reason}\n\n"
            "Può modificarla e inviarla di nuovo: {url}\n",
        ),
    ),
}


def send_entry(house: HouseCard, email: str, token: str, language: str) -> None:
    """Send the link; raises OSError or SMTPException when no server takes it."""
    subject, body = _ENTRY[language_index(language)]
    url = f"{home_url(house)}enter/{token}/"
    _send(email, subject.format(house=house.name), body.format(house=house.name, url=url))


def send_answer(house: HouseCard, proposal: Proposal, name: str) -> None:
    """Tell the account how the city decided; raises OSError or SMTPException when no server takes it."""
    account = proposal.account
    subject, body = _ANSWERS[proposal.state][language_index(account.language)]
    told = body.format(house=house.name, name=name, reason=proposal.reason, url=home_url(house))
    _send(account.email, subject.format(house=house.name), told)


def send_payments(house: HouseCard, row: PaymentRequest, name: str) -> None:
    """Tell the account how far its request to be paid has come; raises OSError or SMTPException as above."""
    language = row.account.language
    words = letter_words(language)
    lines = [STATES[row.state][1][language_index(language)], row.reason]
    told = "\n\n".join(line for line in lines if line)
    url = f"{home_url(house)}at/{row.listing}/payments/"
    subject = words["subject"].format(house=house.name, name=name)
    _send(row.account.email, subject, words["body"].format(told=told, url=url))


def home_url(house: HouseCard) -> str:
    """Where the businesses of a house come in."""
    return f"{settings.PUBLIC_URL}/partners/{house.code}/"


def _send(email: str, subject: str, body: str) -> None:
    EmailMessage(" ".join(subject.split()), body, to=[email]).send()
