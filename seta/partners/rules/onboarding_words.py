"""The words of the pages and letters about payments, in Chinese, English and Italian."""

from collections.abc import Mapping

from seta.guide.rules.texts import language_index
from seta.partners.rules.onboarding import Document, Fault, State

Words = tuple[str, str, str]

PAGE: Mapping[str, Words] = {
    "title": ("接受微信支付", "Be paid by Chinese visitors", "Farsi pagare dai visitatori cinesi"),
    "lede": (
        "通过收单机构开通微信支付。城市收齐资料后转交；是否开通由收单机构决定，城市会把答复录入这里。",
        "Take WeChat Pay through an acquirer. The city collects what the acquirer asks for and passes it on; the "
        "acquirer decides, and the city enters its answer here.",
        "Accetti WeChat Pay tramite un acquirer. La città raccoglie quanto serve e lo trasmette; decide l'acquirer, e "
        "la città riporta qui la risposta.",
    ),
    "privacy": (
        "所填内容与文件均加密保存；每次查看文件都会记录。有结果、撤回或满90天后，文件即删除。",
        "What you write and give is kept sealed, and each opening of a document is logged. Documents are deleted once "
        "it is decided, when you withdraw, or after 90 days.",
        "Ciò che scrive e consegna è conservato cifrato e ogni apertura di un documento è registrata. I documenti sono "
        "cancellati a decisione presa, se ritira la richiesta, o dopo 90 giorni.",
    ),
    "business": ("企业", "The business", "L'impresa"),
    "bank": ("收款账户", "Where the money goes", "Dove va il denaro"),
    "person": ("联系人", "Whom to ask", "A chi rivolgersi"),
    "save": ("保存", "Save", "Salva"),
    "saved": ("已保存。", "Saved.", "Salvato."),
    "documents": ("文件", "Documents", "Documenti"),
    "documents_hint": (
        "PDF、JPEG 或 PNG，每份最多 8 MB。",
        "PDF, JPEG or PNG, at most 8 MB each.",
        "PDF, JPEG o PNG, al massimo 8 MB ciascuno.",
    ),
    "file": ("选择文件", "Choose a file", "Scelga un file"),
    "give": ("上传", "Give it", "Consegna"),
    "given": ("已收到", "given on", "consegnato il"),
    "take_back": ("删除", "Delete", "Cancella"),
    "done_given": (
        "文件已加密保存。",
        "The document is kept, sealed.",
        "Il documento è conservato, cifrato.",
    ),
    "done_taken": ("文件已删除。", "The document is deleted.", "Il documento è cancellato."),
    "ask": ("提交给城市", "Ask the city", "Chiedi alla città"),
    "ask_text": (
        "提交后内容不能再修改，除非城市请您补充。",
        "After this nothing can be changed, unless the city asks for more.",
        "Dopo, nulla può essere cambiato, a meno che la città chieda altro.",
    ),
    "still": ("还缺：", "Still missing:", "Manca ancora:"),
    "done_asked": (
        "已提交，我们会写信告诉您进展。",
        "Sent. We write to you at each step.",
        "Inviata. Le scriviamo a ogni passo.",
    ),
    "withdraw": ("撤回并删除", "Withdraw and delete", "Ritira e cancella"),
    "withdraw_text": (
        "您填写的内容与全部文件会立即删除，无法恢复。已转交收单机构的资料须另向其提出删除。",
        "All you wrote and every document is deleted at once, for good. What an acquirer already has, ask it to "
        "delete.",
        "Tutto ciò che ha scritto e ogni documento è cancellato subito e per sempre. Per quanto è già presso "
        "l'acquirer, lo chieda a lui.",
    ),
    "withdraw_sure": ("我要撤回并删除一切", "Yes, delete everything", "Sì, cancelli tutto"),
    "done_withdrawn": (
        "已撤回，全部删除。",
        "Withdrawn; everything is deleted.",
        "Ritirata; tutto è cancellato.",
    ),
    "begin_again": ("您可以在下方重新申请。", "You can ask anew below.", "Può chiedere di nuovo qui sotto."),
    "merchant": ("特约商户号", "Merchant number", "Numero di esercente"),
    "since": ("开通日期", "Accepts payments from", "Accetta pagamenti dal"),
    "said": ("您提交的内容", "What you sent", "Ciò che ha inviato"),
    "optional": ("没有可不填", "leave empty if none", "vuoto se non c'è"),
    "choose": ("请选择", "Choose", "Scelga"),
}
FIELD_NAMES: Mapping[str, Words] = {
    "legal_name": ("注册名称", "Registered name", "Denominazione legale"),
    "legal_form": ("企业形式", "Legal form", "Forma giuridica"),
    "category": ("行业（MCC）", "Trade (category code, MCC)", "Settore (codice MCC)"),
    "vat": ("意大利增值税号", "VAT number (Partita IVA)", "Partita IVA"),
    "address": ("注册地址", "Registered address", "Sede legale"),
    "iban": ("IBAN", "IBAN", "IBAN"),
    "holder": ("账户户名", "Account holder", "Intestatario del conto"),
    "contact": ("联系人姓名", "Name of the contact", "Nome del referente"),
    "email": ("联系邮箱", "E-mail of the contact", "E-mail del referente"),
    "phone": ("联系电话", "Telephone", "Telefono"),
    "website": ("网站", "Website", "Sito web"),
    "ticket": ("平均每笔金额（欧元）", "Expected ticket, in euros", "Scontrino medio previsto, in euro"),
}
DOCUMENTS: Mapping[Document, Words] = {
    Document.REGISTER: ("商会登记摘录（visura）", "Company register extract (visura)", "Visura camerale"),
    Document.IDENTITY: (
        "法定代表人身份证件",
        "Identity document of the representative",
        "Documento d'identità del rappresentante",
    ),
    Document.BANK: ("银行对账单", "Bank statement", "Estratto conto bancario"),
}
FORMS: Mapping[str, Words] = {
    "sole_trader": ("个体经营", "Sole trader", "Ditta individuale"),
    "partnership": ("合伙企业", "Partnership (snc, sas)", "Società di persone (snc, sas)"),
    "company": ("公司", "Company (srl, spa)", "Società di capitali (srl, spa)"),
    "association": ("协会或基金会", "Association or foundation", "Associazione o fondazione"),
}
CATEGORY_NAMES: Mapping[str, Words] = {
    "5812": ("餐厅", "Restaurants", "Ristoranti"),
    "5814": ("快餐、咖啡", "Fast food, cafés", "Fast food, caffè"),
    "5813": ("酒吧", "Bars", "Bar e locali"),
    "5462": ("烘焙", "Bakeries", "Panetterie e pasticcerie"),
    "5499": ("食品店", "Food shops", "Negozi di alimentari"),
    "5441": ("糖果店", "Confectionery", "Dolciumi"),
    "5311": ("百货", "Department stores", "Grandi magazzini"),
    "5621": ("女装", "Women's clothing", "Abbigliamento donna"),
    "5611": ("男装", "Men's clothing", "Abbigliamento uomo"),
    "5651": ("服装", "Family clothing", "Abbigliamento"),
    "5661": ("鞋", "Shoes", "Calzature"),
    "5948": ("皮具箱包", "Leather goods", "Pelletteria"),
    "5944": ("珠宝钟表", "Jewellery and watches", "Gioielli e orologi"),
    "5977": ("化妆品", "Cosmetics", "Cosmetici"),
    "5912": ("药房", "Pharmacies", "Farmacie"),
    "5995": ("宠物用品", "Pet shops", "Animali"),
    "5947": ("礼品纪念品", "Gifts and souvenirs", "Regali e souvenir"),
    "5942": ("书店", "Bookshops", "Librerie"),
    "5719": ("家居用品", "Home furnishings", "Articoli per la casa"),
    "7011": ("酒店", "Hotels", "Alberghi"),
    "7991": ("景点展览", "Attractions and exhibits", "Attrazioni e mostre"),
    "7922": ("演出票务", "Theatre tickets", "Biglietti di spettacoli"),
    "7230": ("美发美容", "Hair and beauty", "Parrucchieri ed estetica"),
    "7298": ("水疗", "Spas", "Centri benessere"),
    "4121": ("出租车", "Taxis", "Taxi"),
    "4722": ("旅行社", "Travel agencies", "Agenzie di viaggio"),
}
FAULTS: Mapping[Fault, Words] = {
    Fault.MISSING: ("请填写。", "Fill this in.", "Compili questo campo."),
    Fault.LONG: ("太长了，请缩短。", "Too long: shorten it.", "Troppo lungo: lo abbrevi."),
    Fault.CHOICE: ("请从列表中选择。", "Choose from the list.", "Scelga dall'elenco."),
    Fault.VAT: (
        "税号校验不通过：应为11位数字，例如 07643520567。",
        "The check digit fails: a Partita IVA has 11 digits, such as 07643520567.",
        "La cifra di controllo non torna: la Partita IVA ha 11 cifre, per esempio 07643520567.",
    ),
    Fault.IBAN: (
        "IBAN 校验不通过。请逐字核对，例如 IT60 X054 2811 1010 0000 0123 456。",
        "The check digits fail. Compare sign by sign, such as IT60 X054 2811 1010 0000 0123 456.",
        "Le cifre di controllo non tornano. Confronti segno per segno, per esempio IT60 X054 2811 1010 0000 0123 456.",
    ),
    Fault.EMAIL: (
        "请填写完整的邮箱。",
        "Write a whole e-mail address.",
        "Scriva un indirizzo e-mail completo.",
    ),
    Fault.PHONE: (
        "请填写电话，例如 +39 02 123456。",
        "Write a number such as +39 02 123456.",
        "Scriva un numero, per esempio +39 02 123456.",
    ),
    Fault.WEBSITE: (
        "请填写完整网址，例如 https://www.negozio.it；没有可留空。",
        "Write the whole address, such as https://www.negozio.it, or nothing.",
        "Scriva l'indirizzo intero, per esempio https://www.negozio.it, o nulla.",
    ),
    Fault.TICKET: (
        "请填写1至100000的整数。",
        "Write whole euros between 1 and 100000.",
        "Scriva euro interi tra 1 e 100000.",
    ),
}
STATES: Mapping[str, tuple[Words, Words]] = {
    State.DRAFT: (
        ("草稿", "draft", "bozza"),
        ("尚未提交。", "Not sent yet.", "Non ancora inviata."),
    ),
    State.ASKED: (
        ("城市审核中", "with the city", "presso la città"),
        (
            "城市已收到您的微信支付申请，正在核对资料。",
            "The city has your request for WeChat Pay and is checking it.",
            "La città ha la sua richiesta per WeChat Pay e la sta verificando.",
        ),
    ),
    State.MORE_WANTED: (
        ("请补充", "more is needed", "serve altro"),
        (
            "您的微信支付申请还需补充，请修改后再次提交：",
            "Your request for WeChat Pay needs something more; change it and ask again:",
            "Alla sua richiesta per WeChat Pay manca qualcosa; la modifichi e chieda di nuovo:",
        ),
    ),
    State.SENT: (
        ("收单机构审核中", "with the acquirer", "presso l'acquirer"),
        (
            "城市已把您的申请转交收单机构，等待答复。",
            "The city has handed your request to the acquirer; now it is for the acquirer to answer.",
            "La città ha consegnato la sua richiesta all'acquirer; ora tocca a lui rispondere.",
        ),
    ),
    State.APPROVED: (
        ("已开通", "approved", "approvata"),
        (
            "收单机构已通过：您可以收微信支付了，指南中已显示。",
            "The acquirer agreed: you can take WeChat Pay, and the guide says so.",
            "L'acquirer ha accettato: può ricevere WeChat Pay, e la guida lo dice.",
        ),
    ),
    State.REFUSED: (
        ("未通过", "refused", "rifiutata"),
        (
            "您的微信支付申请未通过，文件已删除。理由：",
            "Your request for WeChat Pay was refused and your documents are deleted. Why:",
            "La sua richiesta per WeChat Pay è stata rifiutata e i documenti sono cancellati. Motivo:",
        ),
    ),
    State.WITHDRAWN: (
        ("已撤回", "withdrawn", "ritirata"),
        (
            "您已撤回，全部内容已删除。",
            "You withdrew it; everything is deleted.",
            "L'ha ritirata; tutto è cancellato.",
        ),
    ),
}
_LETTER: Mapping[str, Words] = {
    "subject": (
        "{house}：「{name}」的微信支付申请",
        "{house}: WeChat Pay for {name}",
        "{house}: WeChat Pay per {name}",
    ),
    "body": (
        "您好：\n\n{told}\n\n查看：{url}\n",
        "Good day,\n\n{told}\n\nSee it here: {url}\n",
        "Buongiorno,\n\n{told}\n\nLa vede qui: {url}\n",
    ),
}


def letter_words(language: str) -> Mapping[str, str]:
    """A letter's subject and body in the reader's language."""
    return _in(_LETTER, language)


def page_words(language: str) -> Mapping[str, str]:
    """Every word of the payments page in the reader's language."""
    return _in(PAGE, language)


def field_names(language: str) -> Mapping[str, str]:
    """What each field is called."""
    return _in(FIELD_NAMES, language)


def options(field: str, language: str) -> Mapping[str, str]:
    """What may be chosen in a field, by value; empty for a field that is written."""
    names = {"legal_form": FORMS, "category": CATEGORY_NAMES}.get(field, {})
    return {
        value: f"{name} ({value})" if field == "category" else name
        for value, name in _in(names, language).items()
    }


def said(field: str, value: str, language: str) -> str:
    """A field's value as people read it."""
    return options(field, language).get(value, value)


def _in(words: Mapping[str, Words], language: str) -> dict[str, str]:
    at = language_index(language)
    return {key: text[at] for key, text in words.items()}
