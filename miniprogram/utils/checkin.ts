// What a scanned code says to a store's door.

/** A store's code holds `checkin` and its own code: as a link's parameter, `checkin:CODE`, or bare. */
export function checkInCode(scanned: string): string {
  const found = /(?:check-?in[=:/])([\w.~-]+)/i.exec(scanned)
  return found ? found[1]! : scanned.trim()
}
