// A day's stops on a map drawn from their coordinates: nothing is fetched, so it works without a network. Tells `drawn` with {path}, its picture.
import { canvasOf } from '../../utils/canvas'
import { districtsKept, learnDistricts } from '../../utils/districts'
import { drawMap, type Pin } from '../../utils/mapping'
import { savedPack } from '../../utils/saved'

const PADDING = 36

Component({
  properties: {
    pins: { type: Array, value: [] },
    label: { type: String, value: '' },
  },
  observers: {
    pins() { this.draw() },
  },
  lifetimes: {
    attached() {
      this.draw()
      void learnDistricts().then(() => { this.draw() })
    },
  },
  methods: {
    draw() {
      canvasOf('#route', this, ({ canvas, context, width, height }) => {
        const pins = this.data.pins as Pin[]
        const here = new Set(pins.map((pin) => `${pin.lat},${pin.lon}`))
        const others = savedPack().places.filter((place) => !here.has(`${place.lat},${place.lon}`))
        drawMap(context, { width, height, padding: PADDING }, pins, { districts: districtsKept(), others })
        if (!pins.length) return
        const tell = ({ tempFilePath }: { tempFilePath: string }): void => { this.triggerEvent('drawn', { path: tempFilePath }) }
        wx.canvasToTempFilePath({ canvas, fileType: 'png', success: tell, fail: () => undefined }) // a card does without a picture too
      })
    },
  },
})
