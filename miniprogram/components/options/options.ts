// One of several, each a card with a line about it; tells `choose` with {value}.
export interface OptionRow { value: string; title: string; note: string }

Component({
  properties: {
    rows: { type: Array, value: [] },
    chosen: { type: String, value: '' },
    label: { type: String, value: '' },
  },
  methods: {
    choose(event: WechatMiniprogram.TouchEvent) {
      this.triggerEvent('choose', { value: event.currentTarget.dataset['value'] as string })
    },
  },
})
