// A row of days to choose one from; tells `choose` with {day}.
Component({
  properties: {
    days: { type: Array, value: [] },
    chosen: { type: String, value: '' },
    label: { type: String, value: '' },
  },
  methods: {
    choose(event: WechatMiniprogram.TouchEvent) {
      this.triggerEvent('choose', { day: event.currentTarget.dataset['day'] as string })
    },
  },
})
