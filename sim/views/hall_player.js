// Plays the record of a day, of one hall or of several side by side; record and texts come from
// `sim/views/day_page.py`, which joins these files.
export const BUSIEST = "busiest" // in place of a second: the minute at which most people wait
const TOLD_EVERY = 500 // milliseconds from counting to counting, while the day is played
const MOVED_EVERY = 100 // and while somebody moves the clock
const LATE = 19 // milliseconds from frame to frame, usually, from which on the machine is relieved
const LOOKED_AT = 20 // frames before it is: then it draws fewer pixels, and halls side by side in turn
const GLIDE = 0.7 // seconds of the screen in which somebody crosses the hall
const SLOWEST_GLIDE = 1200 // seconds of the day that this may be at high speed

class Player {
  constructor(data, root, at, rank, earlier) {
    this.text = data.text
    this.rank = rank
    this.layouts = data.layouts.map((layout) => with_seats(read_layout(layout)))
    this.colour = earlier?.colour ?? "matter"
    this.speed = earlier?.speed ?? 120
    this.chosen = null
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches
    this.is_relieved = earlier?.is_relieved ?? false
    this.span()
    const still = at === BUSIEST ? this.busiest() : at
    this.now = still === null ? this.first : Math.min(Math.max(still, this.first), this.until)
    this.plays = earlier?.plays ?? (at === null && !this.calm)
    this.page = made("div", "hall-day")
    this.floors = this.layouts.map((layout, number) => new Floor(layout, data.text, this, number))
    this.build(data)
    root.replaceChildren(this.page)
    this.watcher = new ResizeObserver(() => this.resized())
    this.watcher.observe(this.page)
    this.sight = new IntersectionObserver((seen) => this.sighted(seen))
    for (const floor of this.floors) this.sight.observe(floor.page)
    this.printed = () => this.draw_all()
    window.addEventListener("beforeprint", this.printed)
    this.resized()
    this.choose(null)
    this.before = this.told_at = 0
    this.frames = 0
    this.usual = 0
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

  // the minute at which most people wait in the first hall
  busiest() {
    const { tickets: t } = this.layouts[0]
    const changes = new Int32Array(LAST / 60 + 1)
    for (let row = 0; row < t.case.length; row++) {
      const until = Math.min(t.called[row], t.ended[row])
      if (t.list_[row] < 0 || t.taken[row] >= until) continue
      changes[Math.ceil(t.taken[row] / 60)] += 1
      changes[Math.ceil(until / 60)] -= 1
    }
    let [level, most, minute] = [0, 0, Math.floor(this.first / 60)]
    changes.forEach((change, each) => {
      level += change
      if (level > most) [most, minute] = [level, each]
    })
    return minute * 60
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
    this.page.append(made(`h${this.rank}`, "title", data.title), made("p", "about", data.about), bar, track, this.legend, floors, made("p", "about", data.note))
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
    const has_offices = this.layouts.some(({ departments }) => departments.length)
    const squares = [...(has_offices ? [[PAPER, text.papers]] : []), [AT_WORK, text.at_work], [OPEN, text.open], [CLOSED, text.shut]]
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
    this.draw_all()
  }

  toggle() {
    this.plays = !this.plays
    if (this.plays && this.now >= this.until) this.now = this.first
  }

  choose(chosen) {
    this.chosen = chosen
    for (const floor of this.floors) {
      floor.frame()
      floor.tell()
    }
  }

  sighted(seen) {
    for (const { target, isIntersecting } of seen) this.floors.find((floor) => floor.page === target).sighted(isIntersecting)
  }

  // seconds of the day in which somebody crosses the hall
  get glide() {
    return this.calm ? 0 : Math.min(GLIDE * this.speed, SLOWEST_GLIDE)
  }

  // in a new size, and on paper, which shows halls that are out of sight, too
  draw_all() {
    for (const floor of this.floors) {
      floor.draw(this.now, this.glide)
      floor.count(this.now)
    }
    this.counted = this.now
    this.step = this.floors.length + 1
    this.tell_time()
  }

  // the clock, and what is counted
  tell_time() {
    const words = clock_of(Math.floor(this.counted))
    if (this.clock.textContent !== words) {
      write(this.clock, words)
      this.slider.value = this.counted
      this.slider.setAttribute("aria-valuetext", words)
    }
    for (const floor of this.floors) floor.tell_counts()
  }

  tick(clock) {
    const passed = Math.min((clock - this.before) / 1000, 0.1)
    this.before = clock
    if (this.plays) this.now = Math.min(this.now + passed * this.speed, this.until)
    if (this.now >= this.until) this.plays = false
    const word = this.plays ? this.text.pause : this.text.play
    if (this.button.textContent !== word) {
      this.button.textContent = word
      this.page.classList.toggle("plays", this.plays)
    }
    const resting = this.go_on(clock)
    const { glide } = this
    const in_turn = this.is_relieved && this.plays
    for (const [number, floor] of this.floors.entries()) {
      const is_seen = floor.is_in_sight || !this.plays
      if (is_seen && number !== resting && (!in_turn || this.frames % this.floors.length === number)) floor.draw(this.now, glide)
    }
    this.frames += 1
    this.relieve(1000 * passed)
    this.frame = requestAnimationFrame((next) => this.tick(next))
  }

  // a hall is counted in one frame, the next one in the next, then numbers are told: none has much to
  // do. Returns the number of the hall whose people stand still meanwhile, for a 60th of a second
  go_on(clock) {
    const { length: n } = this.floors
    const every = this.plays ? TOLD_EVERY : MOVED_EVERY
    if (this.step > n && this.counted !== this.now && clock - this.told_at >= every) {
      this.told_at = clock
      this.counted = this.now
      this.step = 0
    }
    if (this.step > n) return -1
    const { step } = this
    this.step += 1
    if (step < n) this.floors[step].count(this.counted)
    else this.tell_time()
    return step < n ? step : n - 2
  }

  // a machine that is usually late with its frames gets less to do in each
  relieve(passed) {
    if (!this.plays || passed >= 100 || this.is_relieved) return // 100 = the page was not in sight
    this.usual += (passed - this.usual) / Math.min(this.frames, LOOKED_AT)
    if (this.usual < LATE || this.frames < LOOKED_AT) return
    this.is_relieved = true
    for (const floor of this.floors) floor.resized()
    this.draw_all()
  }

  stop() {
    this.stopped = true
    cancelAnimationFrame(this.frame)
    this.watcher.disconnect()
    this.sight.disconnect()
    window.removeEventListener("beforeprint", this.printed)
  }
}

// `at` is the second of the day at which the day stands still in the beginning, or BUSIEST; null =
// it plays.
// Shown again with the same day, as when something else of a page changes, it goes on where it is.
// `rank` is that of its heading.
export default function play_day({ data, parentElement, at = null, rank = 1 }) {
  const root = parentElement.querySelector(".hall-day-root") ?? parentElement
  const day = `${data.title} ${data.about}`
  const earlier = root.player
  const is_same = earlier !== undefined && earlier.day === day
  if (is_same && !earlier.stopped) return () => earlier.stop()
  earlier?.stop()
  const player = is_same ? new Player(data, root, earlier.now, rank, earlier) : new Player(data, root, at, rank)
  player.day = day
  root.player = player
  return () => player.stop()
}
