// The floor plan of a hall without its people: walls, signs, seats, windows. It is a drawing of the
// page, which the browser paints when it changes; a canvas is copied in every frame.
const SVG = "http://www.w3.org/2000/svg"
const MOST_SHORTENED = 5000

function drawn(name, attributes, words) {
  const one = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value)
  if (words !== undefined) one.textContent = words
  return one
}

class Ground {
  constructor(layout, text) {
    this.layout = layout
    this.text = text
    // what never changes is apart: it is not painted again; both are told in words below
    this.still = drawn("svg", { class: "ground", "aria-hidden": "true" })
    this.changing = drawn("svg", { class: "ground", "aria-hidden": "true" })
    this.pen = made("canvas").getContext("2d")
  }

  // drawn anew for a size of the page: `scale` pixels a metre, words `small` pixels high
  resized({ scale, small, radius, width, height }) {
    Object.assign(this, { scale, small, radius })
    this.said = new Map()
    for (const page of [this.still, this.changing]) {
      page.replaceChildren()
      page.setAttribute("viewBox", `0 0 ${width} ${height}`)
      page.setAttribute("font-size", small)
    }
    this.font = `${small}px ${getComputedStyle(this.still).fontFamily}`
    this.amounts = [PAPER_WAITING, PAPER].map((colour) => this.shape(colour))
    this.windows = new Map([CLOSED, OPEN, BUSY_ALONE, AT_WORK].map((colour) => [colour, this.shape(colour, colour === CLOSED ? LINE : null)]))
    this.draw_offices()
    for (const block of this.layout.floor.seats) this.draw_seats(block)
    this.draw_groups()
    this.draw_door()
    this.draw_places()
    this.mark = this.shape("none", INK)
  }

  box(cell, fill, stroke, round = 3) {
    this.still.append(drawn("path", { d: this.outline(cell, round), fill, stroke: stroke ?? "none" }))
  }

  // of boxes in one colour that come and go
  shape(fill, stroke) {
    const one = drawn("path", { fill, stroke: stroke ?? "none" })
    this.changing.append(one)
    return one
  }

  // of a box with round corners
  outline([x, y, width, height], round) {
    const { scale } = this
    const [wide, high] = [width * scale, height * scale]
    const r = Math.min(round, wide / 2, high / 2)
    const [across, down] = [wide - 2 * r, high - 2 * r]
    return `M${x * scale + r} ${y * scale}h${across}q${r} 0 ${r} ${r}v${down}q0 ${r} ${-r} ${r}h${-across}q${-r} 0 ${-r} ${-r}v${-down}q0 ${-r} ${r} ${-r}z`
  }

  label(words, x, y, width, colour = INK, look = "", page = this.still) {
    const font = look.includes("strong") ? `bold ${this.font}` : this.font
    const one = drawn("text", { x: x * this.scale, y: y * this.scale, fill: colour, class: look }, shortened(this.pen, font, words, width * this.scale))
    page.append(one)
    return one
  }

  draw_offices() {
    const { layout, text } = this
    const { floor } = layout
    if (floor.office) {
      const [left, top, across] = floor.office
      this.box(floor.office, OFFICE, GLASS, 4)
      this.label(text.offices, left + 0.4, top + 0.55, across - 1, SOFT)
    }
    this.box(floor.hall, WALL, LINE, 6)
    this.pen.font = this.font
    const room = this.pen.measureText(`${layout.most_reviews}/${layout.most_reviews}`).width / this.scale
    this.offices = floor.departments.map((cell, number) => {
      if (!cell) return null
      const [x, y, width, height] = cell
      this.box(cell, WHITE, LINE)
      this.label(layout.departments[number], x + 0.2, y + height * 0.34, width - 0.4)
      const bar = [x + 0.2, y + height * 0.7, Math.max(width - 0.6 - room, 0), 0.28] // of the department that has most
      return { bar, outlines: ["", ""], tally: this.label("", x + width - 0.2, y + height * 0.77, width, SOFT, "right", this.changing) }
    })
  }

  draw_seats({ x, y, across, number }) {
    const { pitch } = this.layout.floor
    const r = Math.max(0.8, this.radius * 0.45)
    const squares = Array.from({ length: number }, (_, seat) => {
      const left = (x + ((seat % across) + 0.5) * pitch) * this.scale - r
      const top = (y + (Math.floor(seat / across) + 0.5) * pitch) * this.scale - r
      return `M${left.toFixed(2)} ${top.toFixed(2)}h${2 * r}v${2 * r}h${-2 * r}z`
    })
    this.still.append(drawn("path", { d: squares.join(""), fill: SEAT }))
  }

  draw_groups() {
    const { layout } = this
    const { floor } = layout
    const [wide, high] = floor.counter
    this.signs = layout.groups.map((group, number) => {
      if (!floor.groups[number]) return null
      const [x, y, width] = floor.groups[number]
      this.box([x, y, width, floor.sign], AT_WORK, null)
      this.label(group.name, x + width / 2, y + floor.sign / 2, width - 0.4, WHITE, "strong centre")
      return this.label("", x + width / 2, y + floor.sign + 0.55, width, SOFT, "centre", this.changing)
    })
    this.counters = floor.windows.map((at) => at && this.outline([at[0] - wide / 2, at[1] - high / 2, wide, high], 2))
  }

  draw_door() {
    const { floor } = this.layout
    const [x, y, width, height] = floor.desk
    if (floor.has_desk) {
      this.box(floor.desk, DESK, DESK_EDGE, 4)
      this.label(this.text.desk, x + width / 2, y + height / 2, width - 0.2, INK, "centre")
    }
    const [door_x, door_y] = floor.door
    this.box([door_x - 1.2, door_y - 0.12, 2.4, 0.24], WHITE, null, 0)
    this.label(this.text.door, door_x + 1.5, door_y - 0.5, 4, SOFT)
  }

  draw_places() {
    const { layout, text } = this
    const { floor } = layout
    if (floor.apart) this.label(text.places, floor.apart[0], floor.apart[1] + 0.1, 12, SOFT)
    this.tellers = floor.places.map((cell, number) => {
      if (!cell) return null
      const [x, y, width, height] = cell
      this.box(cell, WHITE, LINE, 4)
      this.label(layout.places[number].name, x + 0.25, y + height * 0.16, width - 0.5, INK, "strong")
      return this.label("", x + 0.25, y + height * 0.4, width - 0.5, SOFT, "", this.changing)
    })
  }

  // signs and windows say numbers: each changes when it says another one
  say(counts) {
    this.say_offices(counts)
    this.say_windows(counts)
    const { layout, text } = this
    for (const [number, group] of layout.groups.entries()) {
      if (!this.signs[number]) continue
      const values = { waiting: sum_of(group.lists, counts.waiting), open: counts.on_duty[number], all: group.windows.length }
      this.write(this.signs[number], filled(text.sign, values), layout.floor.groups[number][2] - 0.1)
    }
    for (const [number, one] of this.tellers.entries()) {
      if (!one) continue
      const { lists, windows } = layout.places[number]
      const values = { waiting: sum_of(lists, counts.waiting), busy: sum_of(windows, counts.serving) }
      this.write(one, filled(text.place, values), layout.floor.places[number][2] - 0.5)
    }
  }

  // whether something says another thing than before
  says(one, words) {
    if (this.said.get(one) === words) return false
    this.said.set(one, words)
    return true
  }

  write(one, words, width) {
    if (!this.says(one, words)) return
    write(one, shortened(this.pen, this.font, words, width * this.scale))
  }

  shape_of(one, outlines) {
    const all = outlines.join("")
    if (this.says(one, all)) one.setAttribute("d", all)
  }

  say_offices(counts) {
    const most = Math.max(this.layout.most_reviews, 1)
    for (const [number, office] of this.offices.entries()) {
      if (!office) continue
      const in_hand = counts.in_hand[number]
      const total = counts.queued[number] + in_hand
      const tally = `${in_hand}/${total}`
      if (!this.says(office.tally, tally)) continue
      write(office.tally, tally)
      const [x, y, width, height] = office.bar
      office.outlines = [total, in_hand].map((amount) => (amount ? this.outline([x, y, width * Math.min(amount / most, 1), height], 1) : ""))
    }
    for (const [rank, one] of this.amounts.entries()) this.shape_of(one, this.offices.map((office) => office?.outlines[rank] ?? ""))
  }

  say_windows(counts) {
    const outlines = new Map([...this.windows.keys()].map((colour) => [colour, []]))
    for (const [number, group] of this.layout.groups.entries()) {
      if (!this.signs[number]) continue
      let idle = counts.on_duty[number]
      for (const each of group.windows) idle -= counts.serving[each] > 0 || counts.apart[each] > 0
      for (const each of group.windows) {
        let colour = CLOSED
        if (counts.serving[each]) colour = AT_WORK
        else if (counts.apart[each]) colour = BUSY_ALONE
        else if (idle > 0) {
          colour = OPEN
          idle -= 1
        }
        outlines.get(colour).push(this.counters[each])
      }
    }
    for (const [colour, one] of this.windows) this.shape_of(one, outlines.get(colour))
  }

  // a frame around a window or a department that was chosen; null = none
  frame(cell) {
    this.mark.setAttribute("d", cell ? this.outline(cell, 3) : "")
  }
}

const shortened_before = new Map()

// digits are equally broad: other numbers of as many digits need no new measuring
function shortened(pen, font, words, width) {
  const key = `${font} ${Math.round(width)} ${words.replace(/\d/g, "0")}`
  let length = shortened_before.get(key)
  if (length === undefined) {
    pen.font = font
    const short = cut(pen, words, width)
    length = short === words ? Infinity : short.length - 1
    if (shortened_before.size > MOST_SHORTENED) shortened_before.clear()
    shortened_before.set(key, length)
  }
  return length >= words.length ? words : `${words.slice(0, length)}…`
}

function cut(pen, words, width) {
  const whole = pen.measureText(words).width
  if (whole <= width) return words
  let n = Math.ceil((words.length * width) / whole)
  while (n > 1 && pen.measureText(`${words.slice(0, n)}…`).width > width) n -= 1
  return `${words.slice(0, n)}…`
}
