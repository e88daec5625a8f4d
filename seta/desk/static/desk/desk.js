/* Ctrl-K goes to the search box; a lost connection is said, and unsaid when it is back. */
document.addEventListener('keydown', event => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
    event.preventDefault()
    const box = document.getElementById('search')
    box?.focus()
    box?.select()
  }
})
const offline = hidden => {
  const notice = document.getElementById('offline')
  if (notice) notice.hidden = hidden
}
document.addEventListener('htmx:sendError', () => offline(false))
document.addEventListener('htmx:responseError', () => offline(false))
document.addEventListener('htmx:afterOnLoad', () => offline(true))
document.addEventListener('htmx:afterSwap', event => {
  const thread = event.target.closest?.('[data-newest-below]')
  if (thread) thread.scrollTop = thread.scrollHeight
})
addEventListener('load', () => {
  for (const here of document.querySelectorAll('.rail nav [aria-current], nav.tabs [aria-current]')) {
    const strip = here.closest('nav')
    strip.scrollLeft += here.getBoundingClientRect().left - strip.getBoundingClientRect().left
      - (strip.clientWidth - here.clientWidth) / 2
  }
  for (const thread of document.querySelectorAll('[data-newest-below]')) thread.scrollTop = thread.scrollHeight
})
document.addEventListener('click', event => {
  if (event.target.closest('[data-print]')) print()
})
/* A second press of the same button sends nothing: the answer to the first is on its way. */
document.addEventListener('submit', event => {
  if (event.target.dataset.ask && !confirm(event.target.dataset.ask)) return event.preventDefault()
  if (event.target.dataset.sent) event.preventDefault()
  event.target.dataset.sent = '1'
  setTimeout(() => { delete event.target.dataset.sent }, 4000)
})
