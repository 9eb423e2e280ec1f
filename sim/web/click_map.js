// The map of townships as a drawing whose circles are buttons: by mouse, finger or keyboard.
const SVG = "http://www.w3.org/2000/svg"
const INK = "#222222"
const HALL = "#D55E00"
const NEW = "#c40233"
const NAMED = 16

function made(name, attributes, words) {
  const one = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value)
  if (words !== undefined) one.textContent = words
  return one
}

function starred(x, y, r) {
  return [...Array(10).keys()]
    .map((n) => {
      const away = n % 2 ? r * 0.45 : r
      const turn = (Math.PI * n) / 5 - Math.PI / 2
      return `${(x + away * Math.cos(turn)).toFixed(1)},${(y + away * Math.sin(turn)).toFixed(1)}`
    })
    .join(" ")
}

function mark(kind, [x, y]) {
  const look = { fill: kind === "new_station" ? NEW : HALL, stroke: "white", "stroke-width": 1.4 }
  if (kind === "city_hall") return made("polygon", { ...look, points: starred(x, y, 13) })
  if (kind === "county_hall") return made("rect", { ...look, x: x - 6, y: y - 6, width: 12, height: 12 })
  const up = kind === "station" ? -1 : 1
  const points = `${x - 8},${y - 6 * up} ${x + 8},${y - 6 * up} ${x},${y + 8 * up}`
  return made("polygon", { ...look, points })
}

function label(x, y, words, extra) {
  const look = { x, y, "font-size": 13, fill: INK, stroke: "white", "stroke-width": 3 }
  return made("text", { ...look, "paint-order": "stroke", "pointer-events": "none", ...extra }, words)
}

function overlaps(one, other) {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  )
}

// names beside circles, chosen townships first, as far as none covers another
function name_towns(root, data) {
  const order = [...data.towns].sort((a, b) => b.new - a.new || (b.rank ?? -1e9) - (a.rank ?? -1e9))
  const circles = data.towns.map((town) => ({
    id: town.id, x: town.at[0] - town.r, y: town.at[1] - town.r, width: 2 * town.r, height: 2 * town.r,
  }))
  const taken = []
  let named = 0
  for (const town of order) {
    if (named >= (data.named ?? NAMED) && !town.new) break
    const [x, y] = town.at
    const away = town.r + 5
    for (const [dx, dy, anchor] of [[away, 5, "start"], [-away, 5, "end"], [0, away + 10, "middle"]]) {
      const words = label(x + dx, y + dy, town.name, { "text-anchor": anchor })
      if (town.new) words.setAttribute("font-weight", "bold")
      root.append(words)
      const box = words.getBBox()
      const inside = box.x > 0 && box.x + box.width < data.width
      const covers = [...taken, ...circles.filter((one) => one.id !== town.id)]
      if (inside && !covers.some((other) => overlaps(box, other))) {
        taken.push(box)
        named += 1
        break
      }
      words.remove()
    }
  }
}

function ground(root, data) {
  for (const one of data.borders) {
    root.append(made("path", { d: one.path, fill: one.shown ? "#f6f5f1" : "white", stroke: "#8a8a8a", "stroke-width": 1 }))
  }
  for (const one of data.borders) {
    const [x, y] = one.at
    root.append(
      made("text", { x, y, "font-size": 20, fill: "#b3b0a6", "text-anchor": "middle", "pointer-events": "none" }, one.name)
    )
  }
}

function furniture(root, data) {
  const low = data.height - 14
  const line = `M14,${low - 6}V${low}H${14 + data.scale.long}V${low - 6}`
  root.append(made("path", { d: line, fill: "none", stroke: INK, "stroke-width": 1.6 }))
  root.append(label(14 + data.scale.long / 2, low - 8, data.scale.words, { "text-anchor": "middle" }))
  const x = data.width - 24
  root.append(made("path", { d: `M${x},46V14M${x - 6},24L${x},12L${x + 6},24`, fill: "none", stroke: INK, "stroke-width": 1.6 }))
  root.append(label(x, 62, data.north, { "text-anchor": "middle" }))
}

function legend(box, data) {
  for (const one of data.legend) {
    const item = document.createElement("span")
    const icon = made("svg", { viewBox: "-14 -14 28 28", width: 18, height: 18, "aria-hidden": true })
    icon.append(mark(one.kind, [0, 0]))
    item.append(icon, one.name)
    box.append(item)
  }
  const bar = document.createElement("span")
  const ramp = document.createElement("i")
  ramp.style.background = `linear-gradient(to right, ${data.bar.colours.join(",")})`
  bar.append(`${data.label} ${data.bar.low}`, ramp, data.bar.high)
  box.append(bar)
}

function circle(town, data, pick, tell) {
  const [cx, cy] = town.at
  const look = { cx, cy, r: town.r, fill: town.fill || "none", stroke: INK, "stroke-width": town.sure ? 3 : 1 }
  const one = made("circle", { ...look, "pointer-events": "all", "data-town": town.id })
  one.append(made("title", {}, town.said))
  for (const name of ["pointerenter", "focus"]) one.addEventListener(name, () => tell(town))
  for (const name of ["pointerleave", "blur"]) one.addEventListener(name, () => tell(null))
  if (!town.open) return one
  const role = { role: "button", tabindex: -1, "aria-pressed": town.new, "aria-label": town.said }
  for (const [key, value] of Object.entries(role)) one.setAttribute(key, value)
  one.addEventListener("click", () => pick(town.id))
  one.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return
    event.preventDefault()
    pick(town.id)
  })
  return one
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

// of the circles within 45 degrees of that direction, the nearest
function neighbour(from, [dx, dy], circles) {
  const place = (circle) => [Number(circle.getAttribute("cx")), Number(circle.getAttribute("cy"))]
  const [x, y] = place(from)
  let nearest = null
  let least = Infinity
  for (const circle of circles) {
    const [right, down] = [place(circle)[0] - x, place(circle)[1] - y]
    const along = right * dx + down * dy
    const across = Math.abs(right * dy) + Math.abs(down * dx)
    const away = Math.hypot(right, down)
    if (along > 0 && along >= across && away < least) {
      nearest = circle
      least = away
    }
  }
  return nearest
}

// the whole map is one stop of the Tab key: arrows lead from circle to circle
function move_by_arrows(root, focused) {
  const circles = [...root.querySelectorAll("circle[role=button]")]
  const stop_at = (circle) => {
    for (const other of circles) other.setAttribute("tabindex", other === circle ? 0 : -1)
  }
  const start = circles.find((circle) => circle.dataset.town === focused)
  stop_at(start ?? circles.find((circle) => circle.ariaPressed === "true") ?? circles[0])
  for (const circle of circles) {
    circle.addEventListener("focus", () => stop_at(circle))
    circle.addEventListener("keydown", (event) => {
      if (!(event.key in STEPS)) return
      event.preventDefault()
      neighbour(circle, STEPS[event.key], circles)?.focus()
    })
  }
  start?.focus()
}

export default function ({ data, parentElement, setTriggerValue }) {
  const page = parentElement.querySelector(".map")
  const focused = parentElement.activeElement?.getAttribute?.("data-town")
  page.replaceChildren()
  const root = made("svg", { viewBox: `0 0 ${data.width} ${data.height}`, role: "group", "aria-label": data.title })
  const said = document.createElement("p")
  said.className = "said"
  said.textContent = data.hint
  const keys = document.createElement("p")
  keys.className = "keys"
  legend(keys, data)
  page.append(keys, root, said)
  ground(root, data)
  const tell = (town) => {
    said.textContent = town === null ? data.hint : town.said
  }
  const pick = (id) => setTriggerValue("picked", id)
  for (const town of data.towns) root.append(circle(town, data, pick, tell))
  const marks = made("g", { "pointer-events": "none" })
  for (const place of data.places) {
    const lift = place.kind === "station" ? 12 : 0
    marks.append(mark(place.kind, [place.at[0], place.at[1] - lift]))
  }
  for (const town of data.towns.filter((one) => one.new)) {
    marks.append(mark("new_station", [town.at[0], town.at[1] - 12]))
  }
  root.append(marks)
  furniture(root, data)
  name_towns(root, data)
  move_by_arrows(root, focused)
}
