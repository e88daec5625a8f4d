/* The doors of a room: a place in it, signals out one by one and in as they come, and everything else by /api/rooms/. */
const PAUSES = [300, 1000, 2000, 4000]
const sleep = ms => new Promise(done => setTimeout(done, ms))

export class Refused extends Error {
  constructor (status, error) {
    super(error?.message ?? String(status))
    this.status = status
    this.code = error?.code ?? 'unknown'
  }
}

/** One per tab: a reload comes back into its own place, another tab or phone does not. */
function device () {
  let known = sessionStorage.getItem('seta-device')
  if (!known) {
    known = [...crypto.getRandomValues(new Uint8Array(16))].map(one => one.toString(16).padStart(2, '0')).join('')
    sessionStorage.setItem('seta-device', known)
  }
  return known
}

export class Rooms {
  constructor (config, { heard, lost, ended }) {
    this.headers = { authorization: `Bearer ${config.pass}`, 'accept-language': config.language }
    this.tell = { heard, lost, ended }
    this.session = 0
    this.round = 0
    this.left = true
  }

  async ask (address, { method = 'GET', body, type = 'application/json', keepalive = false } = {}) {
    const headers = body === undefined ? this.headers : { ...this.headers, 'content-type': type }
    const answer = await fetch(address, { method, headers, body, keepalive, cache: 'no-store' })
    const said = await answer.json().catch(() => ({}))
    if (!answer.ok) throw new Refused(answer.status, said.error)
    return said
  }

  state () { return this.ask('/api/rooms/v1/state') }
  post (what, sent = {}) { return this.ask(`/api/rooms/v1/${what}`, { method: 'POST', body: JSON.stringify(sent) }) }

  /** Take the place; who is there already. Everything on its way for an earlier session is forgotten. */
  async enter () {
    const round = ++this.round
    const place = await this.ask('/rooms/enter', { method: 'POST', body: JSON.stringify({ device: device() }) })
    Object.assign(this, { session: place.session, after: place.after, number: 0, sending: Promise.resolve(), left: false })
    this.listen(round)
    return place.others
  }

  leave () {
    if (this.left) return
    this.left = true
    this.round++
    this.ask(`/rooms/leave?session=${this.session}`, { method: 'POST', keepalive: true }).catch(() => {})
  }

  /** Signals go out in the order they were given; one that was not answered is sent again with its number. */
  send (to, kind, body = null) {
    const round = this.round
    this.sending = this.sending?.then(async () => {
      const sent = JSON.stringify({ number: ++this.number, to, kind, body })
      for (let tries = 0; round === this.round; tries++) {
        try {
          return await this.ask(`/rooms/signals?session=${this.session}`, { method: 'POST', body: sent })
        } catch (problem) {
          if (problem instanceof Refused && problem.status !== 503 && problem.status !== 429) return this.stop(round, problem)
          await sleep(PAUSES[Math.min(tries, 3)])
        }
      }
    })
  }

  async listen (round) {
    for (let tries = 0; round === this.round;) {
      try {
        const said = await this.ask(`/rooms/signals?session=${this.session}&after=${this.after}`)
        if (round !== this.round) return
        if (tries) this.tell.lost(false)
        tries = 0
        for (const signal of said.signals) {
          this.after = signal.seq
          await this.tell.heard(signal)
        }
      } catch (problem) {
        if (problem instanceof Refused && problem.status !== 503 && problem.status !== 429) return this.stop(round, problem)
        if (!(problem instanceof TypeError) && !(problem instanceof Refused)) throw problem
        if (++tries === 2) this.tell.lost(true)
        await sleep(PAUSES[Math.min(tries - 1, 3)])
      }
    }
  }

  stop (round, problem) {
    if (round !== this.round) return
    this.round++
    this.left = true
    this.tell.ended(problem)
  }
}
