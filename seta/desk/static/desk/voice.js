/* Plays voice messages: fetched once, since each reading is logged, and AMR made into a sound that browsers know. */
const SAMPLES_A_SECOND = 8000
const DECODE_MS_MAX = 60_000

/* Samples of 16 bits as a WAV file. */
const wav = samples => {
  const head = new DataView(new ArrayBuffer(44))
  const text = (at, words) => [...words].forEach((letter, n) => head.setUint8(at + n, letter.charCodeAt(0)))
  text(0, 'RIFF')
  head.setUint32(4, 36 + samples.byteLength, true)
  text(8, 'WAVEfmt ')
  head.setUint32(16, 16, true)
  head.setUint16(20, 1, true)
  head.setUint16(22, 1, true)
  head.setUint32(24, SAMPLES_A_SECOND, true)
  head.setUint32(28, SAMPLES_A_SECOND * 2, true)
  head.setUint16(32, 2, true)
  head.setUint16(34, 16, true)
  text(36, 'data')
  head.setUint32(40, samples.byteLength, true)
  return new Blob([head, samples], { type: 'audio/wav' })
}

const decoded = async (bytes, worker) => {
  let late
  try {
    return await new Promise((resolve, reject) => {
      late = setTimeout(() => reject(new Error('it takes too long')), DECODE_MS_MAX)
      worker.onerror = () => reject(new Error('there is no decoder'))
      worker.onmessage = ({ data }) => (data.samples?.length ? resolve(data.samples) : reject(new Error(data.problem)))
      worker.postMessage(bytes, [bytes])
    })
  } finally {
    clearTimeout(late)
    worker.terminate()
  }
}

const isAmr = bytes => String.fromCharCode(...new Uint8Array(bytes, 0, Math.min(6, bytes.byteLength))) === '#!AMR\n'

const sound = async (address, decoder) => {
  const answer = await fetch(address)
  if (!answer.ok) throw new Error(String(answer.status))
  const bytes = await answer.arrayBuffer()
  if (isAmr(bytes)) return wav(await decoded(bytes, new Worker(decoder)))
  return new Blob([bytes], { type: answer.headers.get('Content-Type') })
}

for (const voice of document.querySelectorAll('[data-voice]')) {
  const player = voice.querySelector('audio')
  const say = name => {
    for (const words of voice.querySelectorAll('[data-when]')) words.hidden = words.dataset.when !== name
    player.hidden = name !== 'ready'
    voice.toggleAttribute('aria-busy', name === 'coming')
  }
  player.onerror = () => say('mute')
  say('coming')
  sound(voice.dataset.voice, voice.dataset.decoder).then(
    blob => {
      player.src = URL.createObjectURL(blob)
      say('ready')
    },
    problem => {
      console.warn(problem)
      say('mute')
    },
  )
}
