/* The room's page: lobby, call and end, for client, associate and a supervisor who was announced. */
import { Rooms } from './rooms.js'
import { Link } from './link.js'
import { CallRecorder } from './recorder.js'

const config = JSON.parse(document.getElementById('consult-config').textContent)
const { role, kind, words } = config
const root = document.querySelector('[data-consult]')
const part = name => root.querySelector(`[data-${name}]`)
const parts = Object.fromEntries(['lobby', 'call', 'over', 'trouble', 'status', 'clock', 'recording', 'listener', 'tiles', 'self',
  'question', 'shown', 'note', 'enter', 'allow', 'devices', 'camera', 'microphone', 'level', 'preview', 'veil', 'consent',
  'mute', 'camera-off', 'record', 'withdraw', 'hang-up', 'agree', 'decline'].map(name => [name, part(name)]))
const listens = role === 'supervisor'
const links = new Map()
const shown = []
let media = new MediaStream()
let state = { answers: {}, recording: null, present: [], listener: '' }
let recorder = null
let meter = null
let isOver = false
let isIn = false

const room = new Rooms(config, {
  heard: hear,
  lost: isLost => status(isLost ? words.reconnecting : words.connected),
  ended: problem => {
    if (isOver) return
    if (problem.code === 'out_of_order') return goIn()
    if (problem.code === 'over') return refresh().finally(finish)
    say(problem.code === 'not_in_room' ? words.elsewhere : problem.message)
    finish({ again: true })
  }
})

function say (text) {
  parts.trouble.textContent = text
  parts.trouble.hidden = !text
}
function status (text) { if (parts.status.textContent !== text) parts.status.textContent = text }

/* Lobby */
const consentWords = part('consent-words')
if (consentWords) consentWords.textContent = config.consent
if (part('question-words')) part('question-words').textContent = config.consent

async function open () {
  say('')
  if (!navigator.mediaDevices?.getUserMedia) return say(words.insecure)
  const chosen = select => select?.value ? { deviceId: { exact: select.value } } : true
  const wanted = { audio: chosen(parts.microphone) }
  if (kind === 'video') wanted.video = { ...(chosen(parts.camera) === true ? {} : chosen(parts.camera)), width: { ideal: 1280 }, height: { ideal: 720 } }
  for (const track of media.getTracks()) track.stop()
  try {
    media = await navigator.mediaDevices.getUserMedia(wanted)
  } catch {
    return say(words.no_devices)
  }
  parts.preview.srcObject = parts.self.srcObject = media
  parts.veil.hidden = kind === 'video'
  await listDevices()
  measureLevel()
  parts.enter.disabled = false
}

async function listDevices () {
  const found = await navigator.mediaDevices.enumerateDevices()
  for (const [select, type] of [[parts.camera, 'videoinput'], [parts.microphone, 'audioinput']]) {
    if (!select) continue
    const now = media.getTracks().find(track => track.kind === type.slice(0, 5))?.getSettings().deviceId
    select.replaceChildren(...found.filter(one => one.kind === type).map((one, place) =>
      new Option(one.label || String(place + 1), one.deviceId, false, one.deviceId === now)))
  }
  parts.devices.hidden = false
}

function measureLevel () {
  meter?.close()
  meter = new AudioContext()
  const analyser = meter.createAnalyser()
  const values = new Uint8Array(analyser.fftSize)
  meter.createMediaStreamSource(media).connect(analyser)
  const draw = () => {
    if (meter?.state === 'closed' || isIn) return
    analyser.getByteTimeDomainData(values)
    parts.level.style.width = `${Math.min(100, Math.max(...values.map(value => Math.abs(value - 128))) * 1.6)}%`
    setTimeout(draw, 120)
  }
  draw()
}

parts.allow?.addEventListener('click', open)
for (const select of [parts.camera, parts.microphone]) select?.addEventListener('change', open)
parts.enter.addEventListener('click', async () => {
  parts.enter.disabled = true
  try {
    if (parts.consent?.checked) await answer(true)
    await goIn()
    parts.lobby.hidden = true
    parts.call.hidden = false
    meter?.close()
    root.scrollIntoView({ block: 'start' })
  } catch (problem) {
    say(problem.message)
  }
  parts.enter.disabled = false
})

/* Call */
async function goIn () {
  for (const link of links.values()) link.close()
  links.clear()
  drawTiles()
  say('')
  status(words.waiting)
  const others = await room.enter()
  isIn = true
  parts.self.hidden = listens || kind === 'voice'
  for (const other of others) {
    room.send(other, 'hello')
  }
  await refresh()
}

function linkTo (other, session) {
  links.get(other)?.close()
  const link = new Link({ room, role, other, session, ice: config.ice, media, listens, told: { media: drawTiles, state: changed, card: received } })
  links.set(other, link)
  status(words.connecting)
  drawTiles()
  return link
}

async function hear (signal) {
  const { sender, session, body } = signal
  let link = links.get(sender)
  if (signal.kind === 'changed') return refresh()
  if (signal.kind === 'bye') {
    if (link?.session === session) {
      link.close()
      links.delete(sender)
      drawTiles()
      status(words.waiting)
    }
    return refresh()
  }
  if (signal.kind === 'hello') {
    const isNew = link?.session !== session
    if (isNew) link = linkTo(sender, session)
    /* The newcomer learns our session by a hello back; the same session again is answered by nothing. */
    if (isNew && !body?.back) room.send(sender, 'hello', { back: true })
    return refresh()
  }
  if (!link || link.session !== session || body?.heard !== room.session) return
  await link.hear(signal).catch(problem => console.warn('a signal was not taken:', problem.name))
}

function changed (link) {
  if (link.other !== 'supervisor') {
    const told = { connected: words.connected, disconnected: words.weak, failed: words.reconnecting }[link.state]
    if (told) status(told)
  }
  if (link.state === 'connected' && !listens && link.other !== 'supervisor') {
    room.post('connected').then(take).then(tellOthers).catch(refused)
    for (const card of shown) link.show(card)
  }
}

function refused (problem) {
  if (problem.code === 'over') return
  parts.note.textContent = problem.message
}

function tellOthers () { for (const other of links.keys()) room.send(other, 'changed') }
async function refresh () { return room.state().then(take).catch(() => {}) }
async function answer (granted) { take(await room.post('consent', { granted })); if (isIn) tellOthers() }

/** What the server says of the room is what the page shows. */
function take (told) {
  const before = state
  state = told
  if (['held', 'cancelled', 'missed'].includes(told.state)) return finish()
  parts.listener.hidden = !told.listener
  parts.listener.textContent = told.listener ? `${words.listener}: ${told.listener}` : ''
  parts.recording.hidden = !told.recording
  if (isIn && Boolean(before.recording) !== Boolean(told.recording)) announce(Boolean(told.recording))
  if (listens) return
  const other = role === 'client' ? 'associate' : 'client'
  const mine = told.answers[role]
  const theirs = told.answers[other]
  parts.question.hidden = !(role === 'client' && theirs && mine === undefined)
  parts.withdraw.hidden = !mine
  if (parts.record) parts.record.hidden = Boolean(mine)
  parts.note.textContent = told.recording || !mine ? '' : theirs === false ? words.declined : theirs ? '' : words.asked
  record(mine && theirs && told.state === 'under_way')
}

function record (agreed) {
  if (role !== 'associate') return
  const link = links.get('client')
  if (!agreed && recorder) recorder.stop()
  if (!agreed || recorder || !link || link.state !== 'connected' || !window.MediaRecorder) return
  recorder = new CallRecorder({
    room,
    kind,
    own: media,
    other: link.stream,
    ended: wasRefused => {
      recorder = null
      if (wasRefused) refresh().then(tellOthers)
    }
  })
  recorder.begin().then(refresh).then(tellOthers).catch(problem => {
    recorder?.stop()
    refused(problem)
  })
}

/** Seen by the banner; heard as two tones and, where the browser can speak, in words. */
function announce (isOn) {
  const sound = new AudioContext()
  for (const [place, pitch] of (isOn ? [660, 880] : [880, 660]).entries()) {
    const tone = sound.createOscillator()
    const quiet = sound.createGain()
    quiet.gain.value = 0.12
    tone.frequency.value = pitch
    tone.connect(quiet).connect(sound.destination)
    tone.start(sound.currentTime + place * 0.22)
    tone.stop(sound.currentTime + place * 0.22 + 0.18)
  }
  setTimeout(() => sound.close(), 1200)
  const text = isOn ? words.recording_on : words.recording_off
  parts.note.textContent = text
  if (window.speechSynthesis?.getVoices().length) {
    const spoken = new SpeechSynthesisUtterance(text)
    spoken.lang = config.language
    speechSynthesis.speak(spoken)
  }
}

function drawTiles () {
  for (const tile of [...parts.tiles.children]) if (!links.has(tile.dataset.of)) tile.remove()
  for (const [other, link] of links) {
    if (other === 'supervisor') continue
    let tile = parts.tiles.querySelector(`[data-of=${other}]`)
    if (!tile) {
      tile = document.createElement('figure')
      tile.dataset.of = other
      const video = Object.assign(document.createElement('video'), { autoplay: true, playsInline: true })
      const name = document.createElement('figcaption')
      video.setAttribute('aria-label', words[other])
      name.textContent = words[other]
      tile.append(video, name)
      parts.tiles.append(tile)
    }
    const video = tile.querySelector('video')
    if (video.srcObject !== link.stream) video.srcObject = link.stream
    tile.classList.toggle('sound-only', kind === 'voice')
  }
}

/* Cards come from another browser: their words are text, and their picture is one of this server's. */
function received (link, raw) {
  if (role === 'associate' || link.other !== 'associate') return
  try { drawCard(JSON.parse(raw)) } catch { /* what is no card is not shown */ }
}

function drawCard (card) {
  if (typeof card?.title !== 'string') return
  const one = document.createElement('article')
  one.className = 'card piece'
  if (typeof card.image === 'string' && URL.canParse(card.image, location.href) && new URL(card.image, location.href).origin === location.origin) {
    one.append(Object.assign(document.createElement('img'), { src: card.image, alt: '' }))
  }
  for (const [tag, text] of [['h3', card.title], ['strong', card.price], ['p', card.text]]) {
    if (typeof text === 'string' && text) one.append(Object.assign(document.createElement(tag), { textContent: text.slice(0, 300) }))
  }
  parts.shown.prepend(one)
}

part('show')?.addEventListener('submit', async event => {
  event.preventDefault()
  const answered = await fetch(config.show, { method: 'POST', body: new FormData(event.target) }).catch(() => null)
  const card = await answered?.json().catch(() => null)
  if (!answered?.ok) return refused(new Error(card?.error ?? words.reconnecting))
  shown.push(card)
  drawCard(card)
  links.get('client')?.show(card)
})

parts.mute?.addEventListener('click', () => toggle(parts.mute, 'audio', words.mute, words.unmute))
parts['camera-off']?.addEventListener('click', () => toggle(parts['camera-off'], 'video', words.camera_off, words.camera_on))
function toggle (button, type, on, off) {
  const isOff = button.getAttribute('aria-pressed') !== 'true'
  for (const track of media.getTracks()) if (track.kind === type) track.enabled = !isOff
  button.setAttribute('aria-pressed', String(isOff))
  button.textContent = isOff ? off : on
}
parts.record?.addEventListener('click', () => answer(true).catch(refused))
parts.agree?.addEventListener('click', () => answer(true).catch(refused))
parts.decline?.addEventListener('click', () => answer(false).catch(refused))
parts.withdraw?.addEventListener('click', () => {
  recorder?.stop()
  answer(false).catch(refused)
})
parts['hang-up'].addEventListener('click', async () => {
  await recorder?.finish()
  for (const other of links.keys()) room.send(other, 'bye')
  await Promise.race([room.sending, new Promise(done => setTimeout(done, 1500))])
  if (!listens) await report().then(() => room.post('hang-up')).then(told => { state = told }).catch(() => {})
  finish()
})

async function report () {
  const link = links.get(role === 'client' ? 'associate' : 'client')
  if (link?.state === 'connected') await room.post('quality', { measured: await link.measure() }).catch(() => {})
}

/** The end, or a stop that one may come back from. */
function finish ({ again = false } = {}) {
  if (isOver) return
  isOver = !again
  recorder?.stop()
  room.leave()
  isIn = false
  for (const link of links.values()) link.close()
  links.clear()
  drawTiles()
  parts.call.hidden = true
  if (again) {
    parts.lobby.hidden = false
    return
  }
  for (const track of media.getTracks()) track.stop()
  parts.lobby.hidden = true
  parts.over.hidden = false
  part('over-title').textContent = words.over
  part('over-words').textContent = words.thanks
}

setInterval(() => {
  if (!isIn || isOver) return
  const began = state.started_at ? Date.parse(state.started_at) : 0
  const seconds = began ? Math.max(0, Math.floor((Date.now() - began) / 1000)) : 0
  parts.clock.textContent = began ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}` : ''
}, 500)
setInterval(() => { if (isIn && !isOver) Promise.resolve(listens ? null : report()).then(refresh) }, 5000)
addEventListener('pagehide', () => room.leave())
refresh()
root.dataset.ready = '1'
/* For who tests or looks for trouble: the lines as they are. */
root.lines = links
