"""The words of the partners' pages in Chinese, English and Italian."""

from collections.abc import Mapping

from seta.guide.rules.texts import language_index
from seta.partners.rules.form import Problem
from seta.partners.rules.refusals import TEXTS, Refusal

Words = tuple[str, str, str]

PAGE: Mapping[str, Words] = {
    "title": ("商户页面", "For businesses", "Per le attività"),
    "lede": (
        "让到访的中国旅客找到您：在城市指南中自己维护营业时间、支付方式、优惠与照片。每次修改由城市核实后显示，免费。",
        "Let Chinese travellers find you: keep your own opening hours, ways to pay, offers and photos in the city's "
        "guide. The city checks each change before it is shown. It costs nothing.",
        "Si faccia trovare dai viaggiatori cinesi: curi da sé orari, pagamenti, offerte e foto nella guida della "
        "città. La città verifica ogni modifica prima di mostrarla. È gratuito.",
    ),
    "how": ("怎么做", "How it works", "Come funziona"),
    "step1": (
        "填写邮箱，打开我们发送的链接。无需密码。",
        "Write your e-mail address and open the link we send. There is no password.",
        "Scriva la sua e-mail e apra il link che le mandiamo. Non c'è password.",
    ),
    "step2": (
        "认领您的商户，或新增一家。",
        "Claim your business in the guide, or add it.",
        "Rivendichi la sua attività nella guida, o la aggiunga.",
    ),
    "step3": (
        "修改内容并提交；城市答复后，旅客在微信中即可看到。",
        "Change what you like and send it. Once the city agrees, travellers see it in WeChat.",
        "Modifichi ciò che vuole e lo invii. Dopo l'assenso della città i viaggiatori lo vedono su WeChat.",
    ),
    "email": ("电子邮箱", "Your e-mail address", "La sua e-mail"),
    "send_link": ("发送登录链接", "Send me a link", "Mandatemi un link"),
    "or": ("或", "or", "oppure"),
    "wechat": ("用微信登录", "Come in with WeChat", "Entra con WeChat"),
    "wechat_link": ("以后用微信登录", "Come in with WeChat from now on", "D'ora in poi entra con WeChat"),
    "wechat_linked": (
        "以后在微信中打开此页面，一键即可登录。",
        "From now on one tap in WeChat lets you in.",
        "D'ora in poi basta un tocco in WeChat per entrare.",
    ),
    "wechat_first": (
        "我们还不认识这个微信。请填写一次邮箱，在本机打开链接；以后用微信即可。",
        "We do not know this WeChat yet. Write your address once and open the link on this phone; from then on WeChat "
        "is enough.",
        "Non conosciamo ancora questo WeChat. Scriva una volta il suo indirizzo e apra il link su questo telefono; poi "
        "basterà WeChat.",
    ),
    "sent": ("请查看您的邮箱", "Look in your mail", "Controlli la posta"),
    "sent_text": (
        "如果该邮箱可以收信，登录链接已在路上。链接30分钟内有效，只能使用一次；每小时最多三封。",
        "If letters reach that address, a link is on its way. It is good once, for 30 minutes; there are at most "
        "three an hour.",
        "Se a quell'indirizzo arriva la posta, il link è in viaggio. Vale una volta, per 30 minuti; al massimo tre "
        "all'ora.",
    ),
    "again": ("换一个邮箱", "Another address", "Un altro indirizzo"),
    "welcome": ("欢迎", "Welcome", "Benvenuto"),
    "enter_text": ("您将以此邮箱登录：", "You are coming in as", "Sta entrando come"),
    "enter": ("登录", "Come in", "Entra"),
    "leave": ("退出", "Leave", "Esci"),
    "yours": ("您的商户", "Your businesses", "Le sue attività"),
    "none_yet": (
        "您还没有商户。请先在下方查找，或新增一家。",
        "None yet. Look for yours below, or add it.",
        "Ancora nessuna. La cerchi qui sotto, o la aggiunga.",
    ),
    "find": ("查找您的商户", "Find your business", "Trovi la sua attività"),
    "find_hint": ("名称或街道", "Name or street", "Nome o via"),
    "search": ("查找", "Search", "Cerca"),
    "none_found": (
        "没有找到。请换个写法，或新增您的商户。",
        "Nothing found. Try another spelling, or add your business.",
        "Nessun risultato. Provi un'altra grafia, o aggiunga la sua attività.",
    ),
    "add": ("新增商户", "Add my business", "Aggiungi la mia attività"),
    "add_text": (
        "不在指南中？填写一次，城市核实后列入。",
        "Not in the guide? Fill in one form; the city checks it and lists you.",
        "Non è nella guida? Compili un modulo; la città lo verifica e la inserisce.",
    ),
    "claim": ("认领", "Claim", "Rivendica"),
    "claim_title": ("认领这家商户", "Claim this business", "Rivendichi questa attività"),
    "claim_text": (
        "城市会核实您是否代表这家商户，通常会致电。通过之前，您可以先准备修改。",
        "The city checks that you speak for this business, often by a call. You can prepare changes meanwhile.",
        "La città verifica che lei rappresenti questa attività, spesso con una telefonata. Intanto può preparare le "
        "modifiche.",
    ),
    "who": ("您是谁", "Who you are", "Chi è lei"),
    "who_name": ("您的姓名", "Your name", "Il suo nome"),
    "who_role": ("职务", "Your role", "Il suo ruolo"),
    "who_phone": ("联系电话", "Telephone", "Telefono"),
    "who_words": ("还想说明的（可不填）", "Anything else (optional)", "Altro (facoltativo)"),
    "send_claim": ("提交认领", "Send the claim", "Invia la richiesta"),
    "edit": ("修改", "Change", "Modifica"),
    "view": ("在指南中查看", "See it in the guide", "Vedi nella guida"),
    "granted": ("已核实", "yours", "sua"),
    "asked": ("认领待答复", "claim waits", "richiesta in attesa"),
    "requests": ("您的申请与答复", "Your requests and the answers", "Le sue richieste e le risposte"),
    "kind_claim": ("认领", "Claim", "Rivendicazione"),
    "kind_new": ("新增商户", "New business", "Nuova attività"),
    "kind_change": ("修改", "Change", "Modifica"),
    "state_waiting": ("等待城市答复", "waiting for the city", "in attesa della città"),
    "state_approved": ("已通过", "approved", "approvata"),
    "state_refused": ("未通过", "not approved", "non approvata"),
    "state_withdrawn": ("已撤回", "withdrawn", "ritirata"),
    "withdraw": ("撤回", "Withdraw", "Ritira"),
    "close": ("关闭账户", "Close this account", "Chiudi l'account"),
    "close_text": (
        "关闭后，您的邮箱、微信和身份说明会被删除，等待中的申请全部撤回，您不再代表任何商户。已发布的商户信息保留。",
        "Your address, your WeChat and who you said you are will be deleted, everything that waits is taken back, and "
        "you no longer speak for any business. What the guide says of it stays.",
        "Il suo indirizzo, il suo WeChat e chi ha detto di essere saranno cancellati, ciò che attende è ritirato e non "
        "parlerà più per alcuna attività. Ciò che la guida ne dice resta.",
    ),
    "close_sure": ("我已了解，确认关闭", "I understand; close it", "Ho capito: chiudi"),
    "closed": ("账户已关闭。", "The account is closed.", "L'account è chiuso."),
    "back": ("返回", "Back", "Indietro"),
    "names": ("名称与地点", "Name and place", "Nome e luogo"),
    "name": ("名称（招牌上的）", "Name, as on the door", "Nome, come sull'insegna"),
    "name_zh": ("中文名称", "Name in Chinese", "Nome in cinese"),
    "name_en": ("英文名称", "Name in English", "Nome in inglese"),
    "optional": ("可不填", "optional", "facoltativo"),
    "category": ("类别", "Kind of business", "Tipo di attività"),
    "address": ("地址", "Address", "Indirizzo"),
    "position": (
        "坐标（纬度, 经度）",
        "Position (latitude, longitude)",
        "Posizione (latitudine, longitudine)",
    ),
    "position_hint": (
        "在任意地图上长按您的店门，复制两个数字，例如 45.46416, 9.19190",
        "On any map press long on your door and copy the two numbers, such as 45.46416, 9.19190",
        "Su qualunque mappa tenga premuto sulla sua porta e copi i due numeri, per esempio 45.46416, 9.19190",
    ),
    "hours": ("营业时间", "Opening hours", "Orari di apertura"),
    "hours_hint": (
        "每天最多两段；空白表示休息。凌晨关门请直接填写，例如 19:00 至 02:00。",
        "Up to two spans a day; empty means closed. A night may end past midnight: 19:00 to 02:00.",
        "Fino a due fasce al giorno; vuoto significa chiuso. La sera può finire dopo mezzanotte: 19:00 – 02:00.",
    ),
    "by_week": ("按星期填写", "Day by day", "Giorno per giorno"),
    "by_text": (
        "自行书写（节假日、季节）",
        "Written out (holidays, seasons)",
        "Scritti per esteso (festivi, stagioni)",
    ),
    "text_hint": (
        "OpenStreetMap 格式，例如 Mo-Sa 10:00-19:00; Dec 25 off",
        "OpenStreetMap's form, such as Mo-Sa 10:00-19:00; Dec 25 off",
        "Nella forma di OpenStreetMap, per esempio Mo-Sa 10:00-19:00; Dec 25 off",
    ),
    "opens": ("开门", "opens", "apre"),
    "closes": ("关门", "closes", "chiude"),
    "preview": ("未来七天将显示为", "The next seven days will read", "I prossimi sette giorni si leggeranno"),
    "preview_do": ("更新预览", "Show the week", "Mostra la settimana"),
    "facts": ("中国旅客关心的", "What Chinese guests ask", "Ciò che chiedono gli ospiti cinesi"),
    "payment": ("支付方式", "Ways to pay", "Modi di pagare"),
    "languages": ("店内可用语言", "Languages spoken", "Lingue parlate"),
    "has": ("您提供", "You have", "Offre"),
    "told_on": ("商家确认于", "told by you on", "dichiarato da lei il"),
    "listed_on": ("城市名录，确认于", "from the city's list,", "dall'elenco della città,"),
    "undated": ("尚未确认", "not confirmed yet", "non ancora confermato"),
    "vouch": (
        "我确认以上信息今天全部属实（会显示日期）",
        "I confirm that all of this is true today (the date is shown)",
        "Confermo che tutto questo è vero oggi (la data viene mostrata)",
    ),
    "texts": ("一句话介绍", "A line about you", "Una frase su di voi"),
    "note_zh": ("中文", "in Chinese", "in cinese"),
    "note_en": ("英文", "in English", "in inglese"),
    "note_it": ("意大利文", "in Italian", "in italiano"),
    "offers": ("优惠与活动", "Offers", "Offerte"),
    "offers_hint": (
        "每项须有起止日期；至少写一种语言。不得以转发或关注换取优惠。",
        "Each has a first and a last day, and words in at least one language. Nothing may be given for sharing or "
        "following.",
        "Ognuna ha un primo e un ultimo giorno e un testo in almeno una lingua. Nulla in cambio di condivisioni o "
        "iscrizioni.",
    ),
    "offer": ("优惠", "Offer", "Offerta"),
    "from": ("自", "from", "dal"),
    "until": ("至", "until", "al"),
    "photos": ("照片", "Photos", "Foto"),
    "photos_hint": (
        "JPEG、PNG 或 WebP，至少600像素宽，最多 8 MB。拍摄地点与相机信息会被移除。",
        "JPEG, PNG or WebP, at least 600 pixels wide, at most 8 MB. Where and with what it was taken is removed.",
        "JPEG, PNG o WebP, almeno 600 pixel di larghezza, al massimo 8 MB. Luogo e dati dello scatto sono rimossi.",
    ),
    "photo": ("选择照片", "Choose a photo", "Scelga una foto"),
    "photo_alt": ("照片内容", "What it shows", "Che cosa mostra"),
    "photo_big": TEXTS[Refusal.BIG_PHOTO],
    "photo_add": ("添加照片", "Add the photo", "Aggiungi la foto"),
    "photo_remove": ("移除", "Remove", "Togli"),
    "poster": ("门口海报", "A poster for your door", "Un manifesto per la sua porta"),
    "poster_text": (
        "A4，中英意三语，微信扫码即可查看您的页面。内容取自指南，修改通过后请重新打印。",
        "A4, in Chinese, English and Italian, with a code that opens your page in WeChat. It says what the guide says "
        "today: print it anew after a change.",
        "A4, in cinese, inglese e italiano, con un codice che apre la sua pagina in WeChat. Riporta ciò che la guida "
        "dice oggi: lo ristampi dopo una modifica.",
    ),
    "poster_open": ("打开海报（PDF）", "Open the poster (PDF)", "Apri il manifesto (PDF)"),
    "pay": ("接受微信支付", "Be paid by Chinese visitors", "Farsi pagare dai visitatori cinesi"),
    "pay_text": (
        "在这里填写收单机构所需的资料；城市会转交，并告诉您进展。",
        "Give here what an acquirer asks for; the city passes it on and tells you of each step.",
        "Dia qui ciò che un acquirer chiede; la città lo trasmette e le dice ogni passo.",
    ),
    "pay_open": ("申请微信支付", "Ask for WeChat Pay", "Chieda WeChat Pay"),
    "figures": ("近30天", "The last thirty days", "Gli ultimi trenta giorni"),
    "figures_text": (
        "只有次数，不含任何人的信息；仅显示您自己的商户。",
        "Counts only, of your business only; nothing about anybody.",
        "Solo conteggi, solo della sua attività; nulla su nessuno.",
    ),
    "found": (
        "旅客搜索时首先找到您",
        "Searches that found you first",
        "Ricerche che hanno trovato lei per primo",
    ),
    "scanned": ("海报扫码次数", "Scans of your poster", "Scansioni del manifesto"),
    "followed": (
        "从您的海报进入公众号",
        "Visits to the Official Account from your poster",
        "Accessi all'account ufficiale dal suo manifesto",
    ),
    "fewer": ("少于", "fewer than", "meno di"),
    "day": ("日期", "Day", "Giorno"),
    "by_day": ("按日查看", "Day by day", "Giorno per giorno"),
    "send": ("提交给城市", "Send to the city", "Invia alla città"),
    "waiting_note": (
        "您的修改正在等待城市答复，下方显示的是修改后的内容。再次提交将替换它。",
        "A change of yours is waiting for the city; below is what you asked for. Sending again replaces it.",
        "Una sua modifica attende la città; qui sotto c'è ciò che ha chiesto. Un nuovo invio la sostituisce.",
    ),
    "asked_note": (
        "城市还在核实您的认领；您的修改会一并等待。",
        "The city is still checking your claim; your changes wait along with it.",
        "La città sta ancora verificando la sua richiesta; le modifiche attendono con essa.",
    ),
    "refused_note": (
        "上次修改未通过：",
        "Your last change was not approved:",
        "L'ultima modifica non è stata approvata:",
    ),
    "done_claim": (
        "已提交。城市会核实并写信答复您。您现在就可以准备修改。",
        "Sent. The city will check and write to you. You can prepare your changes now.",
        "Inviata. La città verificherà e le scriverà. Può già preparare le modifiche.",
    ),
    "done_new": (
        "已提交。城市核实后会写信给您，随后您的商户出现在指南中。",
        "Sent. The city will check and write to you; then your business is in the guide.",
        "Inviata. La città verificherà e le scriverà; poi la sua attività sarà nella guida.",
    ),
    "done_change": (
        "已提交。城市答复后，指南随即更新。",
        "Sent. Once the city agrees, the guide shows it.",
        "Inviata. Dopo l'assenso della città la guida la mostrerà.",
    ),
    "done_withdraw": ("已撤回。", "Withdrawn.", "Ritirata."),
    "unavailable": ("无法继续", "This did not work", "Non è possibile continuare"),
    "to_start": ("回到首页", "Back to the start", "Torna all'inizio"),
    "language": ("语言", "Language", "Lingua"),
    "skip": ("跳到内容", "Skip to the content", "Vai al contenuto"),
    "closed_day": ("休息", "closed", "chiuso"),
    "confirmed_facts": ("确认的信息", "Confirmed facts", "Informazioni confermate"),
}
WEEKDAYS: tuple[tuple[str, ...], ...] = (
    ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    ("lun", "mar", "mer", "gio", "ven", "sab", "dom"),
)
PROBLEMS: Mapping[Problem, Words] = {
    Problem.MISSING: ("请填写。", "Fill this in.", "Compili questo campo."),
    Problem.LONG: ("太长了，请缩短。", "Too long: shorten it.", "Troppo lungo: lo abbrevi."),
    Problem.NO_LETTERS: (
        "名称须含文字，不能只有表情或符号。",
        "A name needs letters, not only emoji or signs.",
        "Un nome ha bisogno di lettere, non solo di emoji o segni.",
    ),
    Problem.CODE: (
        "请只写文字：不能有代码、尖括号或链接。",
        "Plain words only: no code, no angle brackets, no links.",
        "Solo parole: niente codice, parentesi angolari o link.",
    ),
    Problem.BRIBE: (
        "不得以分享、关注或抽奖换取好处（微信规范），请改写。",
        "WeChat forbids rewards for sharing, following or luck. Write it anew.",
        "WeChat vieta premi per condivisioni, iscrizioni o fortuna. Lo riscriva.",
    ),
    Problem.CHOICE: ("请从列表中选择。", "Choose from the list.", "Scelga dall'elenco."),
    Problem.POSITION: (
        "请填写城市附近的纬度与经度，例如 45.46416, 9.19190。",
        "Write latitude and longitude near the city, such as 45.46416, 9.19190.",
        "Scriva latitudine e longitudine vicine alla città, per esempio 45.46416, 9.19190.",
    ),
    Problem.HOURS: (
        "营业时间无法识别：每段都要有开门与关门，不得重叠，最晚次日6点。",
        "These hours cannot be read: each span opens and closes, none overlap, and a night ends by 06:00.",
        "Orari non leggibili: ogni fascia apre e chiude, senza sovrapporsi, e la notte finisce entro le 06:00.",
    ),
    Problem.NEVER_OPEN: (
        "按此填写，未来两周都不营业。请至少填写一天。",
        "By these hours you are never open in the next two weeks. Give at least one day.",
        "Con questi orari è sempre chiuso nelle prossime due settimane. Indichi almeno un giorno.",
    ),
    Problem.OFFER_TEXT: (
        "请写明优惠内容（至少一种语言）。",
        "Say what the offer is, in at least one language.",
        "Scriva l'offerta in almeno una lingua.",
    ),
    Problem.OFFER_DAYS: (
        "每项优惠须有起止日期，最长一年。",
        "Each offer needs its first and last day, at most a year apart.",
        "Ogni offerta richiede primo e ultimo giorno, al massimo un anno dopo.",
    ),
}


def page_words(language: str) -> dict[str, str]:
    """Every word of the pages in the reader's language."""
    at = language_index(language)
    return {key: text[at] for key, text in PAGE.items()}


def problem_words(problems: Mapping[str, Problem], language: str) -> dict[str, str]:
    """What to change, by field, in the reader's language."""
    at = language_index(language)
    return {field: PROBLEMS[problem][at] for field, problem in problems.items()}
