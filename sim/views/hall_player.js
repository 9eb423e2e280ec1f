// Plays the record of a day: people as dots on the floor plan of each layout, papers as squares.
// Instants are seconds of the day; the record and the texts come from `sim/views/day_page.py`.
const LAST = 86400
const GLIDE = 0.7 // seconds of the screen in which somebody crosses the hall
const SLOWEST_GLIDE = 1200 // seconds of the day that this may be at high speed
const SIGNS_EVERY = 120 // milliseconds between two drawings of signs and numbers
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

// === the record === //

export function unpacked(words) {
  // numbers as differences to the one before, zigzag, seven bits a byte, base64
  const bytes = Uint8Array.from(atob(words), (sign) => sign.charCodeAt(0))
  const numbers = []
  let number = 0
  let value = 0
  let shift = 0
  for (const byte of bytes) {
    value += (byte & 127) * 2 ** shift
    shift += 7
    if (byte > 127) continue
    number += value % 2 ? -(value + 1) / 2 : value / 2
    numbers.push(number)
    value = shift = 0
  }
  return Int32Array.from(numbers)
}

export function read_layout(layout) {
  const table = (columns) =>
    Object.fromEntries(Object.entries(columns).map(([name, words]) => [name, unpacked(words)]))
  const names = ["tickets", "work", "duties", "cases", "reviews"]
  return { ...layout, ...Object.fromEntries(names.map((name) => [name, table(layout[name])])) }
}

// how many wait in each list, are at each window and with each department at a whole second
export function counts_at(layout, now) {
  const { tickets: t, reviews, cases, work, duties } = layout
  const counts = {
    waiting: new Int32Array(layout.lists.length),
    serving: new Int32Array(layout.windows.length),
    apart: new Uint8Array(layout.windows.length),
    on_duty: new Int32Array(layout.groups.length),
    queued: new Int32Array(layout.departments.length),
    in_hand: new Int32Array(layout.departments.length),
    longest: 0,
    served: 0,
    late: 0,
  }
  for (let row = 0; row < t.case.length; row++) {
    if (t.came[row] > now) break // rows are in order of coming
    const { [row]: called } = t.called
    const { [row]: ended } = t.ended
    if (ended <= now) {
      counts.served += called < LAST && layout.done.includes(t.fate[row])
    } else if (called <= now) {
      counts.serving[t.window[row]] += 1
    } else if (t.taken[row] <= now && t.list_[row] >= 0) {
      counts.waiting[t.list_[row]] += 1
      if (t.trip[row] > 0) counts.longest = Math.max(counts.longest, now - t.taken[row])
    }
  }
  for (let row = 0; row < work.window.length; row++)
    if (work.starts[row] <= now && now < work.ends[row]) counts.apart[work.window[row]] = 1
  for (let row = 0; row < duties.group.length; row++)
    if (duties.starts[row] <= now && now < duties.ends[row]) counts.on_duty[duties.group[row]] += 1
  for (let row = 0; row < cases.case.length; row++)
    counts.late += Math.max(cases.late[row], cases.accepted[row]) <= now && now < cases.closed[row]
  for (let row = 0; row < reviews.case.length; row++) {
    if (reviews.released[row] > now || reviews.ended[row] <= now) continue
    const where = reviews.started[row] <= now ? counts.in_hand : counts.queued
    where[reviews.department[row]] += 1
  }
  return counts
}

function filled(words, values) {
  return words.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all)
}

function clock_of(second) {
  const two = (n) => String(n).padStart(2, "0")
  return `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}`
}

// === where everybody is === //

function with_seats(layout) {
  const { tickets: t, floor } = layout
  const n = t.case.length
  const seat = new Int32Array(n).fill(-1)
  const before = new Int32Array(n).fill(-1)
  const goes_on = new Uint8Array(n)
  const take_first = (places, from, until) => {
    const first = places.findIndex((taken_until) => taken_until <= from)
    const place = first < 0 ? places.length : first
    places[place] = until
    return place
  }
  const stand = new Int32Array(n).fill(-1)
  const lobby = []
  for (let row = 0; row < n; row++)
    if (t.place[row] === 0) stand[row] = take_first(lobby, t.came[row], Math.min(t.taken[row], t.ended[row]))
  const free_at = layout.lists.map(() => [])
  const rows = [...Array(n).keys()].filter((row) => t.taken[row] < LAST && t.list_[row] >= 0)
  rows.sort((a, b) => t.taken[a] - t.taken[b] || a - b)
  for (const row of rows)
    if (floor.seats[t.list_[row]])
      seat[row] = take_first(free_at[t.list_[row]], t.taken[row], Math.min(t.called[row], t.ended[row]))
  const of_trip = new Map()
  for (let row = 0; row < n; row++) {
    const trip = `${t.case[row]} ${t.trip[row]}`
    const earlier = of_trip.get(trip)
    if (earlier !== undefined && t.ended[earlier] === t.came[row]) {
      before[row] = earlier
      goes_on[earlier] = 1
    }
    of_trip.set(trip, row)
  }
  return { ...layout, seat, stand, before, goes_on, sources: sources_of(layout) }
}

// where the papers of each review come from: the department before, or the window
function sources_of(layout) {
  const { tickets: t, reviews } = layout
  const window_of = new Map()
  for (let row = 0; row < t.case.length; row++)
    if (t.ended[row] < LAST && t.window[row] >= 0) window_of.set(t.case[row], row)
  return Array.from(reviews.case, (number, row) => {
    for (let other = row - 1; other >= 0 && reviews.case[other] === number; other--)
      if (reviews.ended[other] <= reviews.released[row]) return { department: reviews.department[other] }
    const ticket = window_of.get(number)
    if (ticket === undefined || t.ended[ticket] > reviews.released[row]) return null
    return { window: t.window[ticket], place: t.place[ticket] }
  })
}

// a place of one's own along a breadth, always the same for one number
function scattered(number, breadth) {
  let mixed = Math.imul(number ^ 0x9e3779b9, 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32 - 0.5) * breadth
}

// the spot of a ticket's person in a stage: 0 at the desk, 1 waiting, 2 at the window
function spot(layout, row, stage) {
  const { tickets: t, floor } = layout
  if (t.place[row] !== 0) {
    const cell = floor.places[t.place[row]]
    if (!cell) return floor.door
    const [x, y, width, height] = cell
    const along = stage === 2 ? 0.74 : 0.27
    const [wide, high] = [scattered(t.case[row], width * 0.36), scattered(-t.case[row] - 1, height * 0.36)]
    return [x + width * along + wide, y + height * 0.76 + high]
  }
  if (stage === 2 && floor.windows[t.window[row]]) {
    const [x, y] = floor.windows[t.window[row]]
    return [x, y + floor.ahead]
  }
  if (stage === 1 && layout.seat[row] >= 0) {
    const { x, y, across } = floor.seats[t.list_[row]]
    const seat = layout.seat[row]
    return [x + ((seat % across) + 0.5) * floor.pitch, y + (Math.floor(seat / across) + 0.5) * floor.pitch]
  }
  const { x, y, across } = floor.lobby
  const column = layout.stand[row] % across
  // the middle of a row first: who is alone stands before the desk
  const aside = (column % 2 ? 1 : -1) * Math.ceil(column / 2)
  return [x + aside * floor.pitch, y + (Math.floor(layout.stand[row] / across) + 0.5) * floor.pitch]
}

function place_at(layout, row, now, glide, into) {
  const { tickets: t, floor } = layout
  const ended = t.ended[row]
  let stage = 0
  let since = t.came[row]
  if (t.taken[row] <= now && t.taken[row] < LAST) [stage, since] = [1, t.taken[row]]
  if (t.called[row] <= now && t.called[row] < LAST) [stage, since] = [2, t.called[row]]
  let [x, y] = t.place[row] === 0 ? floor.door : spot(layout, row, 0)
  let [to_x, to_y] = spot(layout, row, stage)
  if (now >= ended) {
    ;[x, y, to_x, to_y] = [to_x, to_y, x, y]
    since = ended
  } else if (stage === 0 && layout.before[row] >= 0) {
    const earlier = layout.before[row]
    ;[x, y] = spot(layout, earlier, t.called[earlier] < LAST ? 2 : 1)
  } else if (stage > 0) {
    ;[x, y] = spot(layout, row, stage === 2 && t.taken[row] < LAST ? 1 : 0)
  }
  const walk = stage === 2 && now < ended ? Math.max(t.began[row] - since, 0) : 0
  const part = since === 0 || glide === 0 ? 1 : Math.min((now - since) / (walk > 0 && walk < LAST / 2 ? walk : glide), 1)
  const eased = part * part * (3 - 2 * part)
  into[0] = x + (to_x - x) * eased
  into[1] = y + (to_y - y) * eased
}

// === the page === //

function made(name, look, words) {
  const one = document.createElement(name)
  if (look) one.className = look
  if (words !== undefined) one.textContent = words
  return one
}

function shortened(pen, words, width) {
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
    this.page = made("section", "floor")
    const heading = made("h2", "", layout.name)
    heading.style.borderColor = LINES[number % LINES.length]
    this.counters = made("dl", "counters")
    this.values = {}
    for (const name of ["waiting", "longest", "serving", "served", "late"]) {
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
    this.stage.append(this.under, this.over)
    this.story = made("div", "story")
    this.story.setAttribute("aria-live", "polite")
    this.page.append(heading, this.counters, this.stage, this.story)
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
    const ratio = Math.min(window.devicePixelRatio || 1, 2)
    for (const canvas of [this.under, this.over]) {
      canvas.width = Math.round(width * ratio)
      canvas.height = Math.round(floor.height * this.scale * ratio)
      canvas.style.height = `${floor.height * this.scale}px`
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0)
    }
    this.stage.style.height = `${floor.height * this.scale}px`
    this.key = this.seen_last = null
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
    for (const place of floor.seats) if (place) this.draw_seats(pen, place)
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

  draw_ground(counts) {
    const pen = this.under.getContext("2d")
    pen.save()
    pen.setTransform(1, 0, 0, 1, 0, 0)
    pen.clearRect(0, 0, this.under.width, this.under.height)
    pen.drawImage(this.base, 0, 0)
    pen.restore()
    this.draw_tallies(pen, counts)
    this.draw_windows(pen, counts)
    const { layout, text } = this
    for (const [number, cell] of layout.floor.places.entries()) {
      if (!cell) continue
      const [x, y, width, height] = cell
      const { lists, windows } = layout.places[number]
      const waiting = lists.reduce((sum, each) => sum + counts.waiting[each], 0)
      const busy = windows.reduce((sum, each) => sum + counts.serving[each], 0)
      this.label(pen, filled(text.place, { waiting, busy }), x + 0.25, y + height * 0.4, width - 0.5, SOFT)
    }
  }

  draw_tallies(pen, counts) {
    const { layout } = this
    const most = Math.max(layout.most_reviews, 1)
    const room = this.tally_room(pen)
    for (const [number, cell] of layout.floor.departments.entries()) {
      if (!cell) continue
      const [x, y, width, height] = cell
      const total = counts.queued[number] + counts.in_hand[number]
      const tally = `${counts.in_hand[number]}/${total}`
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
      const words = filled(text.sign, { waiting: counts.waiting[group.list], open: counts.on_duty[number], all: group.windows.length })
      this.label(pen, words, x + width / 2, y + layout.floor.sign + 0.55, width - 0.1, SOFT, this.small, "normal", "center")
      let idle = counts.on_duty[number]
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
    for (const [number, bucket] of buckets.entries()) {
      if (!bucket.length) continue
      pen.fillStyle = colours[number]
      pen.beginPath()
      for (const n of bucket) {
        const r = this.radius * (t.place[this.rows[n]] === 0 ? 1 : 0.6) * (1 + 0.2 * Math.min(Math.max(t.people[this.rows[n]] - 1, 0), 3))
        const x = this.seen[2 * n]
        const y = this.seen[2 * n + 1]
        pen.moveTo(x + r, y)
        pen.arc(x, y, r, 0, 2 * Math.PI)
      }
      pen.fill()
    }
    this.draw_papers(pen, now, glide)
    this.draw_ring(pen)
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
    for (let row = 0; row < reviews.case.length; row++) {
      const since = reviews.released[row]
      if (since === 0 || since > now || now >= since + glide) continue
      const to = floor.departments[reviews.department[row]]
      const source = sources[row]
      if (!to || !source) continue
      let from = floor.departments[source.department] ?? floor.places[source.place]
      from = from ? this.centre(from) : floor.windows[source.window]
      if (from) fly(from, this.centre(to), since)
    }
    for (let row = 0; row < cases.case.length; row++) {
      const since = cases.closed[row]
      const from = floor.departments[cases.last[row]]
      if (from && since > 0 && since <= now && now < since + glide) fly(this.centre(from), floor.door, since)
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
    if (this.key === null || clock - this.drawn_at >= SIGNS_EVERY) {
      this.drawn_at = clock
      const counts = counts_at(this.layout, Math.floor(now))
      this.show_counts(counts)
    }
    const seen = `${now} ${glide} ${this.player.colour} ${this.scale}`
    if (this.seen_last === seen && this.chosen_last === this.player.chosen) return
    ;[this.seen_last, this.chosen_last] = [seen, this.player.chosen]
    this.draw_people(now, glide)
  }

  // signs and numbers are words, slow to draw: only when one of them is another
  show_counts(counts) {
    const { waiting, serving, apart, on_duty, queued, in_hand } = counts
    const key = [this.scale, ...[waiting, serving, apart, on_duty, queued, in_hand].map(String)].join(" ")
    if (this.key !== key) {
      this.key = key
      this.draw_ground(counts)
    }
    const sum = (numbers) => numbers.reduce((total, n) => total + n, 0)
    const minutes = filled(this.text.minutes, { n: Math.floor(counts.longest / 60) })
    const shown = { waiting: sum(waiting), longest: minutes, serving: sum(serving), served: counts.served, late: counts.late }
    for (const [name, value] of Object.entries(shown)) {
      const words = String(value)
      if (this.values[name].textContent !== words) this.values[name].textContent = words
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
    if (chosen?.kind === "person") lines = this.person_story(chosen.number)
    else if (chosen?.floor === this && chosen.kind === "window") lines = this.window_story(chosen.number)
    else if (chosen?.floor === this && chosen.kind === "department") lines = this.department_story(chosen.number)
    else if (!chosen) lines = [this.text.hint]
    const words = lines.join("\n")
    if (this.told === words) return
    this.told = words
    const [title, ...points] = lines
    const list = made("ul")
    for (const point of points) list.append(made("li", "", point))
    this.story.replaceChildren(made("p", chosen ? "who" : "hint", title ?? ""), list)
  }

  window_name(number) {
    const group = this.layout.groups.find((one) => one.windows.includes(number))
    return filled(this.text.window, { group: group.name, number: group.windows.indexOf(number) + 1 })
  }

  when(second) {
    if (second === 0) return this.text.before
    return second < LAST ? clock_of(second) : this.text.after
  }

  person_story(number) {
    const { layout, text } = this
    const { tickets: t } = layout
    const rows = [...t.case.keys()].filter((row) => t.case[row] === number && t.trip[row] > 0)
    if (!rows.length) return [filled(text.absent, { case: number })]
    const lines = [filled(text.person, { case: number, matter: layout.matters[t.matter[rows[0]]] })]
    const company = t.people[rows[0]] - 1
    if (company > 0) lines.push(filled(text.company, { n: company }))
    for (const row of rows) {
      if (layout.before[row] < 0) lines.push(filled(text.came, { clock: this.when(t.came[row]), place: layout.places[t.place[row]].name }))
      if (t.taken[row] < LAST) lines.push(filled(text.taken, { clock: this.when(t.taken[row]), list: layout.lists[t.list_[row]] ?? "" }))
      const until = Math.min(t.called[row], t.ended[row])
      const minutes = Math.round((until - t.taken[row]) / 60)
      if (t.called[row] < LAST && t.window[row] >= 0)
        lines.push(filled(text.called, { clock: this.when(t.called[row]), window: this.window_name(t.window[row]), minutes: Math.max(minutes, 0) }))
      if (t.ended[row] < LAST) lines.push(filled(text.ended, { clock: this.when(t.ended[row]), fate: text.fates[t.fate[row]] }))
    }
    return [...lines, ...this.case_story(number)]
  }

  case_story(number) {
    const { layout, text } = this
    const { cases, reviews } = layout
    const row = cases.case.indexOf(number)
    if (row < 0) return []
    const lines = []
    for (const each of reviews.case.keys()) {
      if (reviews.case[each] !== number) continue
      const clocks = { released: this.when(reviews.released[each]), started: this.when(reviews.started[each]), ended: this.when(reviews.ended[each]) }
      lines.push(filled(text.review, { department: layout.departments[reviews.department[each]], ...clocks }))
    }
    if (cases.late[row] < LAST && cases.late[row] < cases.closed[row]) lines.push(filled(text.over_limit, { clock: this.when(cases.late[row]) }))
    if (cases.closed[row] < LAST) lines.push(filled(text.closed, { clock: this.when(cases.closed[row]), fate: text.case_fates[cases.fate[row]] }))
    if (cases.last[row] >= 0) lines.push(filled(text.last, { department: layout.departments[cases.last[row]] }))
    return lines
  }

  window_story(number) {
    const { layout, text, player } = this
    const { tickets: t } = layout
    const now = Math.floor(player.now)
    let [served, busy, current] = [0, 0, -1]
    for (let row = 0; row < t.case.length && t.came[row] <= now; row++) {
      if (t.window[row] !== number || t.called[row] > now) continue
      busy += Math.min(t.ended[row], now) - t.called[row]
      if (t.ended[row] <= now) served += 1
      else current = row
    }
    const lines = [this.window_name(number), filled(text.window_served, { n: served, minutes: Math.round(busy / 60) })]
    if (current >= 0) {
      const values = { case: t.case[current], matter: layout.matters[t.matter[current]], clock: this.when(t.called[current]) }
      lines.push(filled(text.window_now, values))
    }
    return lines
  }

  department_story(number) {
    const { layout, text, player } = this
    const { reviews } = layout
    const now = Math.floor(player.now)
    const counts = counts_at(layout, now)
    let done = 0
    for (const row of reviews.case.keys()) done += reviews.department[row] === number && reviews.ended[row] <= now && reviews.ended[row] > 0
    const values = { queued: counts.queued[number], in_hand: counts.in_hand[number], done }
    return [layout.departments[number], filled(text.department_now, values)]
  }
}

class Player {
  constructor(data, root, at, earlier) {
    this.text = data.text
    this.layouts = data.layouts.map((layout) => with_seats(read_layout(layout)))
    this.colour = earlier?.colour ?? "matter"
    this.speed = earlier?.speed ?? 120
    this.chosen = null
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches
    this.span()
    this.now = at === null ? this.first : Math.min(Math.max(at, this.first), this.until)
    this.plays = earlier?.plays ?? (at === null && !this.calm)
    this.page = made("div", "hall-day")
    this.floors = this.layouts.map((layout, number) => new Floor(layout, data.text, this, number))
    this.build(data)
    root.replaceChildren(this.page)
    this.watcher = new ResizeObserver(() => this.resized())
    this.watcher.observe(this.page)
    this.resized()
    this.choose(null)
    this.before = 0
    this.frames = 0
    this.frame = requestAnimationFrame((clock) => this.tick(clock))
  }

  // the hours in which anything happens in the halls
  span() {
    let [first, until] = [LAST, 0]
    for (const { tickets, duties } of this.layouts) {
      for (const column of [tickets.came, duties.starts]) for (const at of column) if (at > 0) first = Math.min(first, at)
      for (const column of [tickets.ended, duties.ends]) for (const at of column) if (at < LAST) until = Math.max(until, at)
    }
    this.first = first < until ? Math.floor(first / 900) * 900 : 0
    this.until = first < until ? Math.min(Math.ceil(until / 900) * 900, LAST) : LAST
  }

  build(data) {
    const { text } = data
    const bar = made("div", "bar")
    this.button = made("button", "play")
    this.button.type = "button"
    this.button.addEventListener("click", () => this.toggle())
    this.clock = made("output", "clock")
    const speed = this.choice(text.speed, [30, 60, 120, 300, 900].map((times) => [times, filled(text.times, { n: times })]), this.speed, (value) => {
      this.speed = Number(value)
    })
    const colour = this.choice(text.colour, [["matter", text.by_matter], ["wait", text.by_wait]], this.colour, (value) => {
      this.colour = value
      this.draw_legend()
    })
    bar.append(this.button, this.clock, speed, colour)
    const track = made("div", "track")
    this.curve = made("canvas")
    this.slider = made("input")
    Object.assign(this.slider, { type: "range", min: this.first, max: this.until, step: 30, value: this.now })
    this.slider.setAttribute("aria-label", text.time)
    this.slider.addEventListener("input", () => {
      this.now = Number(this.slider.value)
    })
    this.hours = made("div", "hours")
    track.append(this.curve, this.slider, this.hours)
    this.legend = made("p", "legend")
    const floors = made("div", "floors")
    floors.append(...this.floors.map((floor) => floor.page))
    this.page.append(made("h1", "", data.title), made("p", "about", data.about), bar, track, this.legend, floors, made("p", "about", data.note))
    this.draw_legend()
  }

  choice(words, options, value, changed) {
    const label = made("label", "", words)
    const select = made("select")
    for (const [key, name] of options) {
      const option = made("option", "", name)
      option.value = key
      select.append(option)
    }
    select.value = value
    select.addEventListener("change", () => changed(select.value))
    label.append(select)
    return label
  }

  draw_legend() {
    const { text } = this
    const pairs = []
    if (this.colour === "matter") {
      const { ranks, matters } = this.layouts[0]
      const shown = matters.map((name, matter) => [ranks[matter], name]).filter(([rank]) => rank < MATTERS.length)
      shown.sort((a, b) => a[0] - b[0])
      for (const [rank, name] of shown) pairs.push([MATTERS[rank], name])
      if (ranks.some((rank) => rank === MATTERS.length)) pairs.push([OTHER, text.other])
    } else {
      const [first] = WAIT_MINUTES
      pairs.push([WAITS[0], filled(text.wait_under, { n: first })])
      WAIT_MINUTES.slice(1).forEach((high, n) => pairs.push([WAITS[n + 1], filled(text.wait_between, { low: WAIT_MINUTES[n], high })]))
      pairs.push([WAITS[WAITS.length - 1], filled(text.wait_over, { n: WAIT_MINUTES[WAIT_MINUTES.length - 1] })])
    }
    const items = pairs.map(([colour, name]) => this.key(colour, name, "dot"))
    const squares = [[PAPER, text.papers], [AT_WORK, text.at_work], [OPEN, text.open], [CLOSED, text.shut]]
    if (this.layouts.some(({ work }) => work.window.length)) squares.push([BUSY_ALONE, text.apart])
    this.legend.replaceChildren(...items, ...squares.map(([colour, name]) => this.key(colour, name, "square")))
  }

  key(colour, name, look) {
    const item = made("span", "key")
    const mark = made("i", look)
    mark.style.background = colour
    item.append(mark, name)
    return item
  }

  // people waiting over the day, a line each layout, behind the slider
  draw_curve() {
    const ratio = Math.min(window.devicePixelRatio || 1, 2)
    const [width, height] = [this.curve.clientWidth, this.curve.clientHeight]
    this.curve.width = width * ratio
    this.curve.height = height * ratio
    const pen = this.curve.getContext("2d")
    pen.scale(ratio, ratio)
    const steps = Math.max(2, Math.min(width, 480))
    const lines = this.layouts.map(({ tickets: t }) => {
      const changes = new Float32Array(steps + 1)
      const step = (at) => Math.ceil((Math.min(Math.max(at, this.first), this.until) - this.first) / (this.until - this.first) * (steps - 1))
      for (let row = 0; row < t.case.length; row++) {
        if (t.list_[row] < 0 || t.taken[row] >= LAST) continue
        changes[step(t.taken[row])] += 1
        changes[step(Math.min(t.called[row], t.ended[row]))] -= 1
      }
      let level = 0
      return Array.from(changes.subarray(0, steps), (change) => (level += change))
    })
    const most = Math.max(1, ...lines.flat())
    lines.forEach((line, number) => {
      pen.beginPath()
      line.forEach((level, n) => pen.lineTo(n / (steps - 1) * width, height - 2 - level / most * (height - 6)))
      pen.strokeStyle = LINES[number % LINES.length]
      pen.lineWidth = 1.6
      pen.setLineDash(number ? [5, 3] : [])
      pen.stroke()
      pen.lineTo(width, height)
      pen.lineTo(0, height)
      pen.globalAlpha = 0.08
      pen.fillStyle = LINES[number % LINES.length]
      pen.fill()
      pen.globalAlpha = 1
    })
    const every = (this.until - this.first) / 3600 > 14 ? 4 : width < 500 ? 2 : 1
    const marks = []
    for (let hour = Math.ceil(this.first / 3600); hour * 3600 <= this.until; hour += every) {
      const mark = made("span", "", clock_of(hour * 3600))
      mark.style.left = `${(hour * 3600 - this.first) / (this.until - this.first) * 100}%`
      marks.push(mark)
    }
    this.hours.replaceChildren(...marks)
  }

  resized() {
    if (this.width === this.page.clientWidth) return
    this.width = this.page.clientWidth
    for (const floor of this.floors) floor.resized()
    this.draw_curve()
  }

  toggle() {
    this.plays = !this.plays
    if (this.plays && this.now >= this.until) this.now = this.first
  }

  choose(chosen) {
    this.chosen = chosen
    for (const floor of this.floors) floor.tell()
  }

  tick(clock) {
    const passed = Math.min((clock - this.before) / 1000, 0.1)
    this.before = clock
    if (this.plays) this.now = Math.min(this.now + passed * this.speed, this.until)
    if (this.now >= this.until) this.plays = false
    const word = this.plays ? this.text.pause : this.text.play
    if (this.button.textContent !== word) this.button.textContent = word
    const words = clock_of(Math.floor(this.now))
    if (this.clock.textContent !== words) {
      this.clock.textContent = words
      this.slider.value = this.now
      this.slider.setAttribute("aria-valuetext", words)
    }
    const glide = this.calm ? 0 : Math.min(GLIDE * this.speed, SLOWEST_GLIDE)
    for (const floor of this.floors) floor.draw(this.now, glide, clock)
    this.frames += 1
    this.frame = requestAnimationFrame((next) => this.tick(next))
  }

  stop() {
    this.stopped = true
    cancelAnimationFrame(this.frame)
    this.watcher.disconnect()
  }
}

// `at` is the second of the day at which the day stands still in the beginning; null = it plays.
// Shown again with the same day, as when something else of a page changes, it goes on where it is.
export default function play_day({ data, parentElement, at = null }) {
  const root = parentElement.querySelector(".hall-day-root") ?? parentElement
  const day = `${data.title} ${data.about}`
  const earlier = root.player
  const is_same = earlier !== undefined && earlier.day === day
  if (is_same && !earlier.stopped) return () => earlier.stop()
  earlier?.stop()
  const player = is_same ? new Player(data, root, earlier.now, earlier) : new Player(data, root, at)
  player.day = day
  root.player = player
  return () => player.stop()
}
