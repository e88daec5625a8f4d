// Fields to type into, each under its name; tells `write` with {name, value}.
export interface FieldRow { name: string; label: string; value: string; type: string; max: number; hint: string }

Component({
  properties: {
    rows: { type: Array, value: [] },
  },
  methods: {
    write(event: WechatMiniprogram.Input) {
      this.triggerEvent('write', { name: event.currentTarget.dataset['name'] as string, value: event.detail.value })
    },
  },
})
