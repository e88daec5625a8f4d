"""Rules that a house may begin from: they can be read, and nothing is found in them."""

SAMPLE = """\
program: {zh: 丝路礼遇, en: The silk circle, it: Il cerchio della seta}
points_last_days: 730          # a deed counts for two years

earn:                          # nothing for sharing, following, inviting or luck
  visit: {points: 20, daily_cap: 20}
  appointment: {points: 30, daily_cap: 60}
  consultation: {points: 25, daily_cap: 25}
  workshop: {points: 80, daily_cap: 80}
  purchase: {points: 1, per: 100, daily_cap: 5000}   # one for each full 100 yuan

rights:
  early_hour: {zh: 提前一小时进入发售, en: An early hour at drops, it: Un'ora prima ai lanci}
  workshops: {zh: 优先预订工坊席位, en: First seats at workshops, it: Primi posti ai laboratori}
  salon: {zh: 预约私人沙龙, en: The private salon by appointment, it: Il salone privato su appuntamento}

tiers:
  - code: guest
    from: 0
    name: {zh: 宾客, en: Guest, it: Ospite}
    rights: []
  - code: friend
    from: 100
    name: {zh: 知己, en: Friend, it: Amico}
    text: {zh: 感谢您常来。, en: Thank you for coming often., it: Grazie di venire spesso.}
    rights: [early_hour]
  - code: patron
    from: 400
    name: {zh: 雅士, en: Patron, it: Mecenate}
    text: {zh: 您是我们的座上宾。, en: Our salon is yours., it: Il nostro salone è suo.}
    rights: [early_hour, workshops, salon]
"""
