// The words of this page in three languages; they stay with its package, which a first visit does not fetch.
import { currentLanguage, type Language } from '../../utils/language'

const zh = {
  title: '联系顾问', advisors: '您的顾问', primary: '专属顾问', where: '在微信的聊天列表里打开“{name}”，就能直接写给顾问。', none: '您还没有顾问',
  noneNote: '到店时扫一扫顾问的二维码，即可添加；之后的聊天都在微信里。', book: '预约到店', talk: '您与{house}的消息', empty: '还没有消息。您可以在公众号里写下地点或问题，我们会尽快答复。',
  write: '在公众号里写给我们', you: '您', kinds: { card: '小程序卡片', image: '图片', voice: '语音', video: '视频', other: '消息' },
  closed: '没有打开公众号，请在微信里搜索“{house}”。',
}

export type ChatWords = typeof zh

const en: ChatWords = {
  title: 'Your advisor', advisors: 'Your advisors', primary: 'looks after you', where: 'Open “{name}” in your WeChat chats to write to them.', none: 'You have no advisor yet',
  noneNote: 'In the store, scan the code of an advisor to add them; from then on you chat in WeChat.', book: 'Book a visit', talk: 'You and {house}', empty: 'No messages yet. Write a place or a question to our Official Account; we answer soon.',
  write: 'Write to us in the Official Account', you: 'You', kinds: { card: 'Mini program card', image: 'Picture', voice: 'Voice', video: 'Video', other: 'Message' },
  closed: 'The account did not open; please search WeChat for “{house}”.',
}

const it: ChatWords = {
  title: 'Il suo consulente', advisors: 'I suoi consulenti', primary: 'la segue', where: 'Apra “{name}” nelle chat di WeChat per scrivere.', none: 'Non ha ancora un consulente',
  noneNote: 'In boutique scansioni il codice di un consulente per aggiungerlo; poi la chat è in WeChat.', book: 'Prenota una visita', talk: 'Lei e {house}', empty: 'Ancora nessun messaggio. Scriva un luogo o una domanda al nostro account ufficiale: rispondiamo presto.',
  write: 'Ci scriva nell’account ufficiale', you: 'Lei', kinds: { card: 'Scheda del mini program', image: 'Immagine', voice: 'Voce', video: 'Video', other: 'Messaggio' },
  closed: 'L’account non si è aperto: cerchi “{house}” in WeChat.',
}

const WORDS: { [language in Language]: ChatWords } = { zh, en, it }

export const chatWords = (): ChatWords => WORDS[currentLanguage()]
