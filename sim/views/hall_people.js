// People of a hall in motion, as dots of a canvas, and papers between departments, as squares.
// What each frame costs goes by the pixels of their canvas: so many in one of the page, on a machine
// that keeps up and on one that does not.
const SHARPEST = [1.25, 1]
const MOST_COMPANY = 4 // people of one ticket, from which on a dot does not grow

class People {
  constructor(layout) {
    this.layout = layout
    this.canvas = made("canvas")
    const n = layout.tickets.case.length
    this.seen = new Float32Array(2 * n)
    this.rows = new Int32Array(n) // of who is there, in order of coming
    this.n_seen = 0
    this.next = 0 // first row of who has not come
    this.now = this.glide = -1
    this.spot = new Float32Array(2)
    this.buckets = Array.from({ length: MATTERS.length + 1 }, () => [])
  }

  resized({ scale, width, height, radius }, is_relieved) {
    Object.assign(this, { scale, radius })
    this.ratio = Math.min(window.devicePixelRatio || 1, SHARPEST[Number(is_relieved)])
    this.canvas.width = Math.round(width * this.ratio)
    this.canvas.height = Math.round(height * this.ratio)
    this.canvas.getContext("2d").setTransform(this.ratio, 0, 0, this.ratio, 0, 0)
    this.sprites = []
    this.is_stale = true
  }

  // who is there at an instant: time mostly goes on, and then few come and go
  follow(now, glide) {
    const { tickets: t, goes_on } = this.layout
    const { rows } = this
    if (now < this.now || glide !== this.glide) this.n_seen = this.next = 0
    this.now = now
    this.glide = glide
    let n = this.n_seen
    for (; this.next < t.case.length && t.came[this.next] <= now; this.next++) if (t.trip[this.next] > 0) rows[n++] = this.next
    this.n_seen = 0
    for (let each = 0; each < n; each++) {
      const row = rows[each]
      const ended = t.ended[row]
      const until = goes_on[row] || ended === 0 ? ended : ended + glide
      if (now < until) rows[this.n_seen++] = row
    }
  }

  // the same picture is not drawn again
  draw(now, glide, colour, chosen) {
    if (!this.is_stale && this.now === now && this.glide === glide && this.colour === colour && this.chosen === chosen) return
    this.is_stale = false
    this.colour = colour
    this.chosen = chosen
    this.follow(now, glide)
    this.find(now, glide)
    const pen = this.canvas.getContext("2d")
    pen.setTransform(1, 0, 0, 1, 0, 0)
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height)
    this.draw_dots(pen)
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0)
    draw_papers(pen, this.layout, this.scale, Math.max(1.6, this.radius * 0.6), now, glide)
    if (chosen?.kind === "person") this.draw_ring(pen, chosen.number)
  }

  // places of all, and their numbers by colour
  find(now, glide) {
    const { layout, seen, rows, buckets, spot: at, scale } = this
    const { tickets: t, ranks } = layout
    const is_by_matter = this.colour === "matter"
    for (const bucket of buckets) bucket.length = 0
    for (let n = 0; n < this.n_seen; n++) {
      const row = rows[n]
      place_at(layout, row, now, glide, at)
      seen[2 * n] = at[0] * scale
      seen[2 * n + 1] = at[1] * scale
      buckets[is_by_matter ? ranks[t.matter[row]] : wait_rank(t, row, now)].push(n)
    }
  }

  draw_dots(pen) {
    const { seen, rows, ratio, buckets } = this
    const { tickets: t } = this.layout
    for (let colour = 0; colour < buckets.length; colour++) {
      for (const n of buckets[colour]) {
        const row = rows[n]
        const sprite = this.sprite(colour, t.place[row] === 0, Math.min(t.people[row], MOST_COMPANY))
        const half = sprite.width / 2
        pen.drawImage(sprite, Math.round(seen[2 * n] * ratio - half), Math.round(seen[2 * n + 1] * ratio - half))
      }
    }
  }

  // the picture of a person, drawn once for each look: a copy is quicker than a circle
  sprite(colour, is_inside, people) {
    const number = ((this.colour === "matter" ? 0 : 1) * this.buckets.length + colour) * 2 * (MOST_COMPANY + 1) + 2 * people + Number(is_inside)
    return (this.sprites[number] ??= this.drawn_dot(colour, is_inside, people))
  }

  drawn_dot(colour, is_inside, people) {
    const colours = this.colour === "matter" ? [...MATTERS, OTHER] : WAITS
    const r = this.radius * this.ratio * (is_inside ? 1 : 0.6) * (1 + 0.2 * Math.max(people - 1, 0))
    const sprite = made("canvas")
    sprite.width = sprite.height = 2 * Math.ceil(r + 1)
    const pen = sprite.getContext("2d")
    pen.fillStyle = colours[colour]
    pen.beginPath()
    pen.arc(sprite.width / 2, sprite.width / 2, r, 0, 2 * Math.PI)
    pen.fill()
    return sprite
  }

  draw_ring(pen, number) {
    for (let n = 0; n < this.n_seen; n++) {
      if (this.layout.tickets.case[this.rows[n]] !== number) continue
      pen.strokeStyle = INK
      pen.lineWidth = 2
      pen.beginPath()
      pen.arc(this.seen[2 * n], this.seen[2 * n + 1], this.radius + 4, 0, 2 * Math.PI)
      pen.stroke()
    }
  }

  // the number of who is nearest to a point of the page and near enough, or null
  nearest(x, y) {
    let [best, nearest] = [-1, Math.max(this.radius + 6, 12) ** 2]
    for (let n = 0; n < this.n_seen; n++) {
      const away = (this.seen[2 * n] - x) ** 2 + (this.seen[2 * n + 1] - y) ** 2
      if (away < nearest) [best, nearest] = [n, away]
    }
    return best < 0 ? null : this.layout.tickets.case[this.rows[best]]
  }

  numbers() {
    return Array.from(this.rows.subarray(0, this.n_seen), (row) => this.layout.tickets.case[row])
  }
}

// the colour of who has waited so long
function wait_rank(t, row, now) {
  const until = Math.min(t.called[row], t.ended[row], now)
  const minutes = t.taken[row] < until ? (until - t.taken[row]) / 60 : 0
  let rank = 0
  while (rank < WAIT_MINUTES.length && minutes >= WAIT_MINUTES[rank]) rank += 1
  return rank
}

// papers that were released or closed a moment ago, on their way
function draw_papers(pen, layout, scale, r, now, glide) {
  const { reviews, cases, sources, floor, released, closed } = layout
  if (!glide) return
  pen.fillStyle = PAPER
  pen.beginPath()
  const fly = (from, to, since) => {
    const part = (now - since) / glide
    const x = (from[0] + (to[0] - from[0]) * part) * scale
    const y = (from[1] + (to[1] - from[1]) * part) * scale
    pen.rect(x - r, y - r, 2 * r, 2 * r)
  }
  const earliest = Math.max(now - glide, 0) // what is of before the day does not move
  for (let n = later_than(released, reviews.released, earliest); n < released.length; n++) {
    const row = released[n]
    const since = reviews.released[row]
    if (since > now) break
    const to = floor.departments[reviews.department[row]]
    const source = sources[row]
    if (!to || !source) continue
    let from = floor.departments[source.department] ?? floor.places[source.place]
    from = from ? centre(from) : floor.windows[source.window]
    if (from) fly(from, centre(to), since)
  }
  for (let n = later_than(closed, cases.closed, earliest); n < closed.length; n++) {
    const row = closed[n]
    const since = cases.closed[row]
    if (since > now) break
    const from = floor.departments[cases.last[row]]
    if (from) fly(centre(from), floor.door, since)
  }
  pen.fill()
}

function centre([x, y, width, height]) {
  return [x + width / 2, y + height / 2]
}
