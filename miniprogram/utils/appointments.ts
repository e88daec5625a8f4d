// Which of a person's appointments still lie ahead.
import type { Appointment } from './types'

const ACTIVE = ['held', 'confirmed']

/** Those still to come, the next first. */
export function upcoming(appointments: Appointment[], now: Date): Appointment[] {
  return appointments
    .filter((one) => ACTIVE.includes(one.state) && new Date(one.ends_at) > now)
    .sort((a, b) => a.starts_at.localeCompare(b.starts_at))
}
