// A row of days to choose one from, or several with `many`; tells `choose` with {day}.
import type { DayChoice } from '../../utils/days'

Component({
  properties: {
    days: { type: Array, value: [] },
    chosen: { type: String, value: '' },
    many: { type: Boolean, value: false },
    label: { type: String, value: '' },
  },
  data: { rows: [] as (DayChoice & { on: boolean })[] },
  observers: {
    'days, chosen'(days: DayChoice[], chosen: string) {
      const on = new Set(chosen.split(','))
      this.setData({ rows: days.map((choice) => ({ ...choice, on: on.has(choice.day) })) })
    },
  },
  methods: {
    choose(event: WechatMiniprogram.TouchEvent) {
      this.triggerEvent('choose', { day: event.currentTarget.dataset['day'] as string })
    },
  },
})
