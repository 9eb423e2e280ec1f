// The floor plan of a hall, drawn while its day is played: people as dots, papers as squares.
const MOST_SHORTENED = 5000
const SIGNS_EVERY = 333 // milliseconds between two drawings of signs and numbers
const RELIEVED_EVERY = 667 // and on a machine that does not keep up
const SHARPEST = 2 // pixels of the canvas in one of the page, of what stands still
// and of people, on a machine that keeps up and on one that does not: what each frame costs goes by
// the pixels of their canvas
const SHARPEST_MOVING = [1.25, 1]
const INK = "#222222"
const SOFT = "#666666"
const LINE = "#c9d3dc"
const GLASS = "#9cc3d9"
const PAPER = "#5B4B8A"
const MATTERS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#222222"]
const OTHER = "#8a8a8a"
const WAIT_MINUTES = [5, 15, 30, 60]
const WAITS = ["#92C5DE", "#4393C3", "#F4A582", "#D6604D", "#8B0A1A"]
const AT_WORK = "#0B5CAD"
const OPEN = "#cfe3f3"
const CLOSED = "#f0f0ee"
const BUSY_ALONE = "#B4A7D6"
const LINES = ["#0072B2", "#D55E00"]
const FONT = '"HallSans", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "Segoe UI", Arial, sans-serif'

function made(name, look, words) {
  const one = document.createElement(name)
  if (look) one.className = look
  if (words !== undefined) one.textContent = words
  return one
}

const shortened_before = new Map()

// digits are equally broad: other numbers of as many digits need no new measuring
function shortened(pen, words, width) {
  const key = `${pen.font} ${Math.round(width)} ${words.replace(/\d/g, "0")}`
  let length = shortened_before.get(key)
  if (length === undefined) {
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

class Floor {
  constructor(layout, text, player, number) {
    this.layout = layout
    this.text = text
    this.player = player
    this.stories = new Stories(layout, text)
    this.page = made("section", "floor")
    const heading = made(`h${player.rank + 1}`, "layout", layout.name)
    heading.style.borderColor = LINES[number % LINES.length]
    this.counters = made("dl", "counters")
    this.values = {}
    const names = ["waiting", "longest", "serving", "served", ...(layout.departments.length ? ["late"] : [])]
    for (const name of names) {
      const pair = made("div")
      this.values[name] = made("dd", "", "0")
      pair.append(made("dt", "", text[name]), this.values[name])
      this.counters.append(pair)
    }
    this.stage = made("div", "stage")
    this.under = made("canvas")
    this.over = made("canvas")
    this.over.tabIndex = 0
    this.over.setAttribute("role", "application")
    this.over.setAttribute("aria-label", `${layout.name}. ${text.hint}`)
    this.stage.style.aspectRatio = `${layout.floor.width} / ${layout.floor.height}`
    this.stage.append(this.under, this.over)
    this.story = made("div", "story")
    this.story.setAttribute("aria-live", "polite")
    this.page.append(heading, this.counters, this.stage, this.story, heat_part(layout, text, player))
    this.over.addEventListener("click", (event) => this.clicked(event))
    this.over.addEventListener("keydown", (event) => this.stepped(event))
    const n = layout.tickets.case.length
    this.seen = new Float32Array(2 * n)
    this.rows = new Int32Array(n)
    this.n_seen = 0
    this.spot = new Float32Array(2)
    // layouts take turns, so that no frame draws the signs of all
    this.drawn_at = (number * SIGNS_EVERY) / 2
    this.buckets = Array.from({ length: MATTERS.length + 1 }, () => [])
  }

  resized() {
    const width = this.stage.clientWidth
    if (!width) return
    const { floor } = this.layout
    this.scale = width / floor.width
    const moving = SHARPEST_MOVING[Number(this.player.is_relieved)]
    const ratios = [SHARPEST, moving].map((most) => Math.min(window.devicePixelRatio || 1, most))
    for (const [number, canvas] of [this.under, this.over].entries()) {
      const ratio = ratios[number]
      canvas.width = Math.round(width * ratio)
      canvas.height = Math.round(floor.height * this.scale * ratio)
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0)
    }
    this.seen_last = null
    this.said = new Map()
    this.sprites = new Map()
    ;[this.ratio, this.moving_ratio] = ratios
    this.unshown = null
    this.small = Math.max(9, Math.min(12.5, this.scale * 0.55))
    this.radius = Math.max(1.6, Math.min(6.5, this.scale * floor.pitch * 0.4))
    this.draw_base()
  }

  box(pen, [x, y, width, height], fill, stroke, round = 3) {
    const s = this.scale
    pen.beginPath()
    pen.roundRect(x * s, y * s, width * s, height * s, round)
    if (fill) {
      pen.fillStyle = fill
      pen.fill()
    }
    if (stroke) {
      pen.strokeStyle = stroke
      pen.lineWidth = 1
      pen.stroke()
    }
  }

  label(pen, words, x, y, width, colour = INK, size = this.small, weight = "normal", align = "left") {
    pen.font = `${weight} ${size}px ${FONT}`
    pen.fillStyle = colour
    pen.textAlign = align
    pen.textBaseline = "middle"
    pen.fillText(shortened(pen, words, width * this.scale), x * this.scale, y * this.scale)
  }

  // what no count changes: drawn once for a size of the page, then copied
  draw_base() {
    const pen = this.under.getContext("2d")
    const { text, layout } = this
    const { floor } = layout
    if (floor.office) {
      const [left, top, across] = floor.office
      this.box(pen, floor.office, "#f4f8fb", GLASS, 4)
      this.label(pen, text.offices, left + 0.4, top + 0.55, across - 1, SOFT)
    }
    this.box(pen, floor.hall, "#fcfbf8", LINE, 6)
    for (const [number, cell] of floor.departments.entries()) {
      if (!cell) continue
      const [x, y, width, height] = cell
      this.box(pen, cell, "#ffffff", LINE)
      this.label(pen, layout.departments[number], x + 0.2, y + height * 0.34, width - 0.4)
    }
    for (const block of floor.seats) this.draw_seats(pen, block)
    for (const [number, group] of layout.groups.entries()) {
      if (!floor.groups[number]) continue
      const [x, y, width] = floor.groups[number]
      this.box(pen, [x, y, width, floor.sign], AT_WORK, null, 3)
      this.label(pen, group.name, x + width / 2, y + floor.sign / 2, width - 0.4, "#ffffff", this.small, "bold", "center")
    }
    this.draw_door(pen)
    if (floor.apart) this.label(pen, text.places, floor.apart[0], floor.apart[1] + 0.1, 12, SOFT)
    for (const [number, cell] of floor.places.entries()) {
      if (!cell) continue
      const [x, y, width, height] = cell
      this.box(pen, cell, "#ffffff", LINE, 4)
      this.label(pen, layout.places[number].name, x + 0.25, y + height * 0.16, width - 0.5, INK, this.small, "bold")
    }
    this.base = document.createElement("canvas")
    this.base.width = this.under.width
    this.base.height = this.under.height
    this.base.getContext("2d").drawImage(this.under, 0, 0)
  }

  // metres for the two numbers of the department that has most
  tally_room(pen) {
    pen.font = `${this.small}px ${FONT}`
    return pen.measureText(`${this.layout.most_reviews}/${this.layout.most_reviews}`).width / this.scale
  }

  // signs and windows say numbers: each is drawn again when it says another one
  draw_ground(counts) {
    const pen = this.under.getContext("2d")
    this.draw_tallies(pen, counts)
    this.draw_windows(pen, counts)
    const { layout, text } = this
    for (const [number, cell] of layout.floor.places.entries()) {
      if (!cell) continue
      const [x, y, width, height] = cell
      const { lists, windows } = layout.places[number]
      const waiting = sum_of(lists, counts.waiting)
      const busy = sum_of(windows, counts.serving)
      if (this.says(`place ${number}`, `${waiting} ${busy}`)) {
        this.clear(pen, [x + 0.1, y + height * 0.4 - 0.45, width - 0.2, 0.9])
        this.label(pen, filled(text.place, { waiting, busy }), x + 0.25, y + height * 0.4, width - 0.5, SOFT)
      }
    }
  }

  // whether something says another thing than before
  says(thing, words) {
    if (this.said.get(thing) === words) return false
    this.said.set(thing, words)
    return true
  }

  // a part of the ground as it is without any numbers
  clear(pen, [x, y, width, height]) {
    const { ratio, scale, base } = this
    const left = Math.floor(x * scale * ratio)
    const top = Math.floor(y * scale * ratio)
    const wide = Math.ceil((x + width) * scale * ratio) - left
    const high = Math.ceil((y + height) * scale * ratio) - top
    if (wide <= 0 || high <= 0) return
    pen.save()
    pen.setTransform(1, 0, 0, 1, 0, 0)
    pen.clearRect(left, top, wide, high)
    pen.drawImage(base, left, top, wide, high, left, top, wide, high)
    pen.restore()
  }

  draw_tallies(pen, counts) {
    const { layout } = this
    const most = Math.max(layout.most_reviews, 1)
    let room = 0
    for (const [number, cell] of layout.floor.departments.entries()) {
      if (!cell) continue
      const [x, y, width, height] = cell
      const total = counts.queued[number] + counts.in_hand[number]
      const tally = `${counts.in_hand[number]}/${total}`
      if (!this.says(`department ${number}`, tally)) continue
      room ||= this.tally_room(pen)
      this.clear(pen, [x + 0.1, y + height * 0.58, width - 0.2, height * 0.38])
      this.label(pen, tally, x + width - 0.2, y + height * 0.77, width, SOFT, this.small, "normal", "right")
      for (const [amount, colour] of [[total, "#d9d2e9"], [counts.in_hand[number], PAPER]]) {
        const bar = [x + 0.2, y + height * 0.7, (width - 0.6 - room) * Math.min(amount / most, 1), 0.28]
        if (amount) this.box(pen, bar, colour, null, 1)
      }
    }
  }

  draw_seats(pen, place) {
    const { floor } = this.layout
    pen.fillStyle = "#e6e3da"
    pen.beginPath()
    const r = Math.max(0.8, this.radius * 0.45)
    for (let seat = 0; seat < place.number; seat++) {
      const x = (place.x + ((seat % place.across) + 0.5) * floor.pitch) * this.scale
      const y = (place.y + (Math.floor(seat / place.across) + 0.5) * floor.pitch) * this.scale
      pen.rect(x - r, y - r, 2 * r, 2 * r)
    }
    pen.fill()
  }

  draw_windows(pen, counts) {
    const { layout, text } = this
    const [wide, high] = layout.floor.counter
    for (const [number, group] of layout.groups.entries()) {
      if (!layout.floor.groups[number]) continue
      const [x, y, width] = layout.floor.groups[number]
      const waiting = sum_of(group.lists, counts.waiting)
      const on_duty = counts.on_duty[number]
      if (this.says(`sign ${number}`, `${waiting} ${on_duty}`)) {
        const words = filled(text.sign, { waiting, open: on_duty, all: group.windows.length })
        const { sign } = layout.floor
        this.clear(pen, [x, y + sign + 0.02, width, 0.98])
        this.label(pen, words, x + width / 2, y + sign + 0.55, width - 0.1, SOFT, this.small, "normal", "center")
      }
      let idle = on_duty
      for (const each of group.windows) idle -= counts.serving[each] > 0 || counts.apart[each] > 0
      for (const each of group.windows) {
        const [left, top] = layout.floor.windows[each]
        let colour = CLOSED
        if (counts.serving[each]) colour = AT_WORK
        else if (counts.apart[each]) colour = BUSY_ALONE
        else if (idle > 0) {
          colour = OPEN
          idle -= 1
        }
        if (!this.says(`window ${each}`, colour)) continue
        this.clear(pen, [left - wide / 2 - 0.06, top - high / 2 - 0.06, wide + 0.12, high + 0.12])
        this.box(pen, [left - wide / 2, top - high / 2, wide, high], colour, colour === CLOSED ? LINE : null, 2)
      }
    }
  }

  draw_door(pen) {
    const { floor } = this.layout
    const [x, y, width, height] = floor.desk
    if (floor.has_desk) {
      this.box(pen, floor.desk, "#e9dfc9", "#cdbf9f", 4)
      this.label(pen, this.text.desk, x + width / 2, y + height / 2, width - 0.2, INK, this.small, "normal", "center")
    }
    const [door_x, door_y] = floor.door
    this.box(pen, [door_x - 1.2, door_y - 0.12, 2.4, 0.24], "#ffffff", "#ffffff", 0)
    this.label(pen, this.text.door, door_x + 1.5, door_y - 0.5, 4, SOFT)
  }

  colour_of(row, now) {
    const { tickets: t, ranks } = this.layout
    if (this.player.colour === "matter") return ranks[t.matter[row]]
    const until = Math.min(t.called[row], t.ended[row], now)
    const minutes = t.taken[row] < until ? (until - t.taken[row]) / 60 : 0
    let rank = 0
    while (rank < WAIT_MINUTES.length && minutes >= WAIT_MINUTES[rank]) rank += 1
    return rank
  }

  draw_people(now, glide) {
    const { layout, buckets, spot: at } = this
    const { tickets: t } = layout
    for (const bucket of buckets) bucket.length = 0
    this.n_seen = 0
    for (let row = 0; row < t.case.length && t.came[row] <= now; row++) {
      if (t.trip[row] === 0) continue
      const until = layout.goes_on[row] || t.ended[row] === 0 ? t.ended[row] : t.ended[row] + glide
      if (now >= until) continue
      place_at(layout, row, now, glide, at)
      this.seen[2 * this.n_seen] = at[0] * this.scale
      this.seen[2 * this.n_seen + 1] = at[1] * this.scale
      this.rows[this.n_seen] = row
      buckets[this.colour_of(row, now)].push(this.n_seen)
      this.n_seen += 1
    }
    const pen = this.over.getContext("2d")
    pen.clearRect(0, 0, this.over.width, this.over.height)
    const colours = this.player.colour === "matter" ? [...MATTERS, OTHER] : WAITS
    const { moving_ratio: ratio, seen, rows } = this
    pen.save()
    pen.setTransform(1, 0, 0, 1, 0, 0)
    for (const [number, bucket] of buckets.entries()) {
      for (const n of bucket) {
        const row = rows[n]
        const sprite = this.sprite(colours[number], t.place[row] === 0, Math.min(t.people[row], 4))
        const half = sprite.width / 2
        pen.drawImage(sprite, Math.round(seen[2 * n] * ratio - half), Math.round(seen[2 * n + 1] * ratio - half))
      }
    }
    pen.restore()
    this.draw_papers(pen, now, glide)
    this.draw_ring(pen)
  }

  // the picture of a person, drawn once for each look: a copy is quicker than a circle
  sprite(colour, is_inside, people) {
    const key = `${colour} ${is_inside} ${people}`
    const before = this.sprites.get(key)
    if (before) return before
    const r = this.radius * this.moving_ratio * (is_inside ? 1 : 0.6) * (1 + 0.2 * Math.max(people - 1, 0))
    const sprite = document.createElement("canvas")
    sprite.width = sprite.height = 2 * Math.ceil(r + 1)
    const pen = sprite.getContext("2d")
    pen.fillStyle = colour
    pen.beginPath()
    pen.arc(sprite.width / 2, sprite.width / 2, r, 0, 2 * Math.PI)
    pen.fill()
    this.sprites.set(key, sprite)
    return sprite
  }

  centre([x, y, width, height]) {
    return [x + width / 2, y + height / 2]
  }

  draw_papers(pen, now, glide) {
    const { reviews, cases, sources, floor } = this.layout
    if (!glide) return
    const r = Math.max(1.6, this.radius * 0.6)
    pen.fillStyle = PAPER
    pen.beginPath()
    const fly = (from, to, since) => {
      const part = (now - since) / glide
      const x = (from[0] + (to[0] - from[0]) * part) * this.scale
      const y = (from[1] + (to[1] - from[1]) * part) * this.scale
      pen.rect(x - r, y - r, 2 * r, 2 * r)
    }
    const { released, closed } = this.layout
    const earliest = Math.max(now - glide, 0) // what is of before the day does not move
    for (let n = later_than(released, reviews.released, earliest); n < released.length; n++) {
      const row = released[n]
      const since = reviews.released[row]
      if (since > now) break
      const to = floor.departments[reviews.department[row]]
      const source = sources[row]
      if (!to || !source) continue
      let from = floor.departments[source.department] ?? floor.places[source.place]
      from = from ? this.centre(from) : floor.windows[source.window]
      if (from) fly(from, this.centre(to), since)
    }
    for (let n = later_than(closed, cases.closed, earliest); n < closed.length; n++) {
      const row = closed[n]
      const since = cases.closed[row]
      if (since > now) break
      const from = floor.departments[cases.last[row]]
      if (from) fly(this.centre(from), floor.door, since)
    }
    pen.fill()
  }

  draw_ring(pen) {
    const { chosen } = this.player
    if (chosen?.kind === "person") {
      for (let n = 0; n < this.n_seen; n++) {
        if (this.layout.tickets.case[this.rows[n]] !== chosen.number) continue
        pen.strokeStyle = INK
        pen.lineWidth = 2
        pen.beginPath()
        pen.arc(this.seen[2 * n], this.seen[2 * n + 1], this.radius + 4, 0, 2 * Math.PI)
        pen.stroke()
      }
    } else if (chosen?.floor === this && chosen.kind === "window") {
      const [x, y] = this.layout.floor.windows[chosen.number]
      const [wide, high] = this.layout.floor.counter
      this.box(pen, [x - wide / 2 - 0.1, y - high / 2 - 0.1, wide + 0.2, high + 0.2], null, INK)
    } else if (chosen?.floor === this && chosen.kind === "department") {
      this.box(pen, this.layout.floor.departments[chosen.number], null, INK)
    }
  }

  draw(now, glide, clock) {
    if (!this.scale) return // not seen yet
    const { is_relieved } = this.player
    // what is counted is drawn in this frame and told in the next: neither is long
    if (this.unshown) {
      this.show_counts(this.unshown)
      this.unshown = null
    } else if (!this.said.size || clock - this.drawn_at >= (is_relieved ? RELIEVED_EVERY : SIGNS_EVERY)) {
      this.drawn_at = clock
      this.unshown = counts_at(this.layout, Math.floor(now))
      this.draw_ground(this.unshown)
      if (is_relieved) return // people move on in the next frame
    }
    const seen = `${now} ${glide} ${this.player.colour} ${this.scale}`
    if (this.seen_last === seen && this.chosen_last === this.player.chosen) return
    ;[this.seen_last, this.chosen_last] = [seen, this.player.chosen]
    this.draw_people(now, glide)
  }

  show_counts(counts) {
    const { waiting, serving } = counts
    const sum = (numbers) => numbers.reduce((total, n) => total + n, 0)
    const minutes = filled(this.text.minutes, { n: Math.floor(counts.longest / 60) })
    const shown = { waiting: sum(waiting), longest: minutes, serving: sum(serving), served: counts.served, late: counts.late }
    for (const [name, value] of Object.entries(shown)) {
      const words = String(value)
      if (this.values[name] && this.values[name].textContent !== words) this.values[name].textContent = words
    }
    if (this.player.chosen && this.player.chosen.kind !== "person") this.tell()
  }

  // === what is clicked, and its story === //

  clicked(event) {
    const box = this.over.getBoundingClientRect()
    const [x, y] = [event.clientX - box.left, event.clientY - box.top]
    let [best, nearest] = [-1, Math.max(this.radius + 6, 12) ** 2]
    for (let n = 0; n < this.n_seen; n++) {
      const away = (this.seen[2 * n] - x) ** 2 + (this.seen[2 * n + 1] - y) ** 2
      if (away < nearest) [best, nearest] = [n, away]
    }
    const { floor } = this.layout
    const at = [x / this.scale, y / this.scale]
    const window_number = floor.windows.findIndex(
      (one) => one && Math.abs(one[0] - at[0]) < floor.counter[0] / 2 && Math.abs(one[1] - at[1]) < floor.counter[1] / 2 + 0.15
    )
    const department = floor.departments.findIndex(
      (cell) => cell && at[0] > cell[0] && at[0] < cell[0] + cell[2] && at[1] > cell[1] && at[1] < cell[1] + cell[3]
    )
    if (window_number >= 0) this.player.choose({ kind: "window", number: window_number, floor: this })
    else if (best >= 0) this.player.choose({ kind: "person", number: this.layout.tickets.case[this.rows[best]] })
    else if (department >= 0) this.player.choose({ kind: "department", number: department, floor: this })
    else this.player.choose(null)
  }

  // arrow keys: left and right through the people who are there, up and down through windows
  stepped(event) {
    const way = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === "Escape") this.player.choose(null)
    if (event.key === " ") this.player.toggle()
    if (way || event.key === " ") event.preventDefault()
    if (!way) return
    const { chosen } = this.player
    const is_person = event.key === "ArrowRight" || event.key === "ArrowLeft"
    const people = Array.from(this.rows.subarray(0, this.n_seen), (row) => this.layout.tickets.case[row])
    const windows = this.layout.floor.windows.flatMap((one, number) => (one ? [number] : []))
    const numbers = is_person ? people : windows
    if (!numbers.length) return
    const kind = is_person ? "person" : "window"
    const place = chosen?.kind === kind ? numbers.indexOf(chosen.number) : -1
    const next = place < 0 ? (way > 0 ? 0 : numbers.length - 1) : (place + way + numbers.length) % numbers.length
    this.player.choose({ kind, number: numbers[next], floor: this })
  }

  tell() {
    const { chosen } = this.player
    let lines = []
    const now = Math.floor(this.player.now)
    if (chosen?.kind === "person") lines = this.stories.person(chosen.number)
    else if (chosen?.floor === this && chosen.kind === "window") lines = this.stories.window(chosen.number, now)
    else if (chosen?.floor === this && chosen.kind === "department") lines = this.stories.department(chosen.number, now)
    else if (!chosen) lines = [this.text.hint]
    const words = lines.join("\n")
    if (this.told === words) return
    this.told = words
    const [title, ...points] = lines
    const list = made("ul")
    for (const point of points) list.append(made("li", "", point))
    this.story.replaceChildren(made("p", chosen ? "who" : "hint", title ?? ""), list)
  }
}
