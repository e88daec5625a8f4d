// The words of this page in three languages; they stay with its package, which a first visit does not fetch.
import { currentLanguage, type Language } from '../../utils/language'

const zh = {
  title: '我的资料', lead: '{house}保存的关于您的全部资料，{at}（米兰时间）。', rows: '{n} 项', open: '展开', save: '把一份副本发给自己', saveNote: '副本是一份文字文件，可以发到“文件传输助手”。',
  file: '我的资料', heading: '{house}保存的您的资料', erase: '删除我的资料', erasing: '正在删除', keptTitle: '删除后仍会保留',
  eraseNote: '其余一切都会删除：您的称呼与身份、消息、行程、预约、顾问的记录；与顾问聊天的密钥会被销毁，从此无人能读。',
  askTitle: '删除您的资料？', ask: '将来的预约会取消，会员积分会失效。', askYes: '继续', askNo: '不删除',
  sureTitle: '请您最后确认', sure: '删除后无法恢复，我们也不能。', sureYes: '永久删除', sureNo: '不删除',
  gone: '您的资料已删除', goneNote: '您的登录已结束。再次打开时，您是一位新客人。', heldNote: '依法须保全的聊天记录，会在法律程序结束后自动销毁。', leave: '关闭小程序',
  sent: '副本已发送',
}

export type PrivacyWords = typeof zh

const en: PrivacyWords = {
  title: 'My data', lead: 'Everything {house} keeps about you, {at} (Milan time).', rows: '{n} entries', open: 'Open', save: 'Send myself a copy', saveNote: 'The copy is a text file; File Transfer keeps it for you.',
  file: 'my-data', heading: 'What {house} keeps about you', erase: 'Delete my data', erasing: 'Deleting', keptTitle: 'What stays nevertheless',
  eraseNote: 'All the rest is deleted: your name and identities, messages, plans, visits and what advisors noted. The keys of your chats with advisors are destroyed, so that nobody can ever read them again.',
  askTitle: 'Delete your data?', ask: 'Coming visits are cancelled and membership points are lost.', askYes: 'Go on', askNo: 'Keep it',
  sureTitle: 'Please confirm once more', sure: 'This cannot be undone, not even by us.', sureYes: 'Delete for ever', sureNo: 'Keep it',
  gone: 'Your data is deleted', goneNote: 'You are signed out. When you come back you are a new visitor.', heldNote: 'Chats that the law orders us to hold are destroyed by themselves once it no longer does.', leave: 'Close the mini program',
  sent: 'The copy is sent',
}

const it: PrivacyWords = {
  title: 'I miei dati', lead: 'Tutto ciò che {house} conserva di lei, {at} (ora di Milano).', rows: '{n} voci', open: 'Apri', save: 'Inviami una copia', saveNote: 'La copia è un file di testo; può inviarla a File Transfer.',
  file: 'i-miei-dati', heading: 'Ciò che {house} conserva di lei', erase: 'Elimina i miei dati', erasing: 'Eliminazione in corso', keptTitle: 'Che cosa resta comunque',
  eraseNote: 'Tutto il resto viene eliminato: nome e identità, messaggi, itinerari, visite e gli appunti dei consulenti. Le chiavi delle sue conversazioni con i consulenti vengono distrutte: nessuno potrà più leggerle.',
  askTitle: 'Eliminare i suoi dati?', ask: 'Le visite prenotate vengono annullate e i punti fedeltà si perdono.', askYes: 'Continua', askNo: 'Conserva',
  sureTitle: 'Confermi ancora una volta', sure: 'Non si può annullare, nemmeno da parte nostra.', sureYes: 'Elimina per sempre', sureNo: 'Conserva',
  gone: 'I suoi dati sono eliminati', goneNote: 'La sessione è chiusa. Quando tornerà sarà un nuovo visitatore.', heldNote: 'Le conversazioni che la legge impone di conservare si distruggono da sole quando l’obbligo finisce.', leave: 'Chiudi il mini program',
  sent: 'La copia è stata inviata',
}

const WORDS: { [language in Language]: PrivacyWords } = { zh, en, it }

export const privacyWords = (): PrivacyWords => WORDS[currentLanguage()]
