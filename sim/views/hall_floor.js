// A hall while its day is played: what is counted, its floor plan with people, and whom one asks.
class Floor {
  constructor(layout, text, player, number) {
    this.layout = layout
    this.text = text
    this.player = player
    this.stories = new Stories(layout, text)
    this.ground = new Ground(layout, text)
    this.people = new People(layout)
    this.page = made("section", "floor")
    const heading = made(`h${player.rank + 1}`, "layout", layout.name)
    heading.style.borderColor = LINES[number % LINES.length]
    this.counters = made("dl", "counters")
    this.values = {}
    const names = ["waiting", "longest", "serving", "served", ...(layout.departments.length ? ["late"] : [])]
    for (const name of names) {
      const pair = made("div")
      this.values[name] = made("dd", "", "0")
      pair.append(made("dt", "", text[name]), this.values[name])
      this.counters.append(pair)
    }
    this.stage = made("div", "stage")
    this.stage.tabIndex = 0
    this.stage.setAttribute("role", "application")
    this.stage.setAttribute("aria-label", `${layout.name}. ${text.hint}`)
    this.stage.style.aspectRatio = `${layout.floor.width} / ${layout.floor.height}`
    this.stage.append(this.ground.still, this.ground.changing, this.people.canvas)
    this.story = made("div", "story")
    this.story.setAttribute("aria-live", "polite")
    this.page.append(heading, this.counters, this.stage, this.story, heat_part(layout, text, player))
    this.stage.addEventListener("click", (event) => this.clicked(event))
    this.stage.addEventListener("keydown", (event) => this.stepped(event))
    this.is_in_sight = true
  }

  resized() {
    const width = this.stage.clientWidth
    if (!width) return
    const { floor } = this.layout
    this.scale = width / floor.width
    const small = Math.max(9, Math.min(12.5, this.scale * 0.55))
    const radius = Math.max(1.6, Math.min(6.5, this.scale * floor.pitch * 0.4))
    const measures = { scale: this.scale, width, height: floor.height * this.scale, small, radius }
    this.ground.resized(measures)
    this.people.resized(measures, this.player.is_relieved)
    this.frame()
  }

  draw(now, glide) {
    if (!this.scale) return // not seen yet
    this.people.draw(now, glide, this.player.colour, this.player.chosen)
  }

  // counts of a second, first on signs and windows, in another frame in numbers
  count(now) {
    if (!this.scale) return
    this.counts = counts_at(this.layout, Math.floor(now))
    this.ground.say(this.counts)
  }

  tell_counts() {
    if (!this.counts) return
    const { waiting, serving, longest, served, late } = this.counts
    const sum = (numbers) => numbers.reduce((total, n) => total + n, 0)
    const minutes = filled(this.text.minutes, { n: Math.floor(longest / 60) })
    const shown = { waiting: sum(waiting), longest: minutes, serving: sum(serving), served, late }
    for (const [name, value] of Object.entries(shown)) {
      const words = String(value)
      if (this.values[name] && this.values[name].textContent !== words) write(this.values[name], words)
    }
    if (this.player.chosen && this.player.chosen.kind !== "person") this.tell()
  }

  // who is out of sight costs nothing while the day is played
  sighted(is_in_sight) {
    this.is_in_sight = is_in_sight
    this.people.canvas.classList.toggle("unseen", !is_in_sight)
  }

  // === what is clicked, and its story === //

  clicked(event) {
    const box = this.stage.getBoundingClientRect()
    const [x, y] = [event.clientX - box.left, event.clientY - box.top]
    const { floor } = this.layout
    const at = [x / this.scale, y / this.scale]
    const window_number = floor.windows.findIndex(
      (one) => one && Math.abs(one[0] - at[0]) < floor.counter[0] / 2 && Math.abs(one[1] - at[1]) < floor.counter[1] / 2 + 0.15
    )
    const department = floor.departments.findIndex(
      (cell) => cell && at[0] > cell[0] && at[0] < cell[0] + cell[2] && at[1] > cell[1] && at[1] < cell[1] + cell[3]
    )
    const person = this.people.nearest(x, y)
    if (window_number >= 0) this.player.choose({ kind: "window", number: window_number, floor: this })
    else if (person !== null) this.player.choose({ kind: "person", number: person })
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
    const windows = this.layout.floor.windows.flatMap((one, number) => (one ? [number] : []))
    const numbers = is_person ? this.people.numbers() : windows
    if (!numbers.length) return
    const kind = is_person ? "person" : "window"
    const place = chosen?.kind === kind ? numbers.indexOf(chosen.number) : -1
    const next = place < 0 ? (way > 0 ? 0 : numbers.length - 1) : (place + way + numbers.length) % numbers.length
    this.player.choose({ kind, number: numbers[next], floor: this })
  }

  // around the window or department of this hall that is chosen
  frame() {
    const { chosen } = this.player
    if (!this.scale) return
    const { floor } = this.layout
    let cell = null
    if (chosen?.floor === this && chosen.kind === "window") {
      const [x, y] = floor.windows[chosen.number]
      const [wide, high] = floor.counter
      cell = [x - wide / 2 - 0.1, y - high / 2 - 0.1, wide + 0.2, high + 0.2]
    } else if (chosen?.floor === this && chosen.kind === "department") {
      cell = floor.departments[chosen.number]
    }
    this.ground.frame(cell)
  }

  tell() {
    const { chosen } = this.player
    let lines = []
    const now = Math.floor(this.player.now)
    if (chosen?.kind === "person") lines = this.stories.person(chosen.number)
    else if (chosen?.floor === this && chosen.kind === "window") lines = this.stories.window(chosen.number, now)
    else if (chosen?.floor === this && chosen.kind === "department") lines = this.stories.department(chosen.number, now)
    else if (!chosen) lines = [this.text.hint]
    const words = lines.join("\n")
    if (this.told === words) return
    this.told = words
    const [title, ...points] = lines
    const list = made("ul")
    for (const point of points) list.append(made("li", "", point))
    this.story.replaceChildren(made("p", chosen ? "who" : "hint", title ?? ""), list)
  }
}
