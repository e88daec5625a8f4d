// What the house keeps of the person: to read, to take along, and to have deleted after being asked twice.
import { erasePerson, readKept, readOwnCopy } from '../../utils/api'
import { momentLabel } from '../../utils/days'
import { currentLanguage, fill, words } from '../../utils/language'
import { messageOf, toast, type Phase } from '../../utils/page'
import { textOf, type CopyField, type Kept, type OwnCopy } from './copy'
import { privacyWords } from './words'

interface SectionRow { code: string; title: string; count: string; rows: CopyField[][]; open: boolean }

const confirmed = (title: string, content: string, confirmText: string, cancelText: string): Promise<boolean> =>
  new Promise((resolve) => {
    wx.showModal({ title, content, confirmText, cancelText, success: ({ confirm }) => { resolve(confirm) }, fail: () => { resolve(false) } })
  })

Page({
  data: {
    t: privacyWords(), retry: '', errorTitle: '', phase: 'loading' as Phase | 'gone', problem: '', lead: '', sections: [] as SectionRow[], kept: [] as Kept[],
    busy: false, refused: '', goneNote: '',
  },
  copy: null as OwnCopy | null,
  onLoad() {
    const t = privacyWords()
    wx.setNavigationBarTitle({ title: t.title })
    this.setData({ t, retry: words().common.retry, errorTitle: words().error.title })
    void this.load()
  },
  async load() {
    this.setData({ phase: 'loading' })
    try {
      const [copy, kept] = await Promise.all([readOwnCopy(), readKept()])
      const t = privacyWords()
      this.copy = copy
      this.setData({
        phase: 'ready', kept, lead: fill(t.lead, { house: copy.house, at: momentLabel(copy.made_at, currentLanguage()) }),
        sections: copy.sections.map((one) => ({ ...one, count: fill(t.rows, { n: one.rows.length }), open: false })),
      })
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  turn(event: WechatMiniprogram.TouchEvent) {
    const code = event.currentTarget.dataset['code'] as string
    this.setData({ sections: this.data.sections.map((one) => (one.code === code ? { ...one, open: !one.open } : one)) })
  },
  /** Written only for the sending: nothing of it stays on the phone. */
  save() {
    const { copy } = this
    if (!copy || this.data.busy) return
    const t = privacyWords()
    const files = wx.getFileSystemManager()
    const fileName = `${t.file}.txt`
    const filePath = `${wx.env.USER_DATA_PATH}/${fileName}`
    const text = textOf(copy, fill(t.heading, { house: copy.house }), momentLabel(copy.made_at, currentLanguage()))
    this.setData({ busy: true, refused: '' })
    try {
      files.writeFileSync(filePath, text, 'utf8')
    } catch {
      this.setData({ busy: false, refused: words().error.refused })
      return
    }
    wx.shareFileMessage({
      filePath, fileName,
      success: () => { toast(t.sent) },
      fail: () => undefined, // closed without sending
      complete: () => {
        files.unlinkSync(filePath)
        this.setData({ busy: false })
      },
    })
  },
  async erase() {
    const t = privacyWords()
    if (this.data.busy) return
    if (!await confirmed(t.askTitle, t.ask, t.askYes, t.askNo)) return
    if (!await confirmed(t.sureTitle, t.sure, t.sureYes, t.sureNo)) return
    this.setData({ busy: true, refused: '' })
    try {
      const { whole } = await erasePerson()
      this.copy = null
      wx.clearStorageSync()
      this.setData({ phase: 'gone', sections: [], lead: '', goneNote: whole ? t.goneNote : `${t.goneNote}\n${t.heldNote}` })
    } catch (error) {
      this.setData({ refused: messageOf(error) })
    } finally {
      this.setData({ busy: false })
    }
  },
  leave() { wx.exitMiniProgram({}) },
})
