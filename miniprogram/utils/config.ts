// What a house changes before it uploads its mini program.

/** The server; also listed as request domain in the mini program's console. */
export const API_ORIGIN = 'https://api.seta.example'
export const API_BASE = `${API_ORIGIN}/api/mp/v1`

/** The house as the home page names it. */
export const HOUSE_NAME = 'Serica Milano'

/** Subscribe-message templates by use; the server's answer to a session takes precedence. */
export const SUBSCRIBE_TEMPLATES: { [use: string]: string } = {}
