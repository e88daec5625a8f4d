// One's own advisors, and what the house's account and the person have written to each other.
import { listAdvisors, listBoutiques, readTalk } from '../../utils/api'
import { momentLabel } from '../../utils/days'
import { currentLanguage, fill, words } from '../../utils/language'
import { messageOf, storeName, type Phase } from '../../utils/page'
import { bubblesOf, type Bubble } from './talk'
import { chatWords } from './words'

interface AdvisorRow { key: string; name: string; initial: string; store: string; role: string; where: string }

Page({
  data: {
    t: chatWords(), retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', advisors: [] as AdvisorRow[], bubbles: [] as Bubble[], talkTitle: '',
    house: '', username: '', refused: '',
  },
  onLoad() {
    const t = chatWords()
    wx.setNavigationBarTitle({ title: t.title })
    this.setData({ t, retry: words().common.retry, errorTitle: words().error.title })
  },
  onShow() { void this.load() },
  async load() {
    try {
      const [talk, advisors, stores] = await Promise.all([readTalk(), listAdvisors(), listBoutiques()])
      const t = chatWords()
      const named = new Map(stores.map((store) => [store.code ?? '', storeName(store)]))
      this.setData({
        phase: 'ready', house: talk.house, username: talk.username, talkTitle: fill(t.talk, { house: talk.house }),
        bubbles: bubblesOf(talk.messages, t.kinds, (at) => momentLabel(at, currentLanguage())),
        advisors: advisors.map((one, index) => ({
          key: `${one.name}-${index}`, name: one.name, initial: one.name.slice(0, 1), store: named.get(one.boutique) ?? '',
          role: one.is_primary ? t.primary : '', where: fill(t.where, { name: one.name }),
        })),
      })
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  again() {
    this.setData({ phase: 'loading' })
    void this.load()
  },
  /** A mini program cannot write for the person; it opens the account, where they write themselves. */
  write() {
    this.setData({ refused: '' })
    wx.openOfficialAccountProfile({
      username: this.data.username,
      fail: ({ errMsg }) => {
        if (!errMsg.includes('cancel')) this.setData({ refused: fill(chatWords().closed, { house: this.data.house }) })
      },
    })
  },
  book() { wx.navigateTo({ url: '/pages/appointment/appointment' }) },
})
