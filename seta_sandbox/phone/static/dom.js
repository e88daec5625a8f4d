// Makes elements, and keeps the few drawings the phone uses.

/** An element with attributes, listeners (`onclick`) and children; `null` children are left out. */
export function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value)
    else if (name === 'class') made.className = value
    else made.setAttribute(name, value === true ? '' : value)
  }
  made.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false))
  return made
}

const DRAWINGS = {
  chats: 'M10 4C5.600 4 2 7 2 10.700c0 2.100 1.200 4 3 5.200L4.300 18.500l3-1.500c.9.2 1.800.4 2.700.4 4.400 0 8-3 8-6.700S14.400 4 10 4zM20 20l-2.200-1.100',
  contacts: 'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 19c.4-3.800 2.900-5.500 6.500-5.500s6.100 1.700 6.500 5.500zM17 6h5M17 10.500h5M18.500 15H22',
  discover: 'M12 21.500a9.500 9.500 0 1 0 0-19 9.500 9.500 0 0 0 0 19zM15.800 8.200l-2.300 5.300-5.300 2.300 2.300-5.300z',
  me: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20.500c.6-4.300 3.500-6 8-6s7.400 1.700 8 6z',
  scan: 'M3 8V4h5M16 4h5v4M21 16v4h-5M8 20H3v-4M3 12h18',
  back: 'M15 4l-8 8 8 8',
  menu: 'M4 7h16M4 12h16M4 17h16',
  keyboard: 'M3 6h18v12H3zM6.500 10h1M10 10h1M13.500 10h1M17 10h1M7 14.500h10',
  moments: 'M12 21.500a9.500 9.500 0 1 0 0-19 9.500 9.500 0 0 0 0 19zM12 2.500l5 9M21 9.500l-9.500 2M18.700 18.700L14 11M12 21.500L9 12M3 14.500l8-3M5.500 5.500L12 11',
  programs: 'M12 3.500v17M12 8a4 4 0 1 0-4 4h8a4 4 0 1 1-4 4',
  calendar: 'M4 5h16v15H4zM4 10h16M8 3v4M16 3v4',
  place: 'M12 21c-4-5.500-7-8-7-12a7 7 0 0 1 14 0c0 4-3 6.500-7 12zM12 11.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z',
  people: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM16 11a3 3 0 1 0 0-6M2.500 18.500c.4-3.200 2.400-4.700 5.500-4.700s5.100 1.500 5.500 4.700zM16.500 13.900c2.800.2 4.600 1.700 5 4.600',
  pay: 'M3 7h18v11H3zM3 11h18M7 15h4',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  close: 'M12 19.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM12 13a1 1 0 1 0 0-2 1 1 0 0 0 0 2z',
  language: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18',
}

/** A line drawing of 24 by 24; decoration only, so hidden from readers. */
export function icon(name, className = 'icon') {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', className)
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', DRAWINGS[name])
  svg.append(path)
  return svg
}

const COLOURS = ['#9b2c2c', '#2f6b4f', '#3d5a80', '#8a5e0c', '#6b4a73', '#4a5759']

/** A square with the name's first letter; the same name has the same colour. */
export function avatar(name, className = 'avatar') {
  let sum = 0
  for (const letter of name) sum += letter.codePointAt(0)
  return h('span', { class: className, style: `background:${COLOURS[sum % COLOURS.length]}`, 'aria-hidden': 'true' }, [...name][0] ?? '·')
}
