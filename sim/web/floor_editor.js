// The floor of a layout: groups of windows and the seats are moved by mouse, finger or arrow keys.
// Metres, x to the right and y away from the door; what was moved is handed back when it stands.
const SVG = "http://www.w3.org/2000/svg"
const INK = "#222222"
const SCALE = 40 // units of the drawing in a metre
const STEP = 0.5 // metres to which a place is rounded, and of an arrow key
const AFTER_KEYS = 800 // milliseconds after the last key

function made(name, attributes, words) {
  const one = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value)
  if (words !== undefined) one.textContent = words
  return one
}

const rounded = (metres) => Math.round(metres / STEP) * STEP

function shortened(words, breadth) {
  // a Chinese sign is as broad as it is high, others half of that
  const broad = (sign) => (sign > "\u2e7f" ? 0.57 : 0.36)
  let room = breadth
  for (let n = 0; n < words.length; n++) {
    room -= broad(words[n])
    if (room < 0.2 && n < words.length - 1) return `${words.slice(0, n)}…`
  }
  return words
}

class Floor {
  constructor(data, root, said, moved) {
    Object.assign(this, { data, root, said, moved })
    const { left, top, width, height } = data.frame
    this.top = top
    root.setAttribute("viewBox", [left * SCALE, 0, width * SCALE, height * SCALE].join(" "))
    root.append(made("rect", { x: left * SCALE, y: 0, width: width * SCALE, height: height * SCALE, fill: "#fcfbf8", stroke: "#8a8a8a", "stroke-width": 3 }))
    for (let x = Math.ceil(left / 5) * 5; x < left + width; x += 5) this.line(x, top, x, top - height)
    for (let y = Math.floor(top / 5) * 5; y > top - height; y -= 5) this.line(left, y, left + width, y)
    this.scale_bar(left, height)
    const below = { x: (left + width / 2) * SCALE, y: (height - 0.4) * SCALE }
    root.append(made("text", { ...below, "font-size": 24, "text-anchor": "middle", fill: INK }, `↓ ${data.words.door}`))
    for (const thing of data.things) root.append(this.thing(thing))
  }

  line(x1, y1, x2, y2) {
    const ends = { x1: x1 * SCALE, y1: (this.top - y1) * SCALE, x2: x2 * SCALE, y2: (this.top - y2) * SCALE }
    this.root.append(made("line", { ...ends, stroke: "#e3e0d6", "stroke-width": 1.5 }))
  }

  scale_bar(left, height) {
    const [x, y] = [(left + 0.5) * SCALE, (height - 0.5) * SCALE]
    this.root.append(made("path", { d: `M${x},${y - 8}V${y}H${x + 5 * SCALE}V${y - 8}`, fill: "none", stroke: INK, "stroke-width": 3 }))
    this.root.append(made("text", { x: x + 2.5 * SCALE, y: y - 10, "font-size": 22, "text-anchor": "middle", fill: INK }, this.data.words.scale))
  }

  thing(thing) {
    const { x, y, breadth, depth, name, seats } = thing
    const group = made("g", { role: "button", tabindex: 0, "data-thing": thing.id, class: "thing" })
    const box = { x: (-breadth / 2) * SCALE, y: (-depth / 2) * SCALE, width: breadth * SCALE, height: depth * SCALE, rx: 6 }
    group.append(made("rect", { ...box, class: "body", fill: seats ? "#f1efe6" : "#ffffff", stroke: "#8a8a8a", "stroke-width": 2, "stroke-dasharray": seats ? "10 6" : "none" }))
    if (seats) {
      group.append(made("text", { y: 9, "font-size": 26, "text-anchor": "middle", fill: INK }, name))
    } else {
      group.append(made("rect", { ...box, height: SCALE, fill: "#0B5CAD" }))
      group.append(made("text", { y: box.y + 28, "font-size": 22, "text-anchor": "middle", fill: "#ffffff", "font-weight": "bold" }, shortened(name, breadth)))
      const across = Math.max(1, Math.floor(breadth / 1.1))
      for (let n = 0; n < thing.windows; n++) {
        const in_row = Math.min(across, thing.windows - Math.floor(n / across) * across)
        const at = ((n % across) - (in_row - 1) / 2) * 1.1
        group.append(made("rect", { x: (at - 0.45) * SCALE, y: box.y + (1.6 + Math.floor(n / across) * 1.9) * SCALE, width: 0.9 * SCALE, height: 0.7 * SCALE, rx: 3, fill: "#cfe3f3", stroke: "#7d9bb5", "stroke-width": 1 }))
      }
    }
    group.append(made("title", {}, name))
    const state = { thing, group, x, y }
    this.put(state, x, y)
    group.addEventListener("pointerdown", (event) => this.grasped(event, state))
    group.addEventListener("keydown", (event) => this.stepped(event, state))
    group.addEventListener("focus", () => this.tell(state))
    return group
  }

  put(state, x, y) {
    state.x = x
    state.y = y
    state.group.setAttribute("transform", `translate(${x * SCALE},${(this.top - y) * SCALE})`)
    const { name } = state.thing
    const words = this.data.words.at.replace("{name}", name).replace("{x}", x.toFixed(1)).replace("{y}", y.toFixed(1))
    state.group.setAttribute("aria-label", words)
    state.words = words
  }

  tell(state) {
    this.said.textContent = state.words
  }

  // metres of a point of the screen
  at(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.root.getScreenCTM().inverse())
    return [point.x / SCALE, this.top - point.y / SCALE]
  }

  grasped(event, state) {
    event.preventDefault()
    state.group.focus()
    state.group.setPointerCapture(event.pointerId)
    const [x, y] = this.at(event)
    const [aside, away, from_x, from_y] = [state.x - x, state.y - y, state.x, state.y]
    const dragged = (each) => {
      const [to_x, to_y] = this.at(each)
      this.put(state, rounded(to_x + aside), rounded(to_y + away))
      this.tell(state)
    }
    const dropped = () => {
      state.group.removeEventListener("pointermove", dragged)
      if (state.x !== from_x || state.y !== from_y) this.hand_back(state)
    }
    state.group.addEventListener("pointermove", dragged)
    state.group.addEventListener("pointerup", dropped, { once: true })
    state.group.addEventListener("pointercancel", dropped, { once: true })
  }

  stepped(event, state) {
    const ways = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] }
    const way = ways[event.key]
    if (!way) return
    event.preventDefault()
    this.put(state, rounded(state.x + way[0]), rounded(state.y + way[1]))
    this.tell(state)
    clearTimeout(this.waits)
    this.waits = setTimeout(() => this.hand_back(state), AFTER_KEYS)
  }

  hand_back(state) {
    this.moved({ id: state.thing.id, x: state.x, y: state.y })
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const page = parentElement.querySelector(".floor-editor")
  const focused = parentElement.activeElement?.getAttribute?.("data-thing") ?? page.querySelector(":focus")?.getAttribute("data-thing")
  const root = made("svg", { role: "group", "aria-label": data.words.title })
  const said = document.createElement("p")
  said.className = "said"
  said.setAttribute("aria-live", "polite")
  said.textContent = data.words.hint
  page.replaceChildren(root, said)
  new Floor(data, root, said, (place) => setTriggerValue("moved", place))
  if (focused) root.querySelector(`[data-thing="${CSS.escape(focused)}"]`)?.focus()
}
