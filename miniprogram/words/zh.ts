// Simplified Chinese, written first; the other languages follow its shape.

export const zh = {
  tabs: ['首页', '精品店', '行程', '我的'],
  common: {
    alone: '点击下方“前往小程序”查看详情。',
    loading: '正在加载', retry: '重试', confirmMark: '出发前请再确认', all: '全部',
    minutes: '{n} 分钟', milanTime: '均为米兰当地时间',
  },
  error: {
    title: '暂时无法显示', offline: '网络连接不上，您的内容没有改变。请检查网络后重试。',
    server: '服务暂时繁忙，您的内容没有改变。请稍后重试。', refused: '这个请求没有成功，您的内容没有改变。',
    phone: '请在微信中打开。',
  },
  offline: {
    old: '城市资料保存于{at}，已超过一周。', trust: '名称、地址和地图仍可参考；开放时间、票价和优惠可能已变，出发前请再确认。', renew: '更新城市资料', updated: '已更新，{n} 处有变化', full: '手机空间不足，资料未能更新',
    saved: '目前没有网络，显示的是{at}保存的城市资料。', stale: '目前没有网络，显示的是{at}保存的资料，已超过一周，出发前请再确认。',
    plan: '目前没有网络，显示的是手机上保存的行程。', ready: '城市资料已保存，没有网络也能查询。',
  },
  home: {
    shareTitle: '{house} · 带您逛米兰',
    popups: '限时快闪', title: '米兰', discover: '逛逛米兰', discoverNote: '按街区、类别与开放时间挑选', hello: '您好，欢迎来到米兰', lead: '从大教堂到布雷拉，为您排好每一天。', search: '搜索景点、店铺或街区',
    plan: '安排您的行程', planNote: '按开放时间与步行距离排好顺序', boutique: '精品店', boutiqueNote: '以人民币付款，店内或邮寄',
    appointment: '预约到店', appointmentNote: '由顾问为您留出时间', drops: '限量发售', soldOut: '已售罄', opensAt: '{at} 开始',
    open: '正在进行', left: '余 {n} 件',
  },
  search: {
    title: '搜索', placeholder: '例如：大教堂、duomo、最后的晚餐', suggestions: '大家常找',
    terms: ['大教堂', '最后的晚餐', '布雷拉', '斯卡拉', '运河', '咖啡'], empty: '没有找到“{q}”',
    emptyNote: '您可以换一个说法，例如意大利语名称。', results: '{n} 个结果', clear: '清除',
  },
  discover: {
    near: '离我最近', nearTo: '按与{name}的距离排列', me: '您', refused: '未获允许使用您的位置，列表仍按指南的顺序。您可以在设置中开启，或在地图上选一个地点。', unknown: '暂时无法得知您的位置。您可以在地图上选一个地点。', settings: '打开设置', point: '在地图上选', shareTitle: '逛逛米兰：{n} 处好去处',
    tax: '购物退税', taxNote: '门槛、步骤与计算', title: '逛逛米兰', category: '类别', district: '街区', all: '全部', today: '今天开放', free: '免费', count: '{n} 处', reset: '清除条件', empty: '指南还没有内容', emptyNote: '资料更新后会在这里显示。',
    end: '已全部显示', open: '{name}，{about}',
  },
  category: {
    church: '教堂', viewpoint: '观景', museum: '博物馆', shopping: '购物', landmark: '地标', park: '公园',
    food: '美食', theatre: '剧院', castle: '城堡', district: '街区', transport: '交通', stadium: '球场',
  },
  place: {
    known: '已知信息', byEditors: '编辑部核实', confirmedOn: '确认于{day}', undated: '日期不详', old: '已过半年，请再确认',
    mapLabel: '{name}在地图上的位置', shareTitle: '{name} · 米兰',
    title: '景点', map: '在地图中打开', hours: '开放时间', today: '今天', italian: '意大利语', copy: '复制意大利语名称', copied: '已复制，可出示给司机', add: '加入行程',
    remove: '移出行程', added: '已加入行程', removed: '已移出行程', full: '最多选择 {n} 处', toPlan: '去安排行程', visit: '建议停留',
    admission: '门票', booking: '预约', photos: '照片', offers: '商家优惠', offerDays: '{from} – {until}', bySeller: '商家提供', sure: '开放时间已核对', note: '提示',
    admissions: { free: '免费', paid: '收费' }, bookings: { no: '无需预约', advised: '建议预约', required: '必须预约' },
  },
  plan: {
    received: '已加入朋友行程中的 {n} 处', shareTitle: '一起安排米兰行程',
    title: '安排行程', days: '哪几天（最多五天）', pace: '节奏', meals: '安排用餐', lesser: '街区', full: '最多选择 {n} 天', paces: { relaxed: '悠闲', normal: '适中', brisk: '紧凑' },
    lesserChoices: ['经典为主', '兼顾两者', '多走安静街区'], day: '哪一天', start: '几点出发', wanted: '想去的地方', none: '尚未选择。您可以直接生成，由我们推荐。', add: '搜索并添加',
    interests: '兴趣', build: '生成行程', building: '正在生成', last: '上次的行程', remove: '移除{name}',
    interest: {
      museum: '艺术与博物馆', shopping: '购物', food: '美食', church: '教堂', landmark: '建筑与地标', park: '公园',
    },
  },
  day: {
    remind: '出发前提醒我', remindNote: '出发前两天告诉您哪些地点需要预订、哪些时间有变', reminded: '将在出发前两天提醒您', noRemind: '不再提醒',
    mapTitle: '行程地图', toMap: '在地图上看', mapOffline: '没有网络：这里是示意图。', whole: '看全程', before: '上一站', after: '下一站', openStop: '查看{name}', legend: { walk: '步行', metro: '地铁', car: '打车' }, forward: '发给朋友', shareTitle: '我的米兰行程：{n} 站',
    title: '您的行程', days: '第几天', out: '移出{name}', outTitle: '移出“{name}”并重新安排？', outYes: '重新安排', outNo: '保留', replanning: '正在重新安排', replanned: '行程已重新安排', addWanted: '加入您选的 {n} 处', late: '我晚到了，从现在重排',
    share: '制作行程卡片', map: '地图：{n} 站的先后与步行方向', shelter: '若下雨：{name}', note: '提示', stops: '{n} 站', leave: '{at} 离开', ways: { walk: '步行 {n} 分钟', metro: '地铁 {n} 分钟', car: '打车 {n} 分钟' }, leftOut: '未能排入', saved: '行程已为您保存', change: '调整行程',
    hours: '当日 {hours}', empty: '这一天没有可以排入的地方', emptyNote: '请换一天，或选择其他地方。',
    reasons: {
      unknown_place: '未找到', closed_that_day: '当日不开放', hours_do_not_fit: '开放时间不合适',
      booking_cannot_be_kept: '需要提前预约', no_time_left: '时间不够', other: '无法排入',
    },
  },
  boutique: {
    title: '精品店', products: '作品', stores: '门店', book: '预约到店', empty: '暂时没有作品', emptyNote: '新作品上架后会在这里显示。',
    noStores: '暂时没有门店', soldOut: '暂时缺货', view: '查看{name}',
    collections: '系列', all: '全部作品', filter: '只看{name}', leaf: '画册：{name}',
  },
  lookbook: {
    title: '画册', see: '查看{name}', count: '{n} 套造型', ask: '此造型的全部作品（{n}）', close: '收起', toBoutique: '回到精品店', soldOut: '暂时缺货',
  },
  product: {
    pictures: '作品图片', title: '作品', choose: '款式', quantity: '数量', fewer: '减少数量', more: '增加数量', buy: '立即购买', buying: '正在下单', stock: '余 {n} 件',
    soldOut: '暂时缺货', rate: '以人民币支付，汇率在下单时锁定。', visit: '预约到店试看',
  },
  bag: {
    title: '为您准备', heading: '顾问为您准备的作品', until: '保留至 {at}', empty: '这份清单里已没有作品', toBoutique: '去精品店', total: '合计', changed: '价格有调整，以今日为准', gone: '已不再出售',
    tryOn: '预约到店试穿', pickup: '到店自提', order: '下单', ordering: '正在下单',
  },
  order: {
    pickup: '到店自提', delivery: '送货', code: '取货码', copyTracking: '复制单号', codePicture: '取货二维码', showCode: '请在柜台出示', copied: '已复制',
    stages: { to_prepare: '正在准备', ready: '可以取货', shipped: '已寄出', delivered: '已送达', handed_over: '已取货', stopped: '已停止' },
    unsent: '网络中断，付款没有开始，您没有被扣款。请连上网络后再付款。', unsure: '网络中断，付款结果尚未确认。请不要再次付款，连上网络后点“查询付款结果”。',
    check: '查询付款结果',
    title: '订单', number: '订单号', total: '合计', pay: '微信支付 {amount}', paying: '正在支付', thanks: '谢谢您，付款已收到', cancelled: '您取消了付款，订单仍为您保留。',
    checking: '正在确认付款结果', slow: '银行仍在处理，结果会通过服务通知告诉您。', notPaid: '付款没有成功，没有扣款。', settle: '欧元金额', home: '回到首页',
    orders: '查看我的订单', rate: '汇率',
    states: {
      placed: '待付款', requires_payment: '待付款', paid: '已付款', partly_refunded: '已部分退款', refunded: '已退款', cancelled: '已取消', expired: '已过期',
    },
  },
  service: {
    choose: '选择送货或自提', correct: '修改收货地址', received: '我已收到', receivedDone: '谢谢您，已确认收货', gift: '礼品', wrapped: '礼品包装', noPrices: '不附价格', giveUp: '取消订单', giveUpTitle: '取消这个订单？', keep: '保留',
    cancelled: '订单已取消', requests: '售后申请', withdraw: '撤回', withdrawTitle: '撤回这个申请？', withdrawn: '申请已撤回', until: '{day}前可申请退换', due: '请在{day}前寄回或送到门店', moneyBack: '已退款 {amount}', moneyComing: '将退款 {amount}',
    difference: '换货补差价 {amount}', openReplacement: '查看换货订单', kinds: { cancel: '取消', return: '退货', exchange: '换货' }, ask: { cancel: '申请取消', return: '申请退货', exchange: '申请换货' },
    standings: { asked: '等待答复', accepted: '已同意', received: '已收到退件', closed: '已完成', declined: '未同意', withdrawn: '已撤回', lapsed: '已过期' },
    reason: '原因', reasons: { changed_mind: '改变主意', size: '尺寸不合适', different: '与描述不符', damaged: '有瑕疵或破损', late: '到得太晚', other: '其他' },
    pieces: '哪些作品', fewer: '减少{name}', more: '增加{name}', wished: '换成', noWished: '目前没有可以换的作品。您可以改为退货。', words: '补充说明（可不填）', wordsHint: '请告诉我们详情', send: '提交申请', sending: '正在提交', sent: '已提交，顾问会尽快答复',
    chooseReason: '请选择原因。', choosePieces: '请选择作品。', chooseWished: '请选择想换的作品。', nothing: '现在没有可以申请的售后', nothingNote: '若有疑问，请联系您的顾问。', answered: '由顾问答复；同意之前，订单不会改变。',
    fapiao: '发票', askFapiao: '申请发票', correctFapiao: '修改发票信息', papers: { asked: '发票已申请，待开具', issued: '发票已开具', to_withdraw: '发票将红冲', withdrawn: '发票已红冲', dropped: '发票已取消' },
    buyer: '抬头类型', buyers: { person: '个人', company: '单位' }, titleOf: { person: '姓名', company: '单位名称' }, taxNumber: '统一社会信用代码（18 位）', email: '接收发票的邮箱', fapiaoNote: '电子发票会发到这个邮箱，开具前可以修改。', save: '保存', saving: '正在保存', saved: '已保存',
    way: '怎样收货', ways: { delivery: '送货', pickup: '到店自提' }, wayNotes: { delivery: '寄到您的地址', pickup: '作品备好后凭取货码领取' }, store: '门店', recipient: '收件人', phone: '电话', region: '省、市、区', street: '详细地址', postcode: '邮编（可不填）', fee: '运费', wayFirst: '请先选择怎样收货，再付款。', country: '寄往', feeNone: '送货免运费', feeOf: '运费 {amount}', feeUntil: '运费 {amount}，满 {from} 免运费', fromWeChat: '使用微信收货地址', addressNote: '仅用于寄送这个订单。', closed: '这个订单的收货方式不能再更改', noStores: '暂时没有可以自提的门店',
  },
  popup: {
    title: '快闪店', opens: '{at} 开始', closes: '开放至 {at}', over: '已于 {at} 结束', where: '地点', pieces: '本次作品', left: '余 {n} 件', soldOut: '已售罄', buy: '立即购买', buyNamed: '购买{name}', buying: '正在下单', rate: '以人民币支付，汇率在下单时锁定。',
    thanks: '谢谢您来过。留下的作品已回到精品店。', toBoutique: '去精品店', none: '没有找到这家快闪店', noneNote: '它可能已经结束，或二维码不完整。',
  },
  scan: {
    title: '扫码', heading: '扫描海报、门店或作品上的二维码', note: '我们会为您打开对应的页面。', scan: '扫一扫', again: '再扫一次', home: '回到首页', unknown: '没有找到这个二维码的内容', unknownNote: '它可能已经失效，或不属于这里。您可以再扫一次，或向店员咨询。',
    welcome: '欢迎光临', pieces: '看看作品', book: '预约到店',
  },
  tax: {
    title: '购物退税', heading: '离境前的购物退税', over: '每张收据', overValue: '须超过 {amount}', rate: '标准税率', leave: '离境期限', leaveValue: '购买后第 {n} 个月月底', source: '依据：{source}；核对于 {day}', steps: '怎样办理', mine: '算一算您的收据', lives: '您住在哪里',
    outside: '住在欧盟以外', inside: '住在欧盟', leaves: '离开欧盟的日期', amount: '收据金额（欧元，含税）', shop: '店名（可不填）', bought: '购买日期', remove: '移除', add: '再加一张收据', assess: '计算', assessing: '正在计算', most: '税额最多 {amount}', short: '还差 {amount}', leaveBy: '{day}前离境',
    total: '合计最多 {amount}', proof: '验核后的凭证须在{day}前送达商家', fee: '退税公司会扣手续费，实际到手更少。', enter: '请填写每张收据的金额，例如 120,00。', kept: '这里填写的内容不会保存。',
  },
  drop: {
    title: '限量发售', left: '余 {n} 件 / 共 {total} 件', closed: '本次发售已结束', reserve: '预留一件', reserving: '正在为您预留',
    reserved: '已为您预留', payBefore: '请在 {at} 前付款', pay: '去付款', soldOut: '已全部预留',
    fair: '每人限一件，与分享或关注无关。', refresh: '刷新状态',
    waiting: '您在候补名单中', ahead: '前面还有 {n} 位', expired: '您的预留已过期', wait: '加入候补名单', paid: '您已付款',
    firstCome: '先到先得', register: '登记参加', registered: '您已登记，开售时请再来', enter: '参加抽签',
    entered: '您已参加抽签，签号 {code}', withdraw: '退出抽签', withdrawn: '您已退出抽签', drawing: '报名已截止，正在抽签',
    rank: '抽签结果：您是第 {n} 位', byDraw: '抽签发售：{at} 截止报名并抽签', byInvitation: '凭邀请参加', kept: '顾问为受邀客人保留至 {at}',
    needsRegistration: '须在开售前登记', visit: '面向到访过精品店的客人', purchase: '面向购买过作品的客人', right: '面向部分会员等级',
    checked: '为公平起见，微信会提示可疑账号，由我们的同事核实', seed: '抽签种子已事先封存：{hash}…', copyProof: '复制公示网址，任何人都可核验', copied: '网址已复制',
    noChance: '前面的人数已多于可能退回的件数', mayReturn: '尚有 {n} 件未付款，可能退回', notBefore: '最早 {at}', expected: '预计约 {at}',
    tellMe: '有结果时通知我', willTell: '核实后会通过服务通知告诉您',
  },
  appointment: {
    title: '预约到店', boutique: '门店', day: '日期', time: '时间', kind: '事项', visit: '选购', fitting: '试穿', book: '确认预约', booking: '正在预约',
    done: '预约成功', doneNote: '我们在门店恭候您。', calendar: '加入日历', calendarDone: '已加入日历', none: '当天没有空位，请换一天。', free: '空位',
    full: '已满', choose: '请选择时间', noBoutiques: '暂时没有可预约的门店', another: '再约一次', copyLink: '复制日历链接', copied: '已复制',
    change: '改期', moving: '为这次预约选择新时间', keep: '保留原时间', moveTo: '确认改期', moved: '改期成功',
    mine: '您的预约', cancel: '取消预约', cancelTitle: '取消这次预约？', cancelYes: '取消预约', cancelNo: '保留', cancelled: '预约已取消',
    and: '、', piece: '想试穿的作品', pieceHeld: '已为您留好：{piece}', pieceNotHeld: '时间已约好，但{piece}未能留出：{why}', heldPieces: '为您留着的作品', heldUntil: '保留至 {at}', release: '不用留了', releaseTitle: '不再为您保留？', released: '已不再保留', calls: '视频或语音咨询', callKinds: { video: '视频咨询', voice: '语音咨询' }, copyCall: '复制咨询链接', callCopied: '已复制，请在手机浏览器中打开', callNote: '微信小程序内不能进行这类通话：请把链接粘贴到手机浏览器中打开。', callCancelTitle: '取消这次咨询？', callCancelled: '咨询已取消', noCalls: '暂无预约的通话', bookCall: '预约通话',
  },
  call: {
    title: '预约通话', host: '您的顾问', kind: '方式', lasts: '时长', day: '日期', time: '时间', none: '当天已没有可预约的时间，请选择其他日期。', beijing: '北京时间 {at}', choose: '请选择时间', agree: '请先勾选上面的说明',
    book: '确认预约', booking: '正在预约', done: '通话已预约', doneNote: '链接会发给您，也可在“预约”中复制；开始前会提醒您。', toVisits: '查看我的预约', noHosts: '暂时没有可预约的顾问', noHostsNote: '添加顾问为企业微信联系人后，就可以在这里预约通话。', toChat: '联系顾问',
  },
  payHere: {
    title: '付款给门店', amount: '付款金额（人民币）', amountLabel: '付款金额，人民币', pay: '微信支付 {amount}', payEmpty: '微信支付', paying: '正在支付',
    note: '请与店员核对金额后再付款。', thanks: '谢谢您，付款已收到', checking: '正在确认付款结果', cancelled: '您取消了付款，没有扣款。', notPaid: '付款没有成功，没有扣款。',
    slow: '银行仍在处理。请勿重复付款，请您向店员确认结果。', show: '请将此页面出示给店员。', shop: '收款门店', number: '付款编号', another: '再付一笔',
    unknown: '这张收款码无效，请您向店员咨询。', enter: '请输入付款金额，例如 120.00。', notPositive: '金额须大于零，请重新输入。', tooLarge: '单笔最多 {most}，请分笔付款。',
  },
  share: {
    title: '行程卡片', heading: '我的米兰行程', note: '保存图片，或发给同行的亲友。', send: '保存或发送图片', making: '正在生成图片', label: '行程卡片：{text}', foot: '米兰当地时间 · {house}',
  },
  loyalty: {
    title: '会员', points: '积分', next: '再得 {n} 分升级为{name}', top: '您已是最高等级', rights: '您的权益', noRights: '成为会员后，权益会在这里显示。', none: '这里还没有会员计划',
    noneNote: '开启后，您的购物与到店会自动计入。', toBoutique: '去精品店', progress: '{n} 分，再得 {missing} 分升级',
  },
  my: {
    visits: '我的预约', noVisits: '还没有预约', title: '我的', chat: '联系顾问', privacy: '查看、带走或删除我的资料', membership: '会员与积分', orders: '订单', noOrders: '您还没有订单', plan: '最近的行程', language: '语言', consent: '隐私选择',
    consentNote: '您可随时更改；不同意不影响浏览与购买。', scan: '扫码到店签到', checkedIn: '签到成功，欢迎光临', saved: '已保存',
    purposes: {
      messages: '接收服务与新品消息', archive: '与顾问的聊天依法存档', profile: '由顾问记录喜好', location: '使用到店与行程位置', analytics: '用于统计分析',
    },
  },
}

export type Words = typeof zh
