// The phone's own words in three languages.

const zh = {
  tabs: { chats: '微信', contacts: '通讯录', discover: '发现', me: '我' },
  scan: '扫一扫', back: '返回', send: '发送', write: '写消息', menu: '菜单', keyboard: '键盘', cancel: '取消', done: '完成', close: '关闭', more: '更多',
  noChats: '还没有聊天', noChatsNote: '扫一张海报，或到朋友圈看看。', toScan: '去扫海报', service: '服务通知', noMessages: '在下方写一句话，或点菜单。',
  followed: '您已关注，可以开始聊天', unfollowedNow: '您已取消关注', scanned: '您扫描了二维码', typing: '对方正在输入…', follow: '关注公众号', unfollow: '取消关注',
  articles: '文章', article: '文章', noArticles: '还没有文章', accounts: '公众号', associates: '企业微信联系人', programs: '小程序', notFollowing: '未关注', following: '已关注', noAssociates: '扫描顾问的二维码后会出现在这里。',
  moments: '朋友圈', ad: '广告', learnMore: '了解详情', noMoments: '朋友圈还没有内容', noMomentsNote: '广告与顾问的动态会出现在这里。',
  scanNote: '点一张码，就像用相机对准它。', noPosters: '附近还没有二维码', noPostersNote: '系统张贴海报后会出现在这里。', typeCode: '或输入码的内容', useCode: '使用这个码',
  kinds: { official_account: '公众号', wecom: '企业微信', mini_program: '小程序' },
  person: '换一位客人', language: '语言', calendar: '日历', noDates: '还没有日程', payCode: '付款码', payCodeNote: '向收银员出示，只能使用一次。', newCode: '换一个付款码',
  wechatPay: '微信支付', alipay: '支付宝', miniProgram: '小程序', restart: '重新进入', notBuilt: '小程序尚未构建。请运行 npm ci --ignore-scripts && npm run build，然后重试。',
  retry: '重试', payTitle: '请输入支付密码', payNote: '这部手机没有真钱：任意六位数字即可。', payee: '收款方', paid: '支付成功', delete: '删除', settle: '商户收款 {amount}',
  subscribeTitle: '{name} 申请向您发送一次服务通知', allow: '允许', refuse: '拒绝', addDate: '添加到日历？', add: '添加', copied: '已复制',
  archiveTitle: '此聊天将依法存档', archiveNote: '同意后，您与顾问的聊天会由企业保存。', agree: '同意', disagree: '不同意', agreed: '您已同意存档', disagreed: '您未同意存档',
  addAssociate: '已添加企业微信联系人', offline: '与沙盒的连接断开了，正在重连…', failed: '没有成功：{why}', image: '图片', open: '打开', broken: '无法显示这类消息',
  guideTitle: '一部替身手机', guideNote: '这是沙盒里的微信：真实的签名、加密与回调，虚构的客人。左边可以换客人与语言，右边就是他们的手机。',
  guideSteps: [
    ['moments', '看朋友圈里的广告', '浏览与点击都会回传。'], ['scan', '扫一张海报', '关注公众号，收到欢迎消息。'],
    ['chat', '写“duomo”或“大教堂”', '两种写法都能找到。'], ['program', '打开小程序', '排一天行程，预约，下单，用微信支付。'],
    ['associate', '与顾问聊天', '扫描门店里的顾问二维码。'],
  ],
  toChat: '发消息', sendFile: '发送文件', fileTransfer: '文件传输助手', map: '地图', picture: '图片预览', savePicture: '保存图片', deskLink: '打开后台', consumer: '客人', newOne: '新消息', chatWith: '与{name}聊天',
  addresses: '选择收货地址', friends: '朋友', forward: '转发给朋友', noForward: '当前页面不可转发', opening: '页面正在打开…', toMoments: '分享到朋友圈', sendTo: '发送给', sendToNamed: '发送给{name}', sent: '已发送', publish: '发表', settings: '设置', standing: '手机所在位置', wantsPlace: '位置信息', asksPlace: '{name} 申请获取您的位置信息', allows: '允许 {name} 使用', placeScope: '位置信息', askedNothing: '还没有申请过任何权限', middle: '回到该地点', choosePlace: '选择位置', thisPoint: '地图选点',
}

const en = {
  tabs: { chats: 'Chats', contacts: 'Contacts', discover: 'Discover', me: 'Me' },
  scan: 'Scan', back: 'Back', send: 'Send', write: 'Write a message', menu: 'Menu', keyboard: 'Keyboard', cancel: 'Cancel', done: 'Done', close: 'Close', more: 'More',
  noChats: 'No chats yet', noChatsNote: 'Scan a poster, or have a look at Moments.', toScan: 'Scan a poster', service: 'Service notifications', noMessages: 'Write below, or open the menu.',
  followed: 'You follow this account', unfollowedNow: 'You no longer follow this account', scanned: 'You scanned its code', typing: 'typing…', follow: 'Follow', unfollow: 'Unfollow',
  articles: 'Articles', article: 'Article', noArticles: 'No articles yet', accounts: 'Official accounts', associates: 'WeCom contacts', programs: 'Mini programs', notFollowing: 'Not followed', following: 'Followed', noAssociates: 'They appear once you scan an associate’s code.',
  moments: 'Moments', ad: 'Ad', learnMore: 'Learn more', noMoments: 'Nothing in Moments yet', noMomentsNote: 'Advertisements and associates’ posts appear here.',
  scanNote: 'Choose a code, as if you pointed the camera at it.', noPosters: 'No codes around yet', noPostersNote: 'Posters appear here once somebody hangs them up.', typeCode: 'Or type what the code says', useCode: 'Use this code',
  kinds: { official_account: 'Official account', wecom: 'WeCom', mini_program: 'Mini program' },
  person: 'Be somebody else', language: 'Language', calendar: 'Calendar', noDates: 'No dates yet', payCode: 'Payment code', payCodeNote: 'Show it at the till. It works once.', newCode: 'A new code',
  wechatPay: 'WeChat Pay', alipay: 'Alipay', miniProgram: 'Mini program', restart: 'Start again', notBuilt: 'The mini program is not built. Run npm ci --ignore-scripts && npm run build, then try again.',
  retry: 'Try again', payTitle: 'Enter your password', payNote: 'There is no money in this phone: any six digits will do.', payee: 'Payee', paid: 'Payment successful', delete: 'Delete', settle: 'Merchant receives {amount}',
  subscribeTitle: '{name} would like to send you one service notification', allow: 'Allow', refuse: 'Decline', addDate: 'Add to the calendar?', add: 'Add', copied: 'Copied',
  archiveTitle: 'This chat is archived', archiveNote: 'If you agree, the company keeps your chats with its associate.', agree: 'Agree', disagree: 'Decline', agreed: 'You agreed to archiving', disagreed: 'You did not agree to archiving',
  addAssociate: 'WeCom contact added', offline: 'The sandbox does not answer. Connecting again…', failed: 'That did not work: {why}', image: 'Picture', open: 'Open', broken: 'This kind of message cannot be shown',
  guideTitle: 'A stand-in phone', guideNote: 'This is the sandbox’s WeChat: real signatures, encryption and callbacks, imaginary people. Choose who you are here; the phone beside is theirs.',
  guideSteps: [
    ['moments', 'See the ad in Moments', 'Views and clicks are reported.'], ['scan', 'Scan a poster', 'Follow the account and be welcomed.'],
    ['chat', 'Write “duomo” or “大教堂”', 'Both find the place.'], ['program', 'Open the mini program', 'Plan a day, book, order, pay with WeChat Pay.'],
    ['associate', 'Chat with an associate', 'Scan the code an associate shows in the store.'],
  ],
  toChat: 'Write', sendFile: 'Send the file', fileTransfer: 'File Transfer', map: 'Map', picture: 'Picture', savePicture: 'Save the picture', deskLink: 'Open the desk', consumer: 'Consumer', newOne: 'New messages', chatWith: 'Chat with {name}',
  addresses: 'Choose an address', friends: 'Friends', forward: 'Forward to a friend', noForward: 'This page cannot be forwarded', opening: 'The page is opening…', toMoments: 'Share to Moments', sendTo: 'Send to', sendToNamed: 'Send to {name}', sent: 'Sent', publish: 'Post', settings: 'Settings', standing: 'This phone is at', wantsPlace: 'Location', asksPlace: '{name} asks to know your location', allows: '{name} may use', placeScope: 'Location', askedNothing: 'It has not asked for anything yet', middle: 'Back to the place', choosePlace: 'Choose a place', thisPoint: 'Point on the map',
}

const it = {
  tabs: { chats: 'Chat', contacts: 'Contatti', discover: 'Scopri', me: 'Io' },
  scan: 'Scansiona', back: 'Indietro', send: 'Invia', write: 'Scrivi un messaggio', menu: 'Menu', keyboard: 'Tastiera', cancel: 'Annulla', done: 'Fatto', close: 'Chiudi', more: 'Altro',
  noChats: 'Ancora nessuna chat', noChatsNote: 'Scansiona un manifesto o guarda Moments.', toScan: 'Scansiona un manifesto', service: 'Notifiche di servizio', noMessages: 'Scrivi qui sotto, o apri il menu.',
  followed: 'Segui questo account', unfollowedNow: 'Non segui più questo account', scanned: 'Hai scansionato il codice', typing: 'sta scrivendo…', follow: 'Segui', unfollow: 'Non seguire più',
  articles: 'Articoli', article: 'Articolo', noArticles: 'Ancora nessun articolo', accounts: 'Account ufficiali', associates: 'Contatti WeCom', programs: 'Mini programmi', notFollowing: 'Non seguito', following: 'Seguito', noAssociates: 'Compaiono dopo la scansione del codice di un consulente.',
  moments: 'Moments', ad: 'Annuncio', learnMore: 'Scopri di più', noMoments: 'Ancora nulla in Moments', noMomentsNote: 'Qui compaiono annunci e post dei consulenti.',
  scanNote: 'Scegli un codice, come se lo inquadrassi.', noPosters: 'Nessun codice nei dintorni', noPostersNote: 'I manifesti compaiono qui quando vengono affissi.', typeCode: 'O scrivi il contenuto del codice', useCode: 'Usa questo codice',
  kinds: { official_account: 'Account ufficiale', wecom: 'WeCom', mini_program: 'Mini programma' },
  person: 'Cambia persona', language: 'Lingua', calendar: 'Calendario', noDates: 'Nessun impegno', payCode: 'Codice di pagamento', payCodeNote: 'Da mostrare alla cassa. Vale una volta.', newCode: 'Un nuovo codice',
  wechatPay: 'WeChat Pay', alipay: 'Alipay', miniProgram: 'Mini programma', restart: 'Ricomincia', notBuilt: 'Il mini programma non è compilato. Esegui npm ci --ignore-scripts && npm run build, poi riprova.',
  retry: 'Riprova', payTitle: 'Inserisci la password', payNote: 'In questo telefono non c’è denaro: vanno bene sei cifre qualsiasi.', payee: 'Beneficiario', paid: 'Pagamento riuscito', delete: 'Cancella', settle: 'L’esercente riceve {amount}',
  subscribeTitle: '{name} vuole inviarti una notifica di servizio', allow: 'Consenti', refuse: 'Rifiuta', addDate: 'Aggiungere al calendario?', add: 'Aggiungi', copied: 'Copiato',
  archiveTitle: 'Questa chat viene archiviata', archiveNote: 'Se accetti, l’azienda conserva le chat con il consulente.', agree: 'Accetto', disagree: 'Non accetto', agreed: 'Hai accettato l’archiviazione', disagreed: 'Non hai accettato l’archiviazione',
  addAssociate: 'Contatto WeCom aggiunto', offline: 'La sandbox non risponde. Nuovo tentativo…', failed: 'Non è riuscito: {why}', image: 'Immagine', open: 'Apri', broken: 'Messaggio non visualizzabile',
  guideTitle: 'Un telefono di prova', guideNote: 'È il WeChat della sandbox: firme, cifratura e callback veri, persone immaginarie. Scegli chi sei; il telefono accanto è il suo.',
  guideSteps: [
    ['moments', 'Guarda l’annuncio in Moments', 'Visualizzazioni e clic sono comunicati.'], ['scan', 'Scansiona un manifesto', 'Segui l’account e ricevi il benvenuto.'],
    ['chat', 'Scrivi “duomo” o “大教堂”', 'Entrambi trovano il luogo.'], ['program', 'Apri il mini programma', 'Pianifica, prenota, ordina e paga con WeChat Pay.'],
    ['associate', 'Chatta con un consulente', 'Scansiona il codice mostrato in negozio.'],
  ],
  toChat: 'Scrivi', sendFile: 'Invia il file', fileTransfer: 'File Transfer', map: 'Mappa', picture: 'Immagine', savePicture: 'Salva l’immagine', deskLink: 'Apri il back office', consumer: 'Cliente', newOne: 'Nuovi messaggi', chatWith: 'Chat con {name}',
  addresses: 'Scelga un indirizzo', friends: 'Amici', forward: 'Inoltra a un amico', noForward: 'Questa pagina non si può inoltrare', opening: 'La pagina si sta aprendo…', toMoments: 'Condividi in Moments', sendTo: 'Invia a', sendToNamed: 'Invia a {name}', sent: 'Inviato', publish: 'Pubblica', settings: 'Impostazioni', standing: 'Questo telefono è a', wantsPlace: 'Posizione', asksPlace: '{name} chiede la posizione', allows: '{name} può usare', placeScope: 'Posizione', askedNothing: 'Non ha ancora chiesto nulla', middle: 'Torna al luogo', choosePlace: 'Scegli un luogo', thisPoint: 'Punto sulla mappa',
}

export const LANGUAGES = { zh: '中文', en: 'English', it: 'Italiano' }
export const WORDS = { zh, en, it }
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
