/* The queue by keyboard: j and k move, x chooses, e opens. */
const rows = [...document.querySelectorAll('[data-queue] tbody tr')]
let here = -1
const go = to => {
  rows[here]?.classList.remove('here')
  here = Math.max(0, Math.min(rows.length - 1, to))
  rows[here].classList.add('here')
  rows[here].querySelector('th a').focus({ preventScroll: true })
  rows[here].scrollIntoView({ block: 'nearest' })
}
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || !rows.length) return
  if (event.target.closest?.('input:not([type=checkbox]), textarea, select')) return
  if (event.key === 'j') go(here + 1)
  else if (event.key === 'k') go(here - 1)
  else if (event.key === 'e' && here >= 0) rows[here].querySelector('th a').click()
  else if (event.key === 'x' && here >= 0) rows[here].querySelector('input[type=checkbox]')?.click()
})
