// Asks again until an answer is the one waited for.

export const PAUSES_MS = [400, 600, 1000, 1000, 1500, 1500, 2000, 2000]

const wait = (ms: number): Promise<void> => new Promise((done) => { setTimeout(done, ms) })

/** The first answer that satisfies, or the last one when none did. */
export async function pollUntil<T>(ask: () => Promise<T>, done: (answer: T) => boolean, pauses = PAUSES_MS): Promise<T> {
  let answer = await ask()
  for (const pause of pauses) {
    if (done(answer)) return answer
    await wait(pause)
    answer = await ask()
  }
  return answer
}
