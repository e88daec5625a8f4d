// Everything the page asks the sandbox.

export class Refused extends Error {
  constructor(errMsg) {
    super(errMsg.replace(/^\w+:fail /, ''))
    this.errMsg = errMsg
  }
}

/** POST to /_phone/<door>; throws Refused with the door's words. */
export async function ask(door, body) {
  const response = await fetch(`/_phone/${door}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  })
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) throw new Refused(answer.errMsg ?? `${door}:fail ${response.status}`)
  return answer
}

/** What the consumer's phone shows; waits up to `wait` seconds for something newer than `since`. */
export async function readState(who, since, wait) {
  const response = await fetch(`/_phone/state?${new URLSearchParams({ openid: who, since, wait })}`)
  if (!response.ok) throw new Refused(`state:fail ${response.status}`)
  return response.json()
}
