// Which of a person's appointments, held pieces and calls still lie ahead.
import type { Appointment, Consultation, Fitting } from './types'

const ACTIVE = ['held', 'confirmed']
const HOLDING = ['held', 'tried']
const CALLS_AHEAD = ['booked', 'under_way']
const MINUTE_MS = 60_000

/** Those still to come, the next first. */
export function upcoming(appointments: Appointment[], now: Date): Appointment[] {
  return appointments
    .filter((one) => ACTIVE.includes(one.state) && new Date(one.ends_at) > now)
    .sort((a, b) => a.starts_at.localeCompare(b.starts_at))
}

/** Pieces that are still held for the person. */
export const held = (fittings: Fitting[]): Fitting[] => fittings.filter((one) => HOLDING.includes(one.state))

/** Calls that can still be joined, the next first. */
export function callsAhead(calls: Consultation[], now: Date): Consultation[] {
  return calls
    .filter((one) => CALLS_AHEAD.includes(one.state) && new Date(one.starts_at).getTime() + one.minutes * MINUTE_MS > now.getTime())
    .sort((a, b) => a.starts_at.localeCompare(b.starts_at))
}
