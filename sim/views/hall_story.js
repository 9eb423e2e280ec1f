// What is told of a person, a window or a department that was chosen.
class Stories {
  constructor(layout, text) {
    this.layout = layout
    this.text = text
  }

  window_name(number) {
    const group = this.layout.groups.find((one) => one.windows.includes(number))
    const values = { number: group.windows.indexOf(number) + 1, name: this.layout.windows[number] }
    return filled(this.text.window, { group: group.name, ...values })
  }

  when(second) {
    if (second === 0) return this.text.before
    return second < LAST ? clock_of(second) : this.text.after
  }

  person(number) {
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
    return [...lines, ...this.papers(number)]
  }

  papers(number) {
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

  window(number, now) {
    const { layout, text } = this
    const { tickets: t } = layout
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

  department(number, now) {
    const { layout, text } = this
    const { reviews } = layout
    const counts = counts_at(layout, now)
    let done = 0
    for (const row of reviews.case.keys()) done += reviews.department[row] === number && reviews.ended[row] <= now && reviews.ended[row] > 0
    const values = { queued: counts.queued[number], in_hand: counts.in_hand[number], done }
    return [layout.departments[number], filled(text.department_now, values)]
  }
}
