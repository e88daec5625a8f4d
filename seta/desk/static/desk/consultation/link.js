/* One line to one other browser. Both may offer at once: the polite side gives way, so offers never block each other. */
const RANK = { supervisor: 0, client: 1, associate: 2 }

export class Link {
  constructor ({ room, role, other, session, ice, media, listens, told }) {
    Object.assign(this, { room, role, other, session, told, listens })
    this.polite = RANK[role] < RANK[other]
    this.offering = false
    this.ignoring = false
    this.stream = new MediaStream()
    const pc = this.pc = new RTCPeerConnection({ iceServers: ice, bundlePolicy: 'max-bundle' })
    this.cards = pc.createDataChannel('cards', { negotiated: true, id: 0 })
    this.cards.onmessage = event => told.card(this, event.data)
    pc.onnegotiationneeded = () => this.offer()
    pc.onicecandidate = ({ candidate }) => { if (candidate) this.say('candidate', { candidate: candidate.toJSON() }) }
    pc.ontrack = ({ track }) => {
      this.stream.addTrack(track)
      told.media(this)
    }
    pc.onconnectionstatechange = () => {
      clearTimeout(this.waiting)
      if (pc.connectionState === 'failed') pc.restartIce()
      if (pc.connectionState === 'disconnected') this.waiting = setTimeout(() => pc.restartIce(), 3000)
      told.state(this)
    }
    if (listens) {
      pc.addTransceiver('audio', { direction: 'recvonly' })
      pc.addTransceiver('video', { direction: 'recvonly' })
    } else {
      for (const track of media.getTracks()) pc.addTrack(track, media)
    }
  }

  get state () { return this.pc.connectionState }

  /** `heard` names the session that a signal is meant for: what was meant for an earlier one is not taken. */
  say (kind, body) { this.room.send(this.other, kind, { ...body, heard: this.session }) }

  async offer () {
    try {
      this.offering = true
      await this.pc.setLocalDescription()
      this.say('description', { description: this.pc.localDescription.toJSON() })
    } finally {
      this.offering = false
    }
  }

  async hear (signal) {
    const { pc } = this
    if (pc.signalingState === 'closed') return
    if (signal.kind === 'description') {
      const description = signal.body.description
      const collides = description.type === 'offer' && (this.offering || pc.signalingState !== 'stable')
      this.ignoring = collides && !this.polite
      if (this.ignoring) return
      await pc.setRemoteDescription(description)
      if (description.type === 'offer') {
        await pc.setLocalDescription()
        this.say('description', { description: pc.localDescription.toJSON() })
      }
    } else if (signal.kind === 'candidate') {
      await pc.addIceCandidate(signal.body.candidate).catch(problem => { if (!this.ignoring) throw problem })
    }
  }

  show (card) {
    if (this.cards.readyState === 'open') this.cards.send(JSON.stringify(card))
  }

  /** What the line is like: round trip, jitter and loss of what comes in, bytes both ways, size of the picture. */
  async measure () {
    const found = { rtt_ms: 0, jitter_ms: 0, lost_percent: 0, bytes_in: 0, bytes_out: 0, width: 0, height: 0 }
    let lost = 0
    let got = 0
    for (const row of (await this.pc.getStats()).values()) {
      if (row.type === 'candidate-pair' && row.nominated) found.rtt_ms = 1000 * (row.currentRoundTripTime ?? 0)
      if (row.type === 'outbound-rtp') found.bytes_out += row.bytesSent ?? 0
      if (row.type !== 'inbound-rtp') continue
      found.bytes_in += row.bytesReceived ?? 0
      found.jitter_ms = Math.max(found.jitter_ms, 1000 * (row.jitter ?? 0))
      lost += Math.max(0, row.packetsLost ?? 0)
      got += row.packetsReceived ?? 0
      if (row.frameWidth) Object.assign(found, { width: row.frameWidth, height: row.frameHeight })
    }
    found.lost_percent = lost + got ? 100 * lost / (lost + got) : 0
    return found
  }

  close () {
    clearTimeout(this.waiting)
    this.pc.onconnectionstatechange = null
    this.pc.close()
  }
}
