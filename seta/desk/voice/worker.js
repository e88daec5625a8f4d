// Decodes one AMR file (narrow band) in a worker of its own: bytes come, {samples} at 8,000 a second go, or {problem}.
import recorder from './recorder.js'
import 'recorder-core/src/engine/beta-amr-engine.js'

self.onmessage = ({ data }) => {
  recorder.AMR.decode(
    new Uint8Array(data),
    samples => self.postMessage({ samples }, [samples.buffer]),
    problem => self.postMessage({ problem: String(problem) }),
  )
}
