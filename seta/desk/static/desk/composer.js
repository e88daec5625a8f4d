/* The composer: approved words at a press, and inside WeCom the client's own chat to send in. */
const compose = document.querySelector('[data-compose]')
const said = document.getElementById('said')
const wecom = JSON.parse(document.getElementById('wecom')?.textContent ?? 'null')
const NEEDED = ['getCurExternalContact', 'sendChatMessage', 'getContext']
let inChat = false

const tell = (text, tone) => {
  said.textContent = text
  said.className = `notice ${tone}`
  said.hidden = false
  said.scrollIntoView({ block: 'nearest' })
}
const invoke = (name, args = {}) => new Promise(done => wx.invoke(name, args, done))
const ask = async (address, body) => {
  const headers = { Accept: 'application/json', 'X-CSRFToken': document.body.dataset.csrf }
  const answer = await fetch(address, { method: 'POST', headers, body })
  if (!answer.ok) throw new Error(String(answer.status))
  return answer.json()
}

document.addEventListener('click', event => {
  const offer = event.target.closest('[data-use]')
  if (!offer) return
  const text = document.getElementById('text')
  text.value = offer.dataset.use
  document.getElementById('version').value = offer.dataset.version
  text.dispatchEvent(new Event('used'))
  text.focus()
})

/* Only the chat of this very client may be written into. */
async function rightChat() {
  const answer = await invoke('getCurExternalContact')
  const right = answer.err_msg === 'getCurExternalContact:ok' && answer.userId === compose.dataset.external
  if (!right) tell(compose.dataset.other, 'bad')
  return right
}

async function sendInChat(draft) {
  if (!await rightChat()) return
  const ready = await ask(`/desk/composer/drafts/${draft}/hand/`, new FormData())
  if (ready.state !== 'ready') return tell(ready.words, 'bad')
  for (const message of ready.messages) {
    const answer = await invoke('sendChatMessage', message)
    if (answer.err_msg !== 'sendChatMessage:ok') return tell(compose.dataset.notsent, 'bad')
  }
  const kept = await ask(`/desk/composer/drafts/${draft}/sent/`, new FormData())
  tell(kept.words, kept.state === 'sent' ? 'ok' : 'bad')
  if (kept.state === 'sent') {
    sessionStorage.setItem('said', kept.words)
    location.reload()
  }
}

document.addEventListener('submit', async event => {
  const form = event.target
  if (!inChat || !(form.dataset.ready || 'send' in form.dataset)) return
  event.preventDefault()
  const button = form.querySelector('button')
  button.disabled = true
  try {
    if (form.dataset.ready) return await sendInChat(form.dataset.ready)
    const answer = await ask(form.action, new FormData(form))
    if (answer.state === 'cleared') await sendInChat(answer.draft)
    else {
      tell(answer.words, 'bad')
      if (answer.draft) {
        sessionStorage.setItem('held', answer.words)
        location.reload()
      }
    }
  } catch {
    document.getElementById('offline').hidden = false
  } finally {
    button.disabled = false
  }
})

for (const [name, tone] of [['said', 'ok'], ['held', 'bad']]) {
  const kept = said && sessionStorage.getItem(name)
  if (kept) tell(kept, tone)
  sessionStorage.removeItem(name)
}

async function inside() {
  const home = document.querySelector('[data-home]')
  const answer = await invoke('getCurExternalContact')
  if (home) {
    document.querySelector('[data-looking]')?.remove()
    if (answer.err_msg !== 'getCurExternalContact:ok' || location.search) return
    location.replace(`${home.dataset.home}?external_userid=${encodeURIComponent(answer.userId)}`)
  } else if (compose) {
    inChat = true
    for (const button of document.querySelectorAll('[data-button], [data-ready] button')) button.textContent = compose.dataset.inside
    document.body.dataset.inChat = 'yes'
  }
}

if (wecom && window.wx) {
  wx.config({ beta: true, debug: false, appId: wecom.corpid, ...wecom.config, jsApiList: NEEDED })
  wx.ready(() => wx.agentConfig({
    corpid: wecom.corpid, agentid: wecom.agentid, ...wecom.agent, jsApiList: NEEDED,
    success: inside, fail: () => document.querySelector('[data-looking]')?.remove(),
  }))
  wx.error(() => document.querySelector('[data-looking]')?.remove())
}
