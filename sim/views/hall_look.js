// How the day in motion looks: colours, and parts of the page.
const INK = "#222222"
const SOFT = "#666666"
const LINE = "#c9d3dc"
const GLASS = "#9cc3d9"
const WALL = "#fcfbf8"
const OFFICE = "#f4f8fb"
const WHITE = "#ffffff"
const SEAT = "#e6e3da"
const DESK = "#e9dfc9"
const DESK_EDGE = "#cdbf9f"
const PAPER = "#5B4B8A"
const PAPER_WAITING = "#d9d2e9"
const MATTERS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#222222"]
const OTHER = "#8a8a8a"
const WAIT_MINUTES = [5, 15, 30, 60]
const WAITS = ["#92C5DE", "#4393C3", "#F4A582", "#D6604D", "#8B0A1A"]
const AT_WORK = "#0B5CAD"
const OPEN = "#cfe3f3"
const CLOSED = "#f0f0ee"
const BUSY_ALONE = "#B4A7D6"
const LINES = ["#0072B2", "#D55E00"]

function made(name, look, words) {
  const one = document.createElement(name)
  if (look) one.className = look
  if (words !== undefined) one.textContent = words
  return one
}

// words change in the text that is there: cheaper than another one in its place
function write(one, words) {
  if (one.firstChild) one.firstChild.data = words
  else one.textContent = words
}
