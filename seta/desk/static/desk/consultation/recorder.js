/* Records both sides into one picture and one sound, and sends it piece by piece while the server takes it. */
const TYPES = {
  video: ['video/webm;codecs=vp8,opus', 'video/webm', 'video/mp4'],
  voice: ['audio/webm;codecs=opus', 'audio/webm', 'audio/mp4']
}
const PIECE_MS = 2000
const PIECE_BYTES = 1 << 20
const WIDTH = 640
const HEIGHT = 360

export class CallRecorder {
  constructor ({ room, kind, own, other, ended }) {
    Object.assign(this, { room, kind, ended, place: 0, stopped: false })
    this.type = TYPES[kind].find(type => MediaRecorder.isTypeSupported(type))
    this.sound = new AudioContext()
    const mixed = this.sound.createMediaStreamDestination()
    for (const stream of [own, other]) {
      if (stream.getAudioTracks().length) this.sound.createMediaStreamSource(stream).connect(mixed)
    }
    this.tone = mixed
    const tracks = mixed.stream.getAudioTracks()
    if (kind === 'video') tracks.push(this.picture(own, other))
    this.media = new MediaRecorder(new MediaStream(tracks), { mimeType: this.type, videoBitsPerSecond: 600_000 })
    this.queue = Promise.resolve()
    this.media.ondataavailable = ({ data }) => { this.queue = this.queue.then(() => this.keep(data)) }
  }

  /** The other side large, oneself in the corner; a timer, since frames stop in a window that is not seen. */
  picture (own, other) {
    const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT })
    const pen = canvas.getContext('2d')
    this.shown = [other, own].map(stream => {
      const video = Object.assign(document.createElement('video'), { srcObject: stream, muted: true, playsInline: true })
      video.play().catch(() => {})
      return video
    })
    const draw = (video, x, y, width, height) => {
      if (!video.videoWidth) return
      const scale = Math.min(width / video.videoWidth, height / video.videoHeight)
      const [w, h] = [video.videoWidth * scale, video.videoHeight * scale]
      pen.drawImage(video, x + (width - w) / 2, y + (height - h) / 2, w, h)
    }
    this.drawing = setInterval(() => {
      pen.fillStyle = '#16130f'
      pen.fillRect(0, 0, WIDTH, HEIGHT)
      draw(this.shown[0], 0, 0, WIDTH, HEIGHT)
      draw(this.shown[1], WIDTH - 168, HEIGHT - 98, 160, 90)
    }, 1000 / 15)
    return canvas.captureStream(15).getVideoTracks()[0]
  }

  async begin () {
    this.id = (await this.room.post('recording', { media_type: this.type })).id
    this.media.start(PIECE_MS)
  }

  async keep (data) {
    for (let at = 0; at < data.size && !this.stopped; at += PIECE_BYTES) {
      await this.put(await data.slice(at, at + PIECE_BYTES).arrayBuffer())
    }
  }

  /** The same piece again until it is taken; a refusal ends the recording. */
  async put (piece) {
    for (let tries = 0; tries < 6 && !this.stopped; tries++) {
      try {
        const address = `/api/rooms/v1/recording/${this.id}/pieces/${this.place}`
        await this.room.ask(address, { method: 'POST', body: piece, type: 'application/octet-stream' })
        this.place++
        return
      } catch (problem) {
        if (problem.code && problem.status < 500) return this.stop(true)
        await new Promise(done => setTimeout(done, 500 * 2 ** tries))
      }
    }
    this.stop(true)
  }

  /** At once: what the browser still holds is let go of, not sent. */
  stop (refused = false) {
    if (this.stopped) return
    this.stopped = true
    clearInterval(this.drawing)
    if (this.media.state !== 'inactive') this.media.stop()
    for (const video of this.shown ?? []) video.srcObject = null
    this.sound.close()
    this.ended(refused)
  }

  /** The call ends well: the last piece is sent before the recording is closed. */
  async finish () {
    if (this.stopped) return
    const last = new Promise(done => { this.media.onstop = done })
    if (this.media.state !== 'inactive') {
      this.media.stop()
      await last
    }
    await Promise.race([this.queue, new Promise(done => setTimeout(done, 3000))])
    this.stop()
  }
}
