// One panel for what a page cannot show yet: loading, nothing there, or an error with what to do.
import { words } from '../../utils/language'

Component({
  properties: {
    kind: { type: String, value: 'loading' },
    title: { type: String, value: '' },
    note: { type: String, value: '' },
    action: { type: String, value: '' },
  },
  data: { loading: '' },
  lifetimes: {
    attached() {
      this.setData({ loading: words().common.loading })
    },
  },
  methods: {
    act() {
      this.triggerEvent('act')
    },
  },
})
