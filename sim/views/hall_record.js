// The record of a day: read, and counted at any second; instants are seconds of the day.
const LAST = 86400
const HALF_HOUR = 1800

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
  const { came, taken, called, ended, trip, window, list_, fate } = t
  const { waiting, serving } = counts
  for (let row = 0; row < came.length && came[row] <= now; row++) { // rows are in order of coming
    if (ended[row] <= now) {
      if (called[row] < LAST && layout.done.includes(fate[row])) counts.served += 1
    } else if (called[row] <= now) {
      serving[window[row]] += 1
    } else if (taken[row] <= now && list_[row] >= 0) {
      waiting[list_[row]] += 1
      if (trip[row] > 0) counts.longest = Math.max(counts.longest, now - taken[row])
    }
  }
  for (let row = 0; row < work.window.length; row++)
    if (work.starts[row] <= now && now < work.ends[row]) counts.apart[work.window[row]] = 1
  for (let row = 0; row < duties.group.length; row++)
    if (duties.starts[row] <= now && now < duties.ends[row]) counts.on_duty[duties.group[row]] += 1
  const { late, accepted, closed } = cases
  for (let row = 0; row < late.length; row++)
    if (late[row] <= now && accepted[row] <= now && now < closed[row]) counts.late += 1
  const { released, started, ended: reviewed, department } = reviews
  const { queued, in_hand } = counts
  for (let row = 0; row < released.length; row++) {
    if (released[row] > now || reviewed[row] <= now) continue
    if (started[row] <= now) in_hand[department[row]] += 1
    else queued[department[row]] += 1
  }
  return counts
}

// of each list: people waiting in each half hour, on average; its queues as first and last half
// hours in which that is one and more; when its last person is called
export function queue_heat(layout) {
  const { tickets: t } = layout
  const rows = layout.lists.map(() => ({ cells: new Array(LAST / HALF_HOUR).fill(0), spans: [], last: -1 }))
  for (let row = 0; row < t.case.length; row++) {
    const list = rows[t.list_[row]]
    if (!list) continue
    if (t.called[row] > 0 && t.called[row] < LAST) list.last = Math.max(list.last, t.called[row])
    const until = Math.min(t.called[row], t.ended[row])
    for (let at = t.taken[row]; at < until; ) {
      const slot = Math.floor(at / HALF_HOUR)
      const end = Math.min(until, (slot + 1) * HALF_HOUR)
      list.cells[slot] += (end - at) / HALF_HOUR
      at = end
    }
  }
  for (const row of rows) {
    if (row.last < 0) row.last = LAST
    row.cells.forEach((people, slot) => {
      if (people < 1) return
      const before = row.spans.at(-1)
      if (before?.[1] === slot - 1) before[1] = slot
      else row.spans.push([slot, slot])
    })
  }
  return rows
}

function sum_of(places, numbers) {
  return places.reduce((sum, place) => sum + numbers[place], 0)
}

function filled(words, values) {
  return words.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all)
}

function clock_of(second) {
  const two = (n) => String(n).padStart(2, "0")
  return `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}`
}
