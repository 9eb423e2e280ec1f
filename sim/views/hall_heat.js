// Where people wait on the day, and when: a row each list, a cell each half hour.
const HEAT = ["#FFF7E0", "#FEE9AE", "#FDCB66", "#F39B2F", "#E07F2A", "#8A3B0A"]
const HEAT_PEOPLE = [1, 3, 6, 12, 25] // waiting on average, from which on a cell has the next colour
const WHITE_FROM = 5 // colours on which a number is white
const LEAST_HEAT = 0.05 // people below whom a cell stays blank
const MOST_LISTS = 40 // rows of the heat: those with most people

function heat_part(layout, text, { first: begin, until: end }) {
  const rows = queue_heat(layout).map((row, number) => ({ ...row, name: layout.lists[number], sum: sum_of([...row.cells.keys()], row.cells) }))
  const least = [...rows].sort((a, b) => b.sum - a.sum)[MOST_LISTS - 1]?.sum ?? 0
  const shown = rows.filter(({ sum }) => sum > 0 && sum >= least)
  const [first, until] = [Math.floor(begin / HALF_HOUR), Math.ceil(end / HALF_HOUR)]
  const details = made("details", "heat")
  details.append(made("summary", "", text.heat))
  if (!shown.length) {
    details.append(made("p", "hint", text.heat_nobody))
    return details
  }
  const table = made("table")
  const head = made("tr")
  for (const words of [text.heat_list, text.heat_queue, text.heat_last]) head.append(made("th", "", words))
  for (let slot = first; slot < until; slot++) head.append(made("th", "clock-head", slot % 2 ? "" : clock_of(slot * HALF_HOUR).slice(0, 2)))
  const body = made("tbody")
  for (const row of shown) {
    const line = made("tr")
    const name = made("th", "", row.name)
    name.scope = "row"
    const queues = row.spans.map(([from, to]) => `${clock_of(from * HALF_HOUR)}\u2060–\u2060${clock_of((to + 1) * HALF_HOUR)}`).join(" ")
    line.append(name, made("td", "", queues || text.heat_none), made("td", "", row.last < LAST ? clock_of(row.last) : "–"))
    for (let slot = first; slot < until; slot++) line.append(heat_cell(row.cells[slot]))
    body.append(line)
  }
  const top = made("thead")
  top.append(head)
  table.append(top, body)
  const across = made("div", "across")
  across.tabIndex = 0 // who has no mouse moves it sideways
  across.setAttribute("role", "region")
  across.setAttribute("aria-label", `${text.heat}. ${layout.name}`)
  across.append(table)
  details.append(across, made("p", "about", text.heat_note))
  return details
}

function heat_cell(people) {
  if (people < LEAST_HEAT) return made("td")
  const rank = HEAT_PEOPLE.findIndex((from) => people < from)
  const colour = rank < 0 ? HEAT.length - 1 : rank
  const cell = made("td", "cell", people < 9.95 ? people.toFixed(1) : String(Math.round(people)))
  cell.style.background = HEAT[colour]
  if (colour >= WHITE_FROM) cell.style.color = "#ffffff"
  return cell
}
