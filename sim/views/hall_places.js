// Where everybody is on the floor plan at any second.

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
  const free_at = floor.seats.map(() => [])
  const rows = [...Array(n).keys()].filter((row) => t.taken[row] < LAST && t.list_[row] >= 0)
  rows.sort((a, b) => t.taken[a] - t.taken[b] || a - b)
  for (const row of rows) {
    const block = floor.seats_of[t.list_[row]]
    if (block >= 0) seat[row] = take_first(free_at[block], t.taken[row], Math.min(t.called[row], t.ended[row]))
  }
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
  const placed = { ...layout, seat, stand, before, goes_on, sources: sources_of(layout) }
  // x and y in each stage, of each row: a frame looks them up
  const spots = new Float32Array(6 * n)
  for (let row = 0; row < n; row++)
    for (let stage = 0; stage < 3; stage++) spots.set(spot(placed, row, stage), 6 * row + 2 * stage)
  const { reviews, cases } = layout
  const by_time = (instants) => Uint32Array.from(instants.keys()).sort((a, b) => instants[a] - instants[b])
  return { ...placed, spots, released: by_time(reviews.released), closed: by_time(cases.closed) }
}

// the first place of an order whose instant is later than another one
function later_than(order, instants, instant) {
  let [low, high] = [0, order.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (instants[order[middle]] > instant) high = middle
    else low = middle + 1
  }
  return low
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
    const { x, y, across } = floor.seats[floor.seats_of[t.list_[row]]]
    const seat = layout.seat[row]
    return [x + ((seat % across) + 0.5) * floor.pitch, y + (Math.floor(seat / across) + 0.5) * floor.pitch]
  }
  const { x, y, across } = floor.lobby
  const column = layout.stand[row] % across
  // the middle of a row first: who is alone stands before the desk
  const aside = (column % 2 ? 1 : -1) * Math.ceil(column / 2)
  return [x + aside * floor.pitch, y + (Math.floor(layout.stand[row] / across) + 0.5) * floor.pitch]
}

// where somebody is: on the way from the spot of the stage before to that of this one
function place_at(layout, row, now, glide, into) {
  const { tickets: t, floor, spots } = layout
  const ended = t.ended[row]
  const was_taken = t.taken[row] < LAST
  let stage = 0
  let since = t.came[row]
  if (t.taken[row] <= now && was_taken) {
    stage = 1
    since = t.taken[row]
  }
  if (t.called[row] <= now && t.called[row] < LAST) {
    stage = 2
    since = t.called[row]
  }
  let from = -1 // the door
  let to = 6 * row + 2 * stage
  if (now >= ended) {
    from = to
    to = t.place[row] === 0 ? -1 : 6 * row
    since = ended
  } else if (stage > 0) {
    from = 6 * row + (stage === 2 && was_taken ? 2 : 0)
  } else if (layout.before[row] >= 0) {
    const earlier = layout.before[row]
    from = 6 * earlier + (t.called[earlier] < LAST ? 4 : 2)
  } else if (t.place[row] !== 0) {
    from = 6 * row
  }
  const walk = stage === 2 && now < ended ? Math.max(t.began[row] - since, 0) : 0
  const lasting = walk > 0 && walk < LAST / 2 ? walk : glide
  const part = since === 0 || glide === 0 ? 1 : Math.min((now - since) / lasting, 1)
  const eased = part * part * (3 - 2 * part)
  const x = from < 0 ? floor.door[0] : spots[from]
  const y = from < 0 ? floor.door[1] : spots[from + 1]
  into[0] = x + ((to < 0 ? floor.door[0] : spots[to]) - x) * eased
  into[1] = y + ((to < 0 ? floor.door[1] : spots[to + 1]) - y) * eased
}
