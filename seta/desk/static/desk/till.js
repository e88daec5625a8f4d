/* The till's keypad, camera and countdowns. Without scripts the fields, the photo and the buttons still work. */
const till = document.querySelector('[data-till]')
const amount = document.getElementById('amount')
const code = till?.querySelector('[name=auth_code]')
const announce = document.querySelector('[data-announce]')

document.querySelector('[data-choose] select')?.addEventListener('change', event => event.target.form.submit())

/* Keys under a thumb write into the amount, which then asks for its quote as if it had been typed. */
const pad = document.querySelector('[data-keypad]')
if (pad && amount) {
  pad.hidden = false
  pad.addEventListener('click', event => {
    const key = event.target.closest('[data-key]')?.dataset.key
    if (!key) return
    amount.value = key === 'back' ? amount.value.slice(0, -1) : (amount.value + key).slice(0, 14)
    amount.dispatchEvent(new Event('input', { bubbles: true }))
  })
  /* Enter leads on to the code instead of charging nothing; a scanner's Enter in the code charges. */
  amount.addEventListener('keydown', event => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    code?.focus()
  })
}

const lines = document.querySelector('[data-lines]')
const addLine = document.querySelector('[data-add-line]')
if (lines && addLine) {
  addLine.hidden = false
  addLine.addEventListener('click', () => {
    const added = lines.querySelector('[data-line]').cloneNode(true)
    added.querySelector('[name=quantity]').value = '1'
    addLine.before(added)
    added.querySelector('select').focus()
    if (lines.querySelectorAll('[data-line]').length >= 8) addLine.hidden = true
  })
}

/** What a picture says, read by the server; '' when nothing can be read, with the words shown if asked. */
async function readPicture(picture, tell) {
  const body = new FormData()
  body.append('photo', picture, 'code.jpg')
  body.append('csrfmiddlewaretoken', till.querySelector('[name=csrfmiddlewaretoken]').value)
  const answer = await fetch(till.dataset.read, { method: 'POST', body }).then(response => response.json()).catch(() => ({}))
  const said = till.querySelector('[data-photo-error]')
  if (said && tell) {
    said.hidden = Boolean(answer.code)
    said.textContent = answer.code ? '' : answer.error ?? ''
  }
  return answer.code ?? ''
}

const photo = till?.querySelector('[name=photo]')
photo?.addEventListener('change', async () => {
  const picture = photo.files[0]
  photo.closest('label').classList.toggle('chosen', Boolean(picture))
  if (!picture || !code) return
  const found = await readPicture(picture, true)
  photo.value = ''
  photo.closest('label').classList.remove('chosen')
  if (!found) return
  code.value = found
  till.querySelector('.primary').focus()
})

/* The camera: the browser's own detector where there is one, else a picture a second is read by the server. */
const box = document.querySelector('[data-camera-box]')
const opener = till?.querySelector('[data-camera]')
if (box && opener && navigator.mediaDevices?.getUserMedia) {
  opener.hidden = false
  const video = box.querySelector('video')
  const says = box.querySelector('[data-camera-says]')
  const close = () => {
    for (const track of video.srcObject?.getTracks() ?? []) track.stop()
    video.srcObject = null
    if (box.open) box.close()
  }
  const look = async detector => {
    if (detector) return (await detector.detect(video)).map(one => one.rawValue).find(text => /^\d{16,24}$/.test(text)) ?? ''
    const canvas = document.createElement('canvas')
    canvas.width = video.videoWidth
    canvas.height = video.videoHeight
    canvas.getContext('2d').drawImage(video, 0, 0)
    const picture = await new Promise(done => { canvas.toBlob(done, 'image/jpeg', 0.85) })
    return picture ? readPicture(picture, false) : ''
  }
  opener.addEventListener('click', async () => {
    box.showModal()
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
      await video.play()
    } catch {
      says.textContent = box.querySelector('[data-camera-none]').content.textContent
      return
    }
    const detector = 'BarcodeDetector' in globalThis ? new globalThis.BarcodeDetector() : null
    while (video.srcObject) {
      const found = await look(detector).catch(() => '')
      if (found && video.srcObject) {
        code.value = found
        close()
        till.requestSubmit(till.querySelector('.primary'))
        return
      }
      await new Promise(done => { setTimeout(done, detector ? 200 : 900) })
    }
  })
  box.querySelector('[data-camera-close]').addEventListener('click', close)
  box.addEventListener('close', close)
}

/* A code of ours needs no code of the client's; a charge needs one. */
till?.addEventListener('submit', event => {
  if (event.submitter?.dataset.noCode !== undefined || !code) return
  if (!code.value.trim() && !photo?.files.length) {
    event.preventDefault()
    delete till.dataset.sent
    code.focus()
    code.setAttribute('aria-invalid', 'true')
  }
}, true)

function count() {
  for (const bar of document.querySelectorAll('[data-until]')) {
    const left = Math.max(0, Math.round((new Date(bar.dataset.until) - Date.now()) / 1000))
    bar.value = Number(bar.dataset.lasts) - left
    const words = bar.parentElement.querySelector('[data-left]')
    if (words) words.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
  }
}
count()
setInterval(count, 500)

/* What changed is said once to who listens instead of looking. */
document.addEventListener('htmx:afterSwap', () => {
  count()
  const said = [...document.querySelectorAll('[data-say]')].map(one => one.textContent.replace(/\s+/g, ' ').trim()).join('. ')
  if (announce && announce.textContent !== said) announce.textContent = said
})
